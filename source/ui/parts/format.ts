import {formatDistanceStrict} from 'date-fns/formatDistanceStrict';
import {formatDate} from '../../base/text/format.js';
import type {Glyphs} from '../theme.js';

/**
A duration for a column, such as `1h 52m`.
*/
export const shortDuration = (durationMs: number | undefined): string => {
	if (durationMs === undefined) {
		return '';
	}

	const minutes = Math.max(1, Math.round(durationMs / 60_000));
	const hours = Math.floor(minutes / 60);
	return hours === 0 ? `${minutes}m` : `${hours}h ${String(minutes % 60).padStart(2, '0')}m`;
};

export const day = (instant: string | undefined): string => instant === undefined ? '' : formatDate(instant);

/**
An instant as `3 days ago`. Any other text comes back as it is.
*/
export const relative = (instant: string, now: Date): string => {
	const date = new Date(instant);
	return Number.isNaN(date.getTime()) ? instant : formatDistanceStrict(date, now, {addSuffix: true});
};

/**
A bar of `width` cells.
*/
export const bar = (done: number, total: number, width: number, glyphs: Glyphs): string => {
	const share = total <= 0 ? 0 : Math.min(1, done / total);
	const full = Math.floor(share * width);
	return glyphs.full.repeat(full) + glyphs.empty.repeat(Math.max(0, width - full));
};

/**
Rounded down, so that 100 means that everything is done.
*/
export const percent = (done: number, total: number): number => total <= 0 ? 0 : Math.min(100, Math.floor(done * 100 / total));
