import type {Change} from '../catalog/catalog-store.js';

/**
The latest commits in memory, for those who ask what they missed.
*/
type History = {
	push: (change: Change) => void;
	/**
	`undefined` when it does not go back that far.
	*/
	since: (revision: number) => Change[] | undefined;
};

/**
`start` is the revision before the first commit that will be pushed. At most about `maxIds` ids are kept; the oldest commits go first.
*/
export const createHistory = (start: number, maxIds = 100_000): History => {
	const changes: Change[] = [];
	let floor = start;
	let ids = 0;
	const weight = ({upserted, removed}: Change) => upserted.length + removed.length + 1;

	return {
		push(change) {
			changes.push(change);
			ids += weight(change);
			while (ids > maxIds && changes.length > 0) {
				const oldest = changes.shift()!;
				ids -= weight(oldest);
				floor = oldest.revision;
			}
		},
		since: revision => revision < floor ? undefined : changes.filter(change => change.revision > revision),
	};
};
