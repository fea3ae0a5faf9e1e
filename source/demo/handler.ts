import {Buffer} from 'node:buffer';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {promisify} from 'node:util';
import {gzip} from 'node:zlib';
import {htmlAnswer, type DemoAnswer} from './answer.js';
import {
	insteadOf,
	spoil,
	type FaultBox,
	type Strikes,
} from './knobs/faults.js';
import {readRequest, type DemoRequest} from './request.js';

type HandlerOptions = {
	faults: FaultBox;
	/**
	Aborts when the server closes.
	*/
	signal: AbortSignal;
	onRequest: (request: DemoRequest, message: IncomingMessage, response: ServerResponse) => void;
	/**
	Waits before the answer. `slowMs` comes from a fault.
	*/
	wait: (request: DemoRequest, slowMs: number) => Promise<void>;
	answer: (request: DemoRequest, message: IncomingMessage, strikes: Strikes) => DemoAnswer;
};

/**
Handles the requests of every demo server: applies faults, and turns any other error into a 500.
*/
export const createHandler = ({faults, signal, onRequest, wait, answer}: HandlerOptions) =>
	async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
		const request = readRequest(message);
		if (request === undefined) {
			message.socket.destroy();
			return;
		}

		onRequest(request, message, response);
		const strikes = faults.strike(request);
		try {
			await wait(request, strikes('slow')?.delayMs ?? 0);
			if (strikes('reset') !== undefined) {
				message.socket.resetAndDestroy();
				return;
			}

			if (strikes('silence') !== undefined) {
				return;
			}

			await send(response, answerWith(strikes, () => answer(request, message, strikes)), {wantsGzip: request.wantsGzip, isHead: request.method === 'HEAD', strikes});
		} catch (error) {
			if (signal.aborted || response.destroyed) {
				// The client hung up, so there is nobody to answer.
				return;
			}

			if (response.headersSent) {
				response.destroy(error instanceof Error ? error : undefined);
			} else {
				await send(response, htmlAnswer(500), {wantsGzip: false, isHead: false, strikes: () => undefined});
			}
		}
	};

const answerWith = (strikes: Strikes, answer: () => DemoAnswer): DemoAnswer => insteadOf(strikes) ?? spoil(answer(), strikes);

const compress = promisify(gzip);

const worthCompressing = 1024;

type SendOptions = {
	wantsGzip: boolean;
	isHead: boolean;
	strikes: Strikes;
};

/**
Sends an answer, with the faults that happen on the wire.
*/
const send = async (response: ServerResponse, answer: DemoAnswer, {wantsGzip, isHead, strikes}: SendOptions): Promise<void> => {
	const huge = strikes('hugeBody');
	if (huge !== undefined) {
		response.writeHead(200, headersOf(answer));
		await pipeline(Readable.from(padding(huge.sizeBytes)), response);
		return;
	}

	const plain = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
	const isCompressed = wantsGzip && typeof answer.body === 'string' && plain.length >= worthCompressing;
	// The fastest level, because the client is on the same machine.
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

const headersOf = ({contentType, headers}: DemoAnswer): Record<string, string> => ({
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
