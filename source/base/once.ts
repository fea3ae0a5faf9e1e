/**
Makes a value when it is first asked for, and gives the same one from then on.
*/
export const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
	let made: Promise<Value> | undefined;
	return async () => {
		made ??= make();
		return made;
	};
};
