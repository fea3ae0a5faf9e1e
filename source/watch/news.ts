import type {Clock} from '../base/clock.js';
import type {
	NumberedEvent,
	WatchEvent,
	WatchNote,
	WatchStatus,
} from './types.js';

export type News = ReturnType<typeof createNews>;

type NewsOptions = {
	clock: Clock;
	onNote?: (note: WatchNote) => void;
	/**
	How many events are kept for subscribers that come back.
	*/
	remembered?: number;
	keptNotes?: number;
};

/**
What a daemon tells: numbered events for subscribers, and notes for people.

The first number is the time in milliseconds. An earlier process would have needed 1,000 events a second to reach it, so a subscriber with a number of an earlier process is told the whole status.
*/
export const createNews = ({clock, onNote, remembered = 1000, keptNotes = 100}: NewsOptions) => {
	const first = Math.max(0, clock.now().getTime());
	let last = first;
	let events: NumberedEvent[] = [];
	let notes: WatchNote[] = [];
	const listeners = new Set<(numbered: NumberedEvent) => void>();
	const viewers = new Set<(numbered: NumberedEvent) => void>();

	const tell = (event: WatchEvent) => {
		last++;
		const numbered = {id: last, event};
		// Progress is true for a moment only, so it is not repeated to a subscriber that comes back.
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

	const overhear = (listener: (numbered: NumberedEvent) => void) => {
		listeners.add(listener);
		return () => {
			listeners.delete(listener);
		};
	};

	const hasAllAfter = (id: number) => id >= first && id <= last && (events.length < remembered || id >= events[0]!.id - 1);

	return {
		tell,
		note(text: string, level: WatchNote['level'] = 'info') {
			const note: WatchNote = {
				id: last + 1, at: clock.now().toISOString(), level, text,
			};
			notes = [note, ...notes].slice(0, keptNotes);
			onNote?.(note);
			tell({type: 'note', note});
		},
		/**
		Newest first.
		*/
		notes: () => notes,
		subscribe(listener: (numbered: NumberedEvent) => void, {after, status}: {after?: number | undefined; status: () => WatchStatus}) {
			if (after !== undefined && hasAllAfter(after)) {
				for (const numbered of events) {
					if (numbered.id > after) {
						listener(numbered);
					}
				}
			} else {
				listener({id: last, event: {type: 'status', status: status()}});
			}

			const stop = overhear(listener);
			viewers.add(listener);
			return () => {
				stop();
				viewers.delete(listener);
			};
		},
		/**
		For what shows nothing of the catalogue.
		*/
		overhear,
		isSeen: () => viewers.size > 0,
	};
};
