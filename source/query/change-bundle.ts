import type {Change} from '../catalog/catalog-store.js';

/**
Changes of the store, collected for a while and then applied together, one bundle after the other.

While an import runs there are several commits a second, and each bundle makes the screens sort anew.
*/
export type ChangeBundle = {
	add: (change: Change) => void;
	/**
	Apply what is waiting now; resolves when it has been applied.
	*/
	flush: () => Promise<void>;
	/**
	What has not been applied yet is dropped.
	*/
	stop: () => void;
};

export const createChangeBundle = (apply: (change: Change) => Promise<void>, {intervalMs = 500}: {intervalMs?: number} = {}): ChangeBundle => {
	let waiting: Change | undefined;
	let timer: NodeJS.Timeout | undefined;
	let applying: Promise<void> = Promise.resolve();
	let isStopped = false;

	const flush = () => {
		timer = undefined;
		const change = waiting;
		waiting = undefined;
		applying = (async () => {
			await applying;
			if (change !== undefined && !isStopped) {
				await apply(change);
			}
		})();
	};

	return {
		add(change) {
			waiting ??= {revision: 0, upserted: [], removed: []};
			waiting.revision = change.revision;
			if (change.isReload === true) {
				waiting.isReload = true;
			}

			waiting.upserted.push(...change.upserted);
			waiting.removed.push(...change.removed);
			timer ??= setTimeout(flush, intervalMs);
		},
		async flush() {
			clearTimeout(timer);
			flush();
			await applying;
		},
		stop() {
			isStopped = true;
			clearTimeout(timer);
		},
	};
};
