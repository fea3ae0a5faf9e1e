/**
Holds many values per key. A single value is held without a set, because nearly every file has one item and there are as many files as items.
*/
export type SetMap<Key, Value> = {
	add: (key: Key, value: Value) => void;
	remove: (key: Key, value: Value) => void;
	get: (key: Key) => ReadonlySet<Value>;
	clear: () => void;
};

export const createSetMap = <Key, Value extends string | number>(): SetMap<Key, Value> => {
	const held = new Map<Key, Value | Set<Value>>();
	const none: ReadonlySet<Value> = new Set();

	return {
		add(key, value) {
			const known = held.get(key);
			if (known === undefined) {
				held.set(key, value);
			} else if (typeof known === 'object') {
				known.add(value);
			} else if (known !== value) {
				held.set(key, new Set([known, value]));
			}
		},
		remove(key, value) {
			const known = held.get(key);
			if (typeof known === 'object') {
				known.delete(value);
			}

			if (known === value || (typeof known === 'object' && known.size === 0)) {
				held.delete(key);
			}
		},
		get(key) {
			const known = held.get(key);
			if (known === undefined) {
				return none;
			}

			return typeof known === 'object' ? known : new Set([known]);
		},
		clear() {
			held.clear();
		},
	};
};
