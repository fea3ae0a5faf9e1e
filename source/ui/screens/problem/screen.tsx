import {cleanLines} from '../../../base/text/clean.js';
import type {Problem} from '../../../sync/events.js';
import {blank, span, type Line} from '../../line.js';
import {short} from '../../parts/cells.js';
import {scrolling} from '../../parts/scrolling.js';
import {wrapText} from '../../parts/wrap.js';
import {screenModule} from '../../screen-module.js';
import {push, type UiState} from '../../ui-state.js';

type ProblemScreen = {name: 'problem'; problem: Problem; scroll: number};

export const openProblem = (state: UiState, problem: Problem): UiState => push<ProblemScreen>(state, {name: 'problem', problem, scroll: 0});

const stages: Record<Problem['stage'], string> = {
	list: 'Listing the library',
	detail: 'Fetching details',
	normalize: 'Reading what the server sent',
	save: 'Saving',
};

/**
A name may be as long as the server likes, and must not push the cause out of sight.
*/
const longestName = 60;

const problemLines = (problem: Problem, columns: number): Line[] => [
	...field('Library', short(problem.library.title, longestName), columns),
	...field('Item', short(problem.title ?? 'The whole library', longestName), columns),
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

export const problemModule = screenModule<ProblemScreen>({
	name: 'problem',
	title: 'A problem',
	helpTitle: 'Keys of a problem',
	spokenName: 'problem',
	place: 'for a problem',
	groups: ['list'],
	hints: ['down', 'up', 'back'],
	crumb: () => 'Problem',
	...scrolling((state, screen) => problemLines(screen.problem, state.size.columns)),
});
