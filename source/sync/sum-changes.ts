import type {ChangeKind} from '../catalog/history.js';
import type {ChangeCounts, ImportResult} from './events.js';

/**
What a sync found in all its libraries, by kind.
*/
export const sumChanges = ({libraries}: Pick<ImportResult, 'libraries'>): ChangeCounts => {
	const sum: ChangeCounts = {};
	for (const {sync} of libraries) {
		for (const [kind, count] of Object.entries(sync?.changes ?? {}) as Array<[ChangeKind, number]>) {
			sum[kind] = (sum[kind] ?? 0) + count;
		}
	}

	return sum;
};
