import {Buffer} from 'node:buffer';
import type {ServerResponse} from 'node:http';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {promisify} from 'node:util';
import {gzip} from 'node:zlib';
import type {Answer} from './answer.js';
import type {Strikes} from './faults.js';

const compress = promisify(gzip);

const worthCompressing = 1024;

export type SendOptions = {
	wantsGzip: boolean;
	isHead: boolean;
	strikes: Strikes;
};

/**
Puts an answer on the wire, with the faults that happen there.
*/
export const send = async (response: ServerResponse, answer: Answer, {wantsGzip, isHead, strikes}: SendOptions): Promise<void> => {
	const huge = strikes('hugeBody');
	if (huge !== undefined) {
		response.writeHead(200, headersOf(answer));
		await pipeline(Readable.from(padding(huge.sizeBytes)), response);
		return;
	}

	const plain = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
	const isCompressed = wantsGzip && typeof answer.body === 'string' && plain.length >= worthCompressing;
	// The quickest level: this is a server on the same machine.
	const body = isCompressed ? await compress(plain, {level: 1}) : plain;
	response.writeHead(answer.status, {
		...headersOf(answer),
		...(isCompressed && {'Content-Encoding': 'gzip'}),
		'Content-Length': body.length,
	});

	if (strikes('stall') !== undefined) {
		response.write(body.subarray(0, Math.floor(body.length / 2)));
		return;
	}

	if (strikes('cut') !== undefined) {
		response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
			response.destroy();
		});
		return;
	}

	response.end(isHead ? undefined : body);
};

const headersOf = ({contentType, headers}: Answer): Record<string, string> => ({
	'Content-Type': contentType,
	'Cache-Control': 'no-cache',
	'X-Plex-Protocol': '1.0',
	Vary: 'Origin, X-Plex-Token',
	...headers,
});

/**
JSON that would be valid if anybody waited for its end.
*/
function * padding(sizeBytes: number): Generator<Uint8Array> {
	yield Buffer.from('{"MediaContainer":{"size":0');
	const blank = Buffer.alloc(64 * 1024, ' ');
	for (let sent = 0; sent < sizeBytes; sent += blank.length) {
		yield blank.subarray(0, Math.min(blank.length, sizeBytes - sent));
	}

	yield Buffer.from('}}');
}
