import type {Job} from '../../../watch/types.js';
import {span, type Span, type Tone} from '../../line.js';
import type {Glyphs} from '../../theme.js';

/**
What a part of the day brought, the mildest first.
*/
const outcomes = ['none', 'cancelled', 'done', 'changed', 'running', 'failed'] as const;
export type PartOutcome = typeof outcomes[number];

const looks: Readonly<Record<PartOutcome, readonly [keyof Glyphs, Tone]>> = {
	none: ['dot', 'border'],
	cancelled: ['none', 'dim'],
	done: ['good', 'good'],
	changed: ['changed', 'changed'],
	running: ['running', 'accent'],
	failed: ['bad', 'bad'],
};

const dayMs = 86_400_000;
const halfHours = 48;

const outcomeOf = ({state, fault, changes}: Job): PartOutcome => {
	if (state === 'done') {
		return Object.values(changes ?? {}).some(count => count > 0) ? 'changed' : 'done';
	}

	if (state === 'running' || state === 'cancelled') {
		return state;
	}

	return fault === undefined ? 'none' : 'failed';
};

/**
The worst outcome of each of the parts into which the last 24 hours are cut, oldest first. A running job counts as now.
*/
export const outcomesOfDay = (jobs: readonly Job[], now: Date, parts: number): PartOutcome[] => {
	const worst = Array.from({length: parts}, () => 0);
	for (const job of jobs) {
		const at = job.state === 'running' ? now.getTime() : Date.parse(job.finishedAt ?? job.startedAt ?? '');
		const part = Math.min(parts - 1, Math.floor((at - now.getTime() + dayMs) / dayMs * parts));
		if (part >= 0) {
			worst[part] = Math.max(worst[part]!, outcomes.indexOf(outcomeOf(job)));
		}
	}

	return worst.map(rank => outcomes[rank]!);
};

/**
A strip with a cell for each half hour, or each hour where it is narrow. Signs say what colours say.
*/
export const daySpans = (jobs: readonly Job[], now: Date, {columns, glyphs}: {columns: number; glyphs: Glyphs}): Span[] => {
	const label = 'Last 24 h';
	const parts = columns >= halfHours + label.length + 4 ? halfHours : halfHours / 2;
	const day = outcomesOfDay(jobs, now, parts);
	return [
		span(`  ${label}  `, 'dim'),
		...day.map(outcome => {
			const [glyph, tone] = looks[outcome];
			return span(glyphs[glyph], tone);
		}),
	];
};
