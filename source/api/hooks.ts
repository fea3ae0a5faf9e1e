import type {FastifyRequest} from 'fastify';
import * as z from 'zod';
import type {ImportHook, PlexHook} from './port.js';
import {refusal} from './refusal.js';

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

/**
The JSON of a webhook, which is in the field `payload` of a form; the picture beside it is not kept.

@throws AppError 'usage'
*/
export const readHookPayload = async (request: FastifyRequest): Promise<unknown> => {
	if (!request.isMultipart()) {
		return request.body;
	}

	const payload = await readField(request, 'payload');
	try {
		return payload === undefined ? undefined : JSON.parse(payload) as unknown;
	} catch {
		throw refusal(400, 'usage', 'The field "payload" is no JSON.');
	}
};

const readField = async (request: FastifyRequest, name: string): Promise<string | undefined> => {
	let found: string | undefined;
	let isCut = false;
	try {
		for await (const part of request.parts()) {
			if (part.type === 'file') {
				part.file.resume();
			} else if (part.fieldname === name && typeof part.value === 'string') {
				found = part.value;
				isCut = part.valueTruncated;
			}
		}
	} catch (error) {
		// A form that breaks off has no status.
		throw error instanceof Error && 'statusCode' in error ? error : refusal(400, 'usage', 'The form cannot be read.');
	}

	if (isCut) {
		throw refusal(413, 'too-large', `The field "${name}" is too large.`);
	}

	return found;
};
