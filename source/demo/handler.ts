import type {IncomingMessage, ServerResponse} from 'node:http';
import {htmlAnswer, type Answer} from './answer.js';
import {insteadOf, spoil} from './fault-answer.js';
import type {FaultBox, Strikes} from './faults.js';
import {readRequest, type DemoRequest} from './request.js';
import {send} from './send.js';

export type HandlerOptions = {
	faults: FaultBox;
	/**
	The server is closing.
	*/
	signal: AbortSignal;
	onRequest: (request: DemoRequest, message: IncomingMessage, response: ServerResponse) => void;
	/**
	What passes before the answer; `slowMs` is the doing of a fault.
	*/
	wait: (request: DemoRequest, slowMs: number) => Promise<void>;
	answer: (request: DemoRequest, message: IncomingMessage, strikes: Strikes) => Answer;
};

/**
What every demo server does with a request: faults strike it, and whatever else goes wrong becomes a 500.
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
				// Somebody hung up; there is nobody to tell.
				return;
			}

			if (response.headersSent) {
				response.destroy(error instanceof Error ? error : undefined);
			} else {
				await send(response, htmlAnswer(500), {wantsGzip: false, isHead: false, strikes: () => undefined});
			}
		}
	};

const answerWith = (strikes: Strikes, answer: () => Answer): Answer => insteadOf(strikes) ?? spoil(answer(), strikes);
