import type * as z from 'zod';

type Check = (value: unknown) => boolean;

/**
Makes of a schema a function that only says whether a value fits. It builds no copy and no list of issues, which takes zod most of the time when hundreds of thousands of records are checked. What it does not know it leaves to zod.
*/
export const shapeCheck = (schema: z.core.$ZodType): Check => {
	const {def} = (schema as z.core.$ZodTypes)._zod;
	const rules = limitsOf(def.checks);
	const own = checkOf(def);
	if (own === undefined || rules === undefined) {
		return value => (schema as z.ZodType).safeParse(value).success;
	}

	return rules.length === 0 ? own : value => own(value) && rules.every(rule => rule(value));
};

const checkOf = (def: z.core.$ZodTypes['_zod']['def']): Check | undefined => {
	if (def.type === 'string') {
		const {pattern, format} = def as Partial<z.core.$ZodStringFormatDef>;
		return format === undefined
			? value => typeof value === 'string'
			: pattern && (value => typeof value === 'string' && pattern.test(value));
	}

	if (def.type === 'number') {
		const {format} = def as Partial<z.core.$ZodNumberFormatDef>;
		return format === undefined ? value => Number.isFinite(value) : (format === 'safeint' ? value => Number.isSafeInteger(value) : undefined);
	}

	if (def.type === 'boolean') {
		return value => typeof value === 'boolean';
	}

	if (def.type === 'enum' || def.type === 'literal') {
		const values = new Set<unknown>(def.type === 'enum' ? Object.values(def.entries) : def.values);
		return value => values.has(value);
	}

	if (def.type === 'optional') {
		const inner = shapeCheck(def.innerType);
		return value => value === undefined || inner(value);
	}

	if (def.type === 'array') {
		const element = shapeCheck(def.element);
		return value => Array.isArray(value) && value.every(part => element(part));
	}

	if (def.type === 'object') {
		return def.catchall === undefined ? objectCheck(def.shape) : undefined;
	}

	if (def.type === 'union') {
		const {discriminator} = def as Partial<z.core.$ZodDiscriminatedUnionDef>;
		return discriminator === undefined ? undefined : unionCheck(def.options, discriminator);
	}

	return undefined;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const objectCheck = (shape: Readonly<Record<string, z.core.$ZodType>>): Check => {
	const names = Object.keys(shape);
	const checks = Object.values(shape).map(inner => shapeCheck(inner));
	return value => isObject(value) && names.every((name, index) => checks[index]!(value[name]));
};

const unionCheck = (options: readonly z.core.$ZodType[], discriminator: string): Check => {
	const checks = new Map(options.flatMap(option => {
		const check = shapeCheck(option);
		const values = new Map(Object.entries(option._zod.propValues ?? {})).get(discriminator) ?? [];
		return [...values].map((value): [unknown, Check] => [value, check]);
	}));
	return value => isObject(value) && checks.get(value[discriminator])?.(value) === true;
};

/**
@returns Undefined if one of them is unknown.
*/
const limitsOf = (checks: readonly z.core.$ZodCheck[] = []): Check[] | undefined => {
	const rules = checks.map(check => limitOf((check as unknown as z.core.$ZodChecks)._zod.def));
	return rules.includes(undefined) ? undefined : rules as Check[];
};

const limitOf = (def: z.core.$ZodChecks['_zod']['def']): Check | undefined => {
	if (def.check === 'min_length') {
		return value => (value as string).length >= def.minimum;
	}

	if (def.check === 'greater_than') {
		const limit = Number(def.value);
		return def.inclusive ? value => (value as number) >= limit : value => (value as number) > limit;
	}

	if (def.check === 'less_than') {
		const limit = Number(def.value);
		return def.inclusive ? value => (value as number) <= limit : value => (value as number) < limit;
	}

	return undefined;
};
