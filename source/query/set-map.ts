/**
Many values per key. A single value is held without a set around it: most files have one item, and there are as many files as items.
*/
export type SetMap<Key, Value> = {
	add: (key: Key, value: Value) => void;
	remove: (key: Key, value: Value) => void;
	get: (key: Key) => ReadonlySet<Value>;
	keys: () => Iterable<Key>;
	clear: () => void;
};

export const createSetMap = <Key, Value>(): SetMap<Key, Value> => {
	const single = new Map<Key, Value>();
	const many = new Map<Key, Set<Value>>();
	const none: ReadonlySet<Value> = new Set();

	return {
		add(key, value) {
			const set = many.get(key);
			if (set !== undefined) {
				set.add(value);
				return;
			}

			const first = single.get(key);
			if (first === undefined || first === value) {
				single.set(key, value);
				return;
			}

			single.delete(key);
			many.set(key, new Set([first, value]));
		},
		remove(key, value) {
			const set = many.get(key);
			if (set === undefined) {
				if (single.get(key) === value) {
					single.delete(key);
				}

				return;
			}

			set.delete(value);
			if (set.size === 0) {
				many.delete(key);
			}
		},
		get(key) {
			const set = many.get(key);
			if (set !== undefined) {
				return set;
			}

			const value = single.get(key);
			return value === undefined ? none : new Set([value]);
		},
		* keys() {
			yield * single.keys();
			yield * many.keys();
		},
		clear() {
			single.clear();
			many.clear();
		},
	};
};
