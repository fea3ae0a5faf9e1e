/**
Appends values to a list, however many there are: a call that more than about 120,000 are spread into is a RangeError.
*/
export const pushAll = <Value>(list: Value[], values: Iterable<Value>): void => {
	for (const value of values) {
		list.push(value);
	}
};
