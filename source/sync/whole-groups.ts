/**
Finds groups of which more than one item is gone and none is kept. Items that are gone must be seen first: only their groups are looked at.
*/
export const createWholeGroups = <Key extends string | number>() => {
	const goneOf = new Map<Key, number>();
	const kept = new Set<Key>();
	const isWhole = (key: Key) => (goneOf.get(key) ?? 0) > 1 && !kept.has(key);
	return {
		see(keys: readonly Key[], isGone: boolean): void {
			for (const key of keys.length > 1 ? new Set(keys) : keys) {
				if (isGone) {
					goneOf.set(key, (goneOf.get(key) ?? 0) + 1);
				} else if (goneOf.has(key)) {
					kept.add(key);
				}
			}
		},
		hasAny: (): boolean => goneOf.keys().some(key => isWhole(key)),
		all: (): Key[] => goneOf.keys().filter(key => isWhole(key)).toArray(),
	};
};
