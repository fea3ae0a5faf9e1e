import {createFolders} from '../catalog/folder.js';
import type {
	HeldReason,
	Item,
	ItemType,
	Library,
	SyncState,
} from '../catalog/types.js';
import {createWholeGroups} from './whole-groups.js';

/**
When more than both of these are gone, removals wait for a person.
*/
export type HoldLimits = {
	/**
	Part of the library, from 0 to 1.
	*/
	share: number;
	items: number;
};

export const defaultHoldLimits: HoldLimits = {share: 0.2, items: 1};

/**
The viewer who was last known to see the whole library. What another viewer does not see may only be hidden from them.
*/
export const seerOf = (state: SyncState | undefined): string | undefined => state?.completeViewer ?? state?.viewer;

/**
An item of the library as it was, or as it is about to be. The ids are those of what it belongs to.
*/
export type Removable = {
	type: ItemType;
	isGone: boolean;
	showId?: string | undefined;
	seasonId?: string | undefined;
	collections?: readonly string[];
	/**
	Absent if nobody has asked yet, see `seeFiles`.
	*/
	paths?: readonly string[];
};

export type Verdict = {isHeld: false} | {isHeld: true; reason: HeldReason};

/**
Judges whether what is gone may be removed. A disk that is not mounted looks like a deletion of everything on it (plex-auto-trash#2, cloud-media-scripts#29), so whatever is gone as a whole waits: a large share of the library, or everything in a folder of it, in a show, in a season or in a collection. One film or episode is an ordinary deletion, even if it was all that there was.

The judge sees the items one by one, those that are gone first, so that it need look only at the groups of these.
*/
export const createRemovalJudge = (library: Pick<Library, 'locations'>, limits: HoldLimits) => {
	const folders = createFolders(library.locations);
	const groups = {
		location: createWholeGroups<number>(),
		show: createWholeGroups<string>(),
		season: createWholeGroups<string>(),
		collection: createWholeGroups<string>(),
	};
	// Shows and seasons count only where no film or episode does: a show of one episode is one thing, not three.
	const playable = {gone: 0, kept: 0};
	const all = {gone: 0, kept: 0};

	const counted = () => playable.gone === 0 ? all : playable;
	const isShare = () => {
		const {gone, kept} = counted();
		return gone > limits.items && gone > limits.share * (gone + kept);
	};

	const seeFiles = ({isGone, paths = []}: Pick<Removable, 'isGone' | 'paths'>): void => {
		groups.location.see(paths.map(path => folders.indexOf(path)).filter(index => index !== undefined), isGone);
	};

	return {
		see(removable: Removable): void {
			const {type, isGone, showId, seasonId, collections = []} = removable;
			const fate = isGone ? 'gone' : 'kept';
			all[fate]++;
			if (type !== 'show' && type !== 'season') {
				playable[fate]++;
				groups.show.see(showId === undefined ? [] : [showId], isGone);
				groups.season.see(seasonId === undefined ? [] : [seasonId], isGone);
			}

			groups.collection.see(collections, isGone);
			seeFiles(removable);
		},
		/**
		For items that were seen before without their files.
		*/
		seeFiles,
		/**
		So little is gone that no item that is kept needs to be seen.
		*/
		isHarmless: (): boolean => counted().gone <= limits.items && Object.values(groups).every(({hasAny}) => !hasAny()),
		/**
		No file of an item that is kept could still change the verdict.
		*/
		isSettled: (): boolean => isShare() || !groups.location.hasAny(),
		verdict(): Verdict {
			if (isShare()) {
				return {isHeld: true, reason: 'share'};
			}

			const reason = (['location', 'show', 'season', 'collection'] as const).find(kind => groups[kind].hasAny());
			return reason === undefined ? {isHeld: false} : {isHeld: true, reason};
		},
	};
};

/**
Sorts children before their parents, so that nothing is left without its parent.
*/
export const byRemovalOrder = (left: Pick<Item, 'type'>, right: Pick<Item, 'type'>): number => removalOrder.indexOf(left.type) - removalOrder.indexOf(right.type);

const removalOrder: readonly ItemType[] = ['episode', 'season', 'show', 'movie'];
