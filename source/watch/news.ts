import type {Clock} from '../base/clock.js';
import type {
	NumberedEvent,
	WatchEvent,
	WatchNote,
	WatchStatus,
} from './types.js';

/**
What a daemon tells: events with numbers for those who look on, and notes for people.
*/
export type News = {
	tell: (event: WatchEvent) => void;
	note: (text: string, level?: WatchNote['level']) => void;
	/**
	Newest first.
	*/
	notes: () => WatchNote[];
	subscribe: (listener: (numbered: NumberedEvent) => void, options: {after?: number | undefined; status: () => WatchStatus}) => () => void;
};

type NewsOptions = {
	clock: Clock;
	/**
	Takes each note as it comes, for logs.
	*/
	onNote?: (note: WatchNote) => void;
	/**
	How many events are remembered for those who come back.
	*/
	remembered?: number;
	keptNotes?: number;
};

/**
Numbers begin where no earlier process can have come to, so that somebody who comes back with a number of then is told the whole status. 1,000 events a second for as long as it ran would be needed to catch up.
*/
export const createNews = ({clock, onNote, remembered = 1000, keptNotes = 100}: NewsOptions): News => {
	const first = Math.max(0, clock.now().getTime());
	let last = first;
	let events: NumberedEvent[] = [];
	let notes: WatchNote[] = [];
	const listeners = new Set<(numbered: NumberedEvent) => void>();

	const tell = (event: WatchEvent) => {
		last++;
		const numbered = {id: last, event};
		// Progress is true for a moment only: whoever was away is not told of it.
		if (event.type !== 'progress') {
			events.push(numbered);
			if (events.length > remembered * 2) {
				events = events.slice(-remembered);
			}
		}

		for (const listener of listeners) {
			listener(numbered);
		}
	};

	const hasAllAfter = (id: number) => id >= first && id <= last && (events.length < remembered || id >= events[0]!.id - 1);

	return {
		tell,
		note(text, level = 'info') {
			const note: WatchNote = {
				id: last + 1, at: clock.now().toISOString(), level, text,
			};
			notes = [note, ...notes].slice(0, keptNotes);
			onNote?.(note);
			tell({type: 'note', note});
		},
		notes: () => notes,
		subscribe(listener, {after, status}) {
			if (after !== undefined && hasAllAfter(after)) {
				for (const numbered of events) {
					if (numbered.id > after) {
						listener(numbered);
					}
				}
			} else {
				listener({id: last, event: {type: 'status', status: status()}});
			}

			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
};
