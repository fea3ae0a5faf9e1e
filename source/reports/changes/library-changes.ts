import type {ChangeGroup} from '../../history/changes.js';
import type {HistoryNote} from '../../history/history-notes.js';

/**
The changes of one library, and what must be said besides.
*/
export type LibraryChanges = {
	id: string;
	title: string;
	groups: readonly ChangeGroup[];
	notes: readonly HistoryNote[];
};

/**
Libraries by title; those with nothing to tell are left out.
*/
export const byLibrary = (groups: readonly ChangeGroup[], notes: readonly HistoryNote[], titleOf: (id: string) => string | undefined): LibraryChanges[] => {
	const ids = new Set([...groups, ...notes].map(({libraryId}) => libraryId));
	return Array.from(ids, id => ({
		id,
		title: titleOf(id) ?? id,
		groups: groups.filter(({libraryId}) => libraryId === id),
		notes: notes.filter(({libraryId}) => libraryId === id),
	})).toSorted((left, right) => left.title.localeCompare(right.title, 'en'));
};
