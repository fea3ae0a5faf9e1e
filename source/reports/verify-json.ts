import * as z from 'zod';
import {defined} from '../catalog/defined.js';
import type {Difference} from '../sync/compare-server.js';

const count = z.int().nonnegative();

const differenceSchema = z.object({
	kind: z.enum(['missing', 'extra', 'different', 'unreadable', 'library-gone']).meta({
		description: 'missing: the catalogue does not have it; extra: the server does not; unreadable: the server could not deliver it',
	}),
	libraryId: z.string(),
	ratingKey: z.string().optional(),
	itemId: z.string().optional(),
	title: z.string().optional(),
	fields: z.array(z.string()).meta({description: 'Names of the fields that differ'}),
});

const comparisonSchema = z.object({
	id: z.string(), name: z.string(), compared: count, differences: z.array(differenceSchema),
});

/**
What `verify --json` prints. Names are fixed: what is added comes as a new field, anything else raises `schema`.
*/
export const verifyJsonSchema = z.object({
	schema: z.literal(1),
	ok: z.boolean(),
	revision: count,
	records: count,
	events: count.meta({description: 'In the history'}),
	tombstones: count,
	held: count.meta({description: 'Items that are missing and held'}),
	problems: z.array(z.string()),
	server: comparisonSchema.optional().meta({description: 'With --server'}),
}).meta({title: 'reelcat verify', description: 'The one object that `reelcat verify --json` writes to stdout.'});

export type VerifyJson = z.infer<typeof verifyJsonSchema>;

export type Verified = Pick<VerifyJson, 'revision' | 'records' | 'events' | 'tombstones' | 'held' | 'problems'> & {
	server: {id: string; name: string; compared: number; differences: readonly Difference[]} | undefined;
};

export const isInOrder = ({problems, server}: Verified): boolean => problems.length === 0 && (server?.differences.length ?? 0) === 0;

export const verifyJson = (verified: Verified): VerifyJson => {
	const {revision, records, events, tombstones, held, problems, server} = verified;
	return defined({
		schema: 1 as const,
		ok: isInOrder(verified),
		revision,
		records,
		events,
		tombstones,
		held,
		problems,
		server: server && {
			...server, differences: server.differences.map(({kind, libraryId, ratingKey, itemId, title, fields}) => defined({
				kind, libraryId, ratingKey, itemId, title, fields,
			})),
		},
	});
};
