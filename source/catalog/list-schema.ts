import * as z from 'zod';
import {once} from '../base/once.js';

const id = z.string().min(1);
const instant = z.iso.datetime();

export const listOrders = ['release', 'title', 'custom'] as const;

const listFields = once(() => ({
	serverId: id,
	ratingKey: z.string(),
	guid: z.string().optional(),
	title: z.string(),
	titleSort: z.string().optional(),
	summary: z.string().optional(),
	poster: z.string().optional().meta({description: 'Path on the server, without a token'}),
	smart: z.boolean().optional().meta({description: 'Its members follow from its filter'}),
	filter: z.string().optional().meta({description: 'Of a smart one, as the server writes it: the path and query of a listing'}),
	items: z.array(id).meta({description: 'Ids of its members in their order; a playlist may have one several times'}),
	unknownItems: z.int().positive().optional().meta({description: 'Members that the catalogue does not have, for instance of a library that was never imported'}),
	addedAt: instant.optional(),
	firstSeenAt: instant.meta({description: 'When reelcat first saw it'}),
	lastSeenAt: instant.meta({description: 'When a sync last saw something new of it'}),
	fingerprint: z.string().optional().meta({description: 'Of the listed row that the members belong to; absent where they could not all be read'}),
}));

export const collectionSchema = once(() => z.object({
	id,
	kind: z.literal('collection'),
	libraryId: id,
	...listFields(),
	order: z.enum(listOrders).optional().meta({description: 'By what its members are in order; absent for a smart one, whose filter says it'}),
}).meta({description: 'A collection of a library. The id stays when its title changes, and when it is made anew under the same title'}));

export const playlistSchema = once(() => z.object({
	id,
	kind: z.literal('playlist'),
	...listFields(),
}).meta({description: 'A video playlist of the user of the token, which may hold items of several libraries'}));
