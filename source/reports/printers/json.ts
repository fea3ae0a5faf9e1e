import type * as z from 'zod';

/**
The fields that a schema has, in its order: what is printed is what is documented.
*/
export const pickFields = <Shape extends z.core.$ZodLooseShape>(schema: z.ZodObject<Shape>, source: Readonly<Record<keyof Shape, unknown>>): Record<keyof Shape, unknown> =>
	Object.fromEntries(Object.keys(schema.shape).map(name => [name, source[name]])) as Record<keyof Shape, unknown>;
