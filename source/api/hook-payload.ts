import type {FastifyRequest} from 'fastify';
import {refusal} from './refusal.js';

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
