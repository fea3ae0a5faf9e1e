import * as z from 'zod';
import type {ImportHook, PlexHook} from './port.js';

const text = z.string().max(500);
const key = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,19}$/v)]).transform(String);

/**
What is not as it should be is as good as absent: hooks come from many versions.
*/
const tolerant = <Schema extends z.ZodType>(schema: Schema) => z.catch(z.optional(schema), undefined);

const metadataSchema = z.object({
	ratingKey: tolerant(key),
	librarySectionID: tolerant(key),
	librarySectionTitle: tolerant(text),
});

const serverSchema = z.object({uuid: tolerant(text)});

const plexSchema = z.object({
	event: text,
	Server: tolerant(serverSchema),
	Metadata: tolerant(metadataSchema),
});

const arraySchema = z.object({
	eventType: text,
	movie: z.unknown().optional(),
	series: z.unknown().optional(),
});

/**
Undefined for what no Plex would send.
*/
export const readPlexHook = (payload: unknown): PlexHook | undefined => {
	const {data} = plexSchema.safeParse(payload);
	return data && {
		event: data.event,
		serverId: data.Server?.uuid,
		sectionKey: data.Metadata?.librarySectionID,
		sectionTitle: data.Metadata?.librarySectionTitle,
		ratingKey: data.Metadata?.ratingKey,
	};
};

export const readImportHook = (payload: unknown): ImportHook | undefined => {
	const {data} = arraySchema.safeParse(payload);
	return data && {eventType: data.eventType, kind: kindOf(data)};
};

const kindOf = ({movie, series}: z.infer<typeof arraySchema>): ImportHook['kind'] => {
	if (movie !== undefined) {
		return 'movie';
	}

	return series === undefined ? 'other' : 'series';
};
