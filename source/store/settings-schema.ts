import * as z from 'zod';
import {once} from '../base/once.js';
import {exportProfileSchema} from '../catalog/export-profile.js';
import {mostSaved, savedNamePattern} from '../catalog/saved-query.js';

/**
A person may have edited the file. What we do not know stays in it. Most commands read no setting, and to make this takes a while.
*/
export const settingsSchema = once(() => {
	const serverSchema = z.object({
		id: z.string().min(1),
		name: z.string(),
		url: z.string().refine(url => URL.canParse(url), 'It must be an address'),
	});
	const choiceSchema = z.object({serverId: z.string(), libraryIds: z.array(z.string())});
	// Names and queries are in a list, so that a name is never the key of an object.
	const savedQuerySchema = z.object({
		name: z.string().regex(savedNamePattern, 'A name has small letters, digits and hyphens, and begins with a letter'),
		query: z.string(),
		standing: z.boolean().optional(),
	});
	const columnsSchema = z.array(z.looseObject({name: z.string(), width: z.int().min(1).max(200).optional()})).optional();
	const allColumnsSchema = z.looseObject({
		movies: columnsSchema, shows: columnsSchema, seasons: columnsSchema, episodes: columnsSchema,
	});
	return z.looseObject({
		// It is sent in a header.
		clientIdentifier: z.string().regex(/^[\u{21}-\u{7E}]{1,200}$/v, 'It must be one word').optional(),
		server: serverSchema.optional(),
		// Those that were connected before. Where no token is stored, nothing else knows of them.
		otherServers: z.array(serverSchema).optional(),
		// Read by `readStoreSetting`.
		store: z.string().optional(),
		fullSyncDays: z.number().positive().optional(),
		pictures: z.enum(['auto', 'kitty', 'iterm2', 'sixel', 'blocks', 'off']).optional(),
		keys: z.unknown().optional(),
		theme: z.string().optional(),
		columns: allColumnsSchema.optional(),
		hiddenColumns: z.array(z.string()).optional(),
		mouse: z.boolean().optional(),
		queries: z.array(savedQuerySchema).max(mostSaved).optional(),
		exports: z.array(exportProfileSchema).max(mostSaved).optional(),
		watch: z.unknown().optional(),
		chosenLibraries: z.array(choiceSchema).optional(),
	});
});

export type StoredSettings = z.infer<ReturnType<typeof settingsSchema>>;
export type StoredServer = NonNullable<StoredSettings['server']>;
