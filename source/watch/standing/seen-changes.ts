import type {Change} from '../../catalog/catalog-store.js';
import {glimpseOf, type Glimpse} from '../../query/affected.js';
import type {CatalogIndex} from '../../query/types.js';

export type SeenChanges = {
	/**
	The changed records as the index had them before the first of the changes.
	*/
	changed: ReadonlyMap<string, Glimpse | undefined>;
	/**
	Too much has changed, or something unknown: only a look at everything helps.
	*/
	isWhole: boolean;
};

// From so many on, a look at everything costs no more.
const mostChanged = 20_000;

/**
Collects what commits change. `index` is the index as it was last handed out: nothing of a commit has been put into it when the store tells of the commit, so what was before can be read there.
*/
export const createSeenChanges = () => {
	let changed = new Map<string, Glimpse | undefined>();
	let isWhole = true;

	const miss = () => {
		isWhole = true;
		changed.clear();
	};

	return {
		add({upserted, removed, isReload}: Change, index: Pick<CatalogIndex, 'value' | 'nameOf'> | undefined) {
			const ids = [...upserted, ...removed];
			if (isWhole || isReload === true || index === undefined || changed.size + ids.length > mostChanged) {
				miss();
				return;
			}

			for (const id of ids) {
				if (!changed.has(id)) {
					changed.set(id, glimpseOf(index, id));
				}
			}
		},
		/**
		The next look is a look at everything.
		*/
		miss,
		/**
		Hands out what has come since the last time.
		*/
		take(): SeenChanges {
			const taken = {changed, isWhole};
			changed = new Map();
			isWhole = false;
			return taken;
		},
	};
};
