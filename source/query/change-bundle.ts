import {pushAll} from '../base/push-all.js';
import type {Change} from '../catalog/catalog-store.js';

/**
Collects changes of the store for a while and then applies them together, one bundle after the other. An import makes several commits a second, and each applied change makes the screens sort their lists again.
*/
export const createChangeBundle = (apply: (change: Change) => Promise<void>, {intervalMs = 500}: {intervalMs?: number} = {}) => {
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
		add(change: Change) {
			waiting ??= {revision: 0, upserted: [], removed: []};
			waiting.revision = change.revision;
			if (change.isReload === true) {
				waiting.isReload = true;
			}

			pushAll(waiting.upserted, change.upserted);
			pushAll(waiting.removed, change.removed);
			timer ??= setTimeout(flush, intervalMs);
		},
		/**
		Applies what is waiting, and resolves when that is done.
		*/
		async flush() {
			clearTimeout(timer);
			flush();
			await applying;
		},
		/**
		Drops what has not been applied yet.
		*/
		stop() {
			isStopped = true;
			clearTimeout(timer);
		},
	};
};
