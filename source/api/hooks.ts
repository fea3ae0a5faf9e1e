import type {FastifyRequest} from 'fastify';
import * as z from 'zod';
import type {ImportHook, PlexHook} from './port.js';
import {refusal} from './refusal.js';

const text = z.string().max(500);
const key = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,19}$/v)]).transform(String);

/**
Treats a malformed field as absent: hooks come from many versions.
*/
const tolerant = <Schema extends z.ZodType>(schema: Schema) => z.catch(z.optional(schema), undefined);

const serverSchema = z.object({uuid: tolerant(text)});

const metadataSchema = z.object({ratingKey: tolerant(key), librarySectionID: tolerant(key), librarySectionTitle: tolerant(text)});

const plexSchema = z.object({event: text, Server: tolerant(serverSchema), Metadata: tolerant(metadataSchema)});

const importSchema = z.object({
	eventType: text,
	movie: z.unknown().optional(),
	series: z.unknown().optional(),
});

/**
Undefined for a payload that Plex does not send.
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
	const {data} = importSchema.safeParse(payload);
	return data && {
		eventType: data.eventType,
		kind: data.movie === undefined ? (data.series === undefined ? 'other' : 'series') : 'movie',
	};
};

/**
The JSON of a webhook: the body, or the field `payload` of a form. The picture in the form is dropped.

@throws AppError 'usage'
*/
export const readHookPayload = async (request: FastifyRequest): Promise<unknown> => {
	if (!request.isMultipart()) {
		return request.body;
	}

	const payload = await readPayloadField(request);
	try {
		return typeof payload === 'string' ? JSON.parse(payload) as unknown : payload;
	} catch {
		throw refusal(400, 'usage', 'The field "payload" is not JSON.');
	}
};

/**
Plex names the type of this field, `application/json`. Then it is parsed already.
*/
const readPayloadField = async (request: FastifyRequest): Promise<unknown> => {
	let found: unknown;
	let isCut = false;
	try {
		for await (const part of request.parts()) {
			if (part.type === 'file') {
				part.file.resume();
			} else if (part.fieldname === 'payload') {
				found = part.value;
				isCut = part.valueTruncated;
			}
		}
	} catch (error) {
		// The error of a form that breaks off has no status. One of 406 says that a field is not JSON, which may be because it was cut.
		isCut = Number(request.headers['content-length']) > request.routeOptions.bodyLimit;
		const isKnown = error instanceof Error && 'statusCode' in error && error.statusCode !== 406;
		if (isKnown || !isCut) {
			throw isKnown ? error : refusal(400, 'usage', 'The form cannot be read.');
		}
	}

	if (isCut) {
		throw refusal(413, 'too-large', 'The field "payload" is too large.');
	}

	return found;
};
