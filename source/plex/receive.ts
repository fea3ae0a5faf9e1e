import {Buffer} from 'node:buffer';
import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import type {Request} from 'got';
import {errorCode} from '../base/errors.js';

export type Received = {
	status: number;
	header: (name: string) => string | undefined;
	/**
	Unpacked; absent when there is more of it than is allowed.
	*/
	body: Uint8Array | undefined;
	receivedBytes: number;
};

export const isSuccess = (status = 0) => status >= 200 && status <= 299;

/**
What a page of an error says is only searched for a word.
*/
const maxErrorBodyBytes = 16_384;

/**
Reads an answer, no further than `maxBodyBytes`, packed and unpacked: a small answer cannot grow without bound.

@throws The error of got or zlib; it may carry the request, so it must not be kept.
*/
export const receive = async (stream: Request, maxBodyBytes: number): Promise<Received> => {
	const chunks: Uint8Array[] = [];
	let receivedBytes = 0;
	let limit = maxBodyBytes;
	for await (const chunk of stream as AsyncIterable<Uint8Array>) {
		limit = isSuccess(stream.response?.statusCode) ? maxBodyBytes : maxErrorBodyBytes;
		receivedBytes += chunk.byteLength;
		chunks.push(chunk);
		if (receivedBytes > limit) {
			break;
		}
	}

	const {response} = stream;
	const header = (name: string) => {
		const value = response?.headers[name];
		return Array.isArray(value) ? value[0] : value;
	};

	const packed = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
	return {
		status: response?.statusCode ?? 0,
		header,
		body: receivedBytes > limit
			? undefined
			: await unpack(packed, {
				encoding: header('content-encoding'),
				maxOutputLength: limit,
				isErrorPage: !isSuccess(response?.statusCode),
			}),
		receivedBytes,
	};
};

const gunzipAsync = promisify(gunzip);

const unpack = async (body: Uint8Array, {encoding, maxOutputLength, isErrorPage}: {encoding: string | undefined; maxOutputLength: number; isErrorPage: boolean}): Promise<Uint8Array | undefined> => {
	if (body.byteLength === 0 || !/^(?:x-)?gzip$/iv.test(encoding?.trim() ?? '')) {
		return body;
	}

	try {
		return await gunzipAsync(body, {maxOutputLength, chunkSize: 262_144});
	} catch (error) {
		// The status of an error says enough without its page.
		if (isErrorPage || errorCode(error) === 'ERR_BUFFER_TOO_LARGE') {
			return undefined;
		}

		throw error;
	}
};
