import {formatDistanceStrict} from 'date-fns/formatDistanceStrict';
import {formatBytes, formatCount} from '../../base/text/format.js';
import type {Totals} from '../../query/totals.js';
import type {JobProgress} from '../../watch/types.js';
import type {Glyphs} from '../theme.js';

/**
An instant as `3 days ago`. Any other text comes back as it is.
*/
export const relative = (instant: string, now: Date): string => {
	const date = new Date(instant);
	return Number.isNaN(date.getTime()) ? instant : formatDistanceStrict(date, now, {addSuffix: true});
};

/**
Hours and bytes, as far as something is known of them.
*/
export const totalTexts = (totals: Totals | undefined): string[] => {
	const {durationMs, sizeBytes} = totals ?? {durationMs: 0, sizeBytes: 0};
	return [
		...durationMs === 0 ? [] : [`${formatCount(Math.round(durationMs / 3_600_000))} h`],
		...sizeBytes === 0 ? [] : [formatBytes(sizeBytes)],
	];
};

export const bar = (done: number, total: number, width: number, glyphs: Glyphs): string => {
	const share = total <= 0 ? 0 : Math.min(1, done / total);
	const full = Math.floor(share * width);
	return glyphs.full.repeat(full) + glyphs.empty.repeat(Math.max(0, width - full));
};

/**
The share of a job that is done. A daemon of an older version tells only its counts.
*/
export const shareOfJob = ({share, done, expected}: Pick<JobProgress, 'share' | 'done' | 'expected'>): number =>
	share ?? (expected <= 0 ? 0 : Math.min(1, done / expected));
