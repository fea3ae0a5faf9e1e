/**
Makes a value when it is first asked for, and gives the same one from then on, whatever it is asked for.
*/
export const once = <Value, Arguments extends readonly unknown[]>(make: (...values: Arguments) => Promise<Value>): ((...values: Arguments) => Promise<Value>) => {
	let made: Promise<Value> | undefined;
	return async (...values) => {
		made ??= make(...values);
		return made;
	};
};
