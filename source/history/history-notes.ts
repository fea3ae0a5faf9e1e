import type {HistoryEvent} from '../catalog/history.js';

/**
What must be said of a period besides its changes, so that nobody takes silence for calm.
*/
export type HistoryNote = {
	libraryId: string;
	kind: 'unknown-before' | 'gap' | 'held' | 'unknown';
	/**
	Of the first import, or of the moment when removals were held back; absent where nothing is known at all.
	*/
	at: string | undefined;
	from: string | undefined;
	to: string | undefined;
	items: number | undefined;
};

export type NotesOptions = {
	since: string;
	until: string;
	/**
	All events since the period began, oldest first: a gap is recorded only when it has ended.
	*/
	events: Iterable<HistoryEvent>;
	/**
	The libraries to speak of.
	*/
	libraryIds: readonly string[];
	/**
	Those whose first import ended before the period.
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
