import {requireAppError} from '../base/errors.js';
import {pushAll} from '../base/push-all.js';
import type {CatalogStore, Change} from '../catalog/catalog-store.js';
import type {CatalogRecord} from '../catalog/types.js';

type Fresh = ReadonlyMap<string, CatalogRecord>;

/**
Collects changes of the store for a while and then applies them together, one bundle after the other. An import makes several commits a second, and each applied change makes the screens sort their lists again. `fresh` has the records that came with the changes, as the last of them has each.
*/
export const createChangeBundle = (apply: (change: Change, fresh: Fresh) => Promise<void>, {intervalMs = 500}: {intervalMs?: number} = {}) => {
	let waiting: Change | undefined;
	let fresh = new Map<string, CatalogRecord>();
	let timer: NodeJS.Timeout | undefined;
	let applying: Promise<void> = Promise.resolve();
	let isStopped = false;

	const add = (change: Change, records: Fresh = new Map()) => {
		waiting ??= {revision: 0, upserted: [], removed: []};
		waiting.revision = Math.max(waiting.revision, change.revision);
		if (change.isReload === true) {
			waiting.isReload = true;
		}

		for (const id of change.upserted) {
			const record = records.get(id);
			if (record === undefined) {
				fresh.delete(id);
			} else {
				fresh.set(id, record);
			}
		}

		for (const id of change.removed) {
			fresh.delete(id);
		}

		pushAll(waiting.upserted, change.upserted);
		pushAll(waiting.removed, change.removed);
		timer ??= setTimeout(() => {
			flush().catch(requireAppError);
		}, intervalMs);
	};

	const applyWaiting = async () => {
		const [change, records] = [waiting, fresh];
		waiting = undefined;
		fresh = new Map();
		if (change === undefined || isStopped) {
			return;
		}

		try {
			await apply(change, records);
		} catch (error) {
			// What could not be read, as from a database that is away, is tried again with what has come by then.
			add(change);
			throw error;
		}
	};

	const flush = async () => {
		clearTimeout(timer);
		timer = undefined;
		applying = applying.catch(() => undefined).then(applyWaiting);
		await applying;
	};

	return {
		add,
		/**
		Applies what is waiting, and resolves when that is done.
		*/
		flush,
		/**
		Drops what has not been applied yet.
		*/
		stop() {
			isStopped = true;
			clearTimeout(timer);
		},
	};
};

/**
Reads those records from a store that did not come with a change.
*/
export const besideFresh = ({getMany}: Pick<CatalogStore, 'getMany'>, fresh: Fresh): Pick<CatalogStore, 'getMany'> => ({
	async getMany(ids, options) {
		const missing = ids.filter(id => !fresh.has(id));
		const read = missing.length === 0 ? [] : await getMany(missing, options);
		const readById = new Map(read.map(record => [record.id, record]));
		return ids.map(id => fresh.get(id) ?? readById.get(id)).filter(record => record !== undefined && (options?.kind === undefined || record.kind === options.kind)) as CatalogRecord[];
	},
});
