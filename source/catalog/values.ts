/**
Formats a date as all instants of the catalogue: ISO 8601 in UTC with whole seconds.
*/
export const instantOf = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

type Defined<Fields> =
	& {[Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name]}
	& {[Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>};

/**
Leaves out the fields that are undefined, so that equal things are equal as JSON and as objects.
*/
export const defined = <const Fields extends Record<string, unknown>>(fields: Fields): Defined<Fields> => {
	const result: Record<string, unknown> = {};
	for (const name in fields) {
		if (fields[name] !== undefined) {
			result[name] = fields[name];
		}
	}

	return result as Defined<Fields>;
};
