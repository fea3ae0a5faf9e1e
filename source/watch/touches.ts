import type {Library} from '../catalog/types.js';
import type {Clock} from '../base/clock.js';
import {createHintSet, type Dirty, type HintSet} from '../plex/notifications/hint-set.js';
import type {Hint} from '../plex/notifications/hints.js';
import {maxTouchedRemovals} from '../sync/touched-rows.js';

type TouchesOptions = {
	clock: Clock;
	/**
	Of the server, as they are in the catalogue now.
	*/
	libraries: () => ReadonlyArray<Pick<Library, 'id' | 'key'>>;
	onDirty: (dirty: DirtyLibrary) => void;
};

/**
Either single items, or all of it.
*/
export type DirtyLibrary = {libraryId: string; ratingKeys: string[]; isWhole: boolean};

export type Touches = {
	add: (hints: readonly Hint[]) => void;
	close: () => void;
};

/**
A disk that goes away is told item by item. Only together do removals show what they are, so they are waited for longer than what is new.
*/
const goneWindow = {quietMs: 3000, longestMs: 10_000};

/**
Hints of the server become libraries with something to look at: coalesced, what is gone apart from the rest.
*/
export const createTouches = ({clock, libraries, onDirty}: TouchesOptions): Touches => {
	const lanes = [createLane(createHintSet()), createLane(createHintSet(goneWindow))] as const;

	const tell = ({sectionKey, isWhole, ratingKeys, goneKeys}: Dirty) => {
		const isTooMuch = goneKeys.length > maxTouchedRemovals;
		for (const {id, key} of libraries()) {
			// Where the server does not say in which section an item is, each library is asked for it.
			if (sectionKey === undefined || sectionKey === key) {
				onDirty(isWhole || isTooMuch
					? {libraryId: id, ratingKeys: [], isWhole: true}
					: {libraryId: id, ratingKeys: [...ratingKeys, ...goneKeys], isWhole: false});
			}
		}
	};

	function createLane(hints: HintSet) {
		let cancelTimer: (() => void) | undefined;
		const arm = () => {
			cancelTimer?.();
			const dueAtMs = hints.dueAtMs();
			cancelTimer = dueAtMs === undefined
				? undefined
				: clock.after(dueAtMs - clock.monotonicMs(), () => {
					for (const dirty of hints.take(clock.monotonicMs())) {
						tell(dirty);
					}

					arm();
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
		add(hints) {
			const isGone = (hint: Hint) => hint.kind === 'items' && hint.isGone;
			lanes[0].add(hints.filter(hint => !isGone(hint)));
			lanes[1].add(hints.filter(hint => isGone(hint)));
		},
		close() {
			for (const lane of lanes) {
				lane.close();
			}
		},
	};
};
