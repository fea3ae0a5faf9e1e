/**
Holds many values per key. A single value is held without a set, because nearly every file has one item and there are as many files as items.
*/
export const createSetMap = <Key, Value extends string | number>() => {
	const held = new Map<Key, Value | Set<Value>>();

	return {
		add(key: Key, value: Value) {
			const known = held.get(key);
			if (known === undefined) {
				held.set(key, value);
			} else if (typeof known === 'object') {
				known.add(value);
			} else if (known !== value) {
				held.set(key, new Set([known, value]));
			}
		},
		remove(key: Key, value: Value) {
			const known = held.get(key);
			if (typeof known === 'object') {
				known.delete(value);
			}

			if (known === value || (typeof known === 'object' && known.size === 0)) {
				held.delete(key);
			}
		},
		get(key: Key): ReadonlySet<Value> {
			const known = held.get(key);
			return typeof known === 'object' ? known : new Set(known === undefined ? [] : [known]);
		},
		clear() {
			held.clear();
		},
	};
};
