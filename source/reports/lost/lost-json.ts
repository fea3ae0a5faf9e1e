import * as z from 'zod';
import {defined} from '../../catalog/defined.js';
import {externalIdsSchema, itemTypes, removalReasons} from '../../catalog/schema.js';
import {lostTotals, type LostItem} from '../../history/lost-items.js';

const count = z.int().nonnegative();

const lostFileSchema = z.object({path: z.string().optional(), sizeBytes: count.optional()});

const lostItemSchema = z.object({
	itemId: z.string(),
	type: z.enum(itemTypes),
	title: z.string(),
	show: z.string().optional(),
	seasonNumber: z.int().optional(),
	episodeNumber: z.int().optional(),
	year: z.int().optional(),
	ids: externalIdsSchema,
	libraryId: z.string(),
	library: z.string().optional(),
	at: z.iso.datetime().meta({description: 'When it was removed; of what is held, since when it is missing'}),
	reason: z.enum([...removalReasons, 'held']),
	resolution: z.string().optional(),
	hdr: z.string().optional(),
	seasons: count.meta({description: 'Lost with a show'}),
	episodes: count.meta({description: 'Lost with a show or season'}),
	files: z.array(lostFileSchema).meta({description: 'With those of what was lost with it'}),
});

/**
What `lost --json` prints. Additions come as new fields; any other change raises `schema`.
*/
export const lostJsonSchema = z.object({
	schema: z.literal(1),
	held: z.boolean().meta({description: 'Whether these are missing and held, not removed'}),
	items: z.array(lostItemSchema).meta({description: 'Latest first'}),
	totals: z.object({
		items: count, seasons: count, episodes: count, files: count, sizeBytes: count,
	}),
}).meta({title: 'reelcat lost', description: 'The one object that `reelcat lost --json` writes to stdout.'});

export type LostJson = z.infer<typeof lostJsonSchema>;

export const lostJson = (items: readonly LostItem[], {isHeld, libraryTitle}: {isHeld: boolean; libraryTitle: (id: string) => string | undefined}): LostJson => ({
	schema: 1,
	held: isHeld,
	items: items.map(item => defined({
		itemId: item.itemId,
		type: item.type,
		title: item.title,
		show: item.show,
		seasonNumber: item.seasonNumber,
		episodeNumber: item.episodeNumber,
		year: item.year,
		ids: item.ids,
		libraryId: item.libraryId,
		library: libraryTitle(item.libraryId),
		at: item.at,
		reason: item.reason,
		resolution: item.resolution,
		hdr: item.hdr,
		seasons: item.seasons,
		episodes: item.episodes,
		files: item.files.map(({path, sizeBytes}) => defined({path, sizeBytes})),
	})),
	totals: lostTotals(items),
});
