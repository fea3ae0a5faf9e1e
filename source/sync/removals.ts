import {createFolders} from '../catalog/folder.js';
import type {
	Item,
	ItemType,
	Library,
	SyncState,
} from '../catalog/types.js';

/**
When more than both of these are gone, removals wait for a person.
*/
export type HoldLimits = {
	/**
	Part of all items of the library, from 0 to 1.
	*/
	share: number;
	items: number;
};

export const defaultHoldLimits: HoldLimits = {share: 0.2, items: 25};

export type Removable = {
	id: string;
	isGone: boolean;
	paths: readonly string[];
};

export type Verdict = {isHeld: false} | {isHeld: true; reason: NonNullable<SyncState['held']>['reason']};

/**
Judges whether what is gone may be removed. A disk that is not mounted looks like a deletion of everything on it (plex-auto-trash#2, cloud-media-scripts#29), so the removal of a large share, or of everything in a folder of the library, waits. The judge sees the items one by one, those that are gone first.
*/
export const createRemovalJudge = (library: Pick<Library, 'locations'>, limits: HoldLimits) => {
	const folders = createFolders(library.locations);
	const locations = library.locations.map(() => ({kept: 0, gone: 0}));
	let total = 0;
	let gone = 0;
	// A folder with one film is emptied by one ordinary deletion.
	const isEmptied = () => locations.some(location => location.kept === 0 && location.gone > 1);

	return {
		see({isGone, paths}: Removable): void {
			total++;
			gone += isGone ? 1 : 0;
			for (const index of new Set(paths.map(path => folders.indexOf(path)).filter(found => found !== undefined))) {
				locations[index]![isGone ? 'gone' : 'kept']++;
			}
		},
		/**
		No item that is kept could still change the verdict.
		*/
		isSettled: (): boolean => gone <= limits.items && !isEmptied(),
		verdict(): Verdict {
			if (gone > limits.items && gone > limits.share * total) {
				return {isHeld: true, reason: 'share'};
			}

			return isEmptied() ? {isHeld: true, reason: 'location'} : {isHeld: false};
		},
	};
};

/**
Sorts children before their parents, so that nothing is left without its parent.
*/
export const byRemovalOrder = (left: Pick<Item, 'type'>, right: Pick<Item, 'type'>): number => removalOrder.indexOf(left.type) - removalOrder.indexOf(right.type);

const removalOrder: readonly ItemType[] = ['episode', 'season', 'show', 'movie'];
