import * as z from 'zod';
import {savedNamePattern} from './saved-query.js';

const text = z.string().optional();

/**
An export that a person keeps under a name: the options of the command and the query. The format is always there; the file has its whole path.
*/
export const exportProfileSchema = z.object({
	name: z.string().regex(savedNamePattern, 'A name has small letters, digits and hyphens, and begins with a letter'),
	format: z.string(),
	query: text,
	columns: text,
	rows: text,
	separator: text,
	excel: z.boolean().optional(),
	paths: z.boolean().optional(),
	posters: z.boolean().optional(),
	beside: z.boolean().optional(),
	overwrite: z.boolean().optional(),
	artwork: z.boolean().optional(),
	library: text,
	output: text,
	every: text.meta({description: 'How often the daemon makes it: a duration such as 7d, or a cron expression'}),
});

export type ExportProfile = z.infer<typeof exportProfileSchema>;
