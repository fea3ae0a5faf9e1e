/**
Makes a value when it is first asked for, and gives the same one from then on, whatever it is asked for.
*/
export const once = <Value, Arguments extends readonly unknown[]>(make: (...values: Arguments) => Value): ((...values: Arguments) => Value) => {
	let made: {value: Value} | undefined;
	return (...values) => {
		made ??= {value: make(...values)};
		return made.value;
	};
};
