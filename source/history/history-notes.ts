import type {HistoryEvent} from '../catalog/history.js';

/**
Something that must be said about a period besides its changes, so that nobody takes missing data for "no changes".
*/
export type HistoryNote = {
	libraryId: string;
	kind: 'unknown-before' | 'gap' | 'held' | 'unknown';
	/**
	The end of the first import, or the moment when removals were held; absent if nothing is known about the library.
	*/
	at: string | undefined;
	from: string | undefined;
	to: string | undefined;
	items: number | undefined;
};

type NotesOptions = {
	since: string;
	until: string;
	/**
	All events since the beginning of the period, also those after it, oldest first: a gap is recorded only when it has ended.
	*/
	events: Iterable<HistoryEvent>;
	libraryIds: readonly string[];
	/**
	The libraries whose first import ended before the period.
	*/
	knownBefore: ReadonlySet<string>;
};

export const historyNotes = ({since, until, events, libraryIds, knownBefore}: NotesOptions): HistoryNote[] => {
	const notes: HistoryNote[] = [];
	const begun = new Set(knownBefore);
	for (const event of events) {
		if (!libraryIds.includes(event.libraryId)) {
			continue;
		}

		const {libraryId, at} = event;
		if (event.kind === 'baseline') {
			begun.add(libraryId);
			notes.push({
				...empty, libraryId, kind: 'unknown-before', at,
			});
		} else if (event.kind === 'gap' && event.from < until && event.to > since) {
			notes.push({
				...empty, libraryId, kind: 'gap', at, from: event.from, to: event.to,
			});
		} else if (event.kind === 'held' && at < until) {
			notes.push({
				...empty, libraryId, kind: 'held', at, items: event.items,
			});
		}
	}

	return [
		...notes,
		...libraryIds.filter(id => !begun.has(id)).map(libraryId => ({...empty, libraryId, kind: 'unknown' as const})),
	];
};

const empty = {
	at: undefined, from: undefined, to: undefined, items: undefined,
};
