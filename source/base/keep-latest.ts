/**
Puts a value at the end of a map, and drops what was put longest ago where there are more than `most` values.
*/
export const keepLatest = <Key, Value>(kept: Map<Key, Value>, key: Key, value: Value, most: number): void => {
	kept.delete(key);
	kept.set(key, value);
	for (const oldest of kept.keys().toArray().slice(0, -most)) {
		kept.delete(oldest);
	}
};
