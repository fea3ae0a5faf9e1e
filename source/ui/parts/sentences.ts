import {cleanLines} from '../../base/text/clean.js';
import {
	blank,
	line,
	type Line,
} from '../line.js';
import type {BrowseScreen, Failure, UiState} from '../ui-state.js';
import {wrapText} from './wrap.js';

/**
Sentences as lines. They are our own, but may name a server or an item.
*/
export const sentences = (texts: ReadonlyArray<string | undefined>, columns: number, tone: 'plain' | 'dim' | 'bad' = 'plain'): Line[] =>
	texts.filter(text => text !== undefined).flatMap(text => wrapText(cleanLines(text), columns - 2)).map(text => line(`  ${text}`, tone));

/**
What failed, what to do, and the key that tries again.
*/
export const failureLines = ({message, hint}: Failure, columns: number, retry?: string): Line[] => [
	...sentences([message], columns, 'bad'),
	...sentences([hint, retry], columns),
];

/**
What stands in place of the rows when there are none, and why.
*/
export const emptyBrowse = (state: UiState, screen: BrowseScreen, columns: number): Line[] => {
	const {load, job} = state;
	if (load.status === 'failed' && load.failure !== undefined) {
		return [blank, ...failureLines(load.failure, columns, 'Press r to try again.')];
	}

	if (load.status === 'loading') {
		return [blank, ...sentences([`Loading catalogue … ${Math.floor(load.share * 100)} %`], columns)];
	}

	if (screen.failure !== undefined) {
		return [blank, ...failureLines(screen.failure, columns, 'Press r to try again.')];
	}

	if (screen.answered === undefined) {
		return [blank, ...sentences(['Sorting …'], columns, 'dim')];
	}

	// Until the answer to a changed filter is there, the old one is explained.
	if (screen.answeredText.trim() !== '') {
		return [blank, ...sentences(['Nothing matches the filter.', 'Press Esc to clear it.'], columns)];
	}

	const isComing = job.status === 'running' && job.libraryIds.includes(screen.query.libraryId ?? '');
	return [blank, ...sentences(isComing
		? ['Nothing is here yet.', 'The import is running; rows appear as they are saved.']
		: [`No ${screen.level}s are in the catalogue here.`, 'Press R to import this library, or Esc to go back.'], columns)];
};
