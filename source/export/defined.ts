type Defined<Fields> =
	& {[Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key]}
	& {[Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>};

/**
Without the fields that have nothing to say.
*/
export const defined = <Fields extends Record<string, unknown>>(fields: Fields): Defined<Fields> =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
