import type {Library} from '../catalog/types.js';
import type {Clock} from '../base/clock.js';
import {createHintSet, type Dirty, type HintSet} from '../plex/notifications/hint-set.js';
import type {Hint} from '../plex/notifications/hints.js';
import {maxTouchedRemovals} from '../sync/touched-rows.js';
import type {Locate} from './locate.js';

type TouchesOptions = {
	clock: Clock;
	libraries: () => ReadonlyArray<Pick<Library, 'id' | 'key'>>;
	locate: Locate;
	/**
	Whether anybody sees at once what users do. Without anybody, their marks wait for the next comparison.
	*/
	isSeen: () => boolean;
	onDirty: (dirty: DirtyLibrary) => void;
};

/**
A library in which single items, or the whole library, should be read again.
*/
export type DirtyLibrary = {libraryId: string; ratingKeys: string[]; isWhole: boolean};

/**
If a disk goes away, the server reports each item. Only together do the removals show what happened, so we wait longer for them than for new items.
*/
const goneWindow = {quietMs: 3000, longestMs: 10_000};

// A timer that is later than this belongs to a process that stood still, as one that was stopped or swapped out. It has not read yet what the server sent meanwhile, and gets this time for it.
const lateMs = 500;
const catchUpMs = 1000;

/**
Collects hints and turns them into libraries with something to read. Removals are collected apart from the rest.
*/
export const createTouches = ({clock, libraries, locate, isSeen, onDirty}: TouchesOptions) => {
	let isClosed = false;
	const lanes = [createLane(createHintSet()), createLane(createHintSet(goneWindow))] as const;

	const tell = ({sectionKey, isWhole, ratingKeys, goneKeys}: Dirty) => {
		const isTooMuch = goneKeys.length > maxTouchedRemovals;
		const keys = [...ratingKeys, ...goneKeys];
		if (sectionKey === undefined && !isWhole && !isTooMuch) {
			void tellLocated(keys);
			return;
		}

		for (const {id, key} of libraries()) {
			if (sectionKey === undefined || sectionKey === key) {
				onDirty(isWhole || isTooMuch
					? {libraryId: id, ratingKeys: [], isWhole: true}
					: {libraryId: id, ratingKeys: keys, isWhole: false});
			}
		}
	};

	/**
	If nobody can say where the items are, each library looks for them.
	*/
	const tellLocated = async (keys: readonly string[]) => {
		const located = await locate(keys);
		for (const {id} of isClosed ? [] : libraries()) {
			const own = keys.filter(key => located === undefined || located.get(key) === id);
			if (own.length > 0) {
				onDirty({libraryId: id, ratingKeys: own, isWhole: false});
			}
		}
	};

	function createLane(hints: HintSet) {
		let cancelTimer: (() => void) | undefined;
		let isCatchingUp = false;
		const take = () => {
			isCatchingUp = false;
			for (const dirty of hints.take(clock.monotonicMs())) {
				tell(dirty);
			}

			arm();
		};

		const takeUnlessLate = (dueAtMs: number) => {
			isCatchingUp = clock.monotonicMs() - dueAtMs > lateMs;
			if (isCatchingUp) {
				cancelTimer = clock.after(catchUpMs, take);
			} else {
				take();
			}
		};

		const arm = () => {
			if (isCatchingUp) {
				return;
			}

			cancelTimer?.();
			const dueAtMs = hints.dueAtMs();
			cancelTimer = dueAtMs === undefined
				? undefined
				: clock.after(dueAtMs - clock.monotonicMs(), () => {
					takeUnlessLate(dueAtMs);
				});
		};

		return {
			add(more: readonly Hint[]) {
				if (more.length === 0) {
					return;
				}

				hints.add(more, clock.monotonicMs());
				arm();
			},
			close() {
				cancelTimer?.();
			},
		};
	}

	return {
		add(hints: readonly Hint[]) {
			const isGone = (hint: Hint) => hint.kind === 'items' && hint.isGone;
			const isWorthIt = (hint: Hint) => !(hint.kind === 'items' && hint.isMark) || isSeen();
			lanes[0].add(hints.filter(hint => !isGone(hint) && isWorthIt(hint)));
			lanes[1].add(hints.filter(hint => isGone(hint)));
		},
		close() {
			isClosed = true;
			for (const lane of lanes) {
				lane.close();
			}
		},
	};
};
