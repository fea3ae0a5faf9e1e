import {cleanLines} from '../../text/clean.js';
import type {Problem} from '../../sync/events.js';
import {
	blank,
	span,
	type Line,
} from '../line.js';
import {wrapText} from './wrap.js';

const stages: Record<Problem['stage'], string> = {
	list: 'Listing the library',
	detail: 'Fetching details',
	normalize: 'Reading what the server sent',
	save: 'Saving',
};

/**
Item, stage, cause and what to do.
*/
export const problemLines = (problem: Problem, columns: number): Line[] => [
	...field('Library', problem.library.title, columns),
	...field('Item', problem.title ?? 'The whole library', columns),
	...field('Plex id', problem.ratingKey, columns),
	...field('Stage', stages[problem.stage], columns),
	...field('Cause', `${problem.message} (${problem.code})`, columns),
	blank,
	...field('What to do', problem.hint, columns),
];

const labelWidth = 12;

const field = (label: string, value: string | undefined, columns: number): Line[] => value === undefined
	? []
	: wrapText(cleanLines(value), columns - labelWidth).map((text, index) => [
		span((index === 0 ? label : '').padEnd(labelWidth), 'dim'),
		span(text),
	]);
