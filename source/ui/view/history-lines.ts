import {blank, line, type Line} from '../line.js';
import type {HistoryScreen} from '../state/types.js';
import {failureLines, sentences} from './empty.js';

/**
The lines come cleaned and fit the columns; those of a library begin at the edge.
*/
export const historyLines = ({name, lines, failure}: HistoryScreen, columns: number): Line[] => {
	if (failure !== undefined) {
		return failureLines(failure, columns, 'Press Esc to go back.');
	}

	return lines === undefined ? sentences(['Reading the history …'], columns, 'dim') : lines.map(text => text === '' ? blank : line(text, name === 'changes' && /^\S.*: /v.test(text) ? 'strong' : 'plain'));
};
