import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';
import {AppError, errorCode} from '../base/errors.js';
import type {CommandContext} from './command.js';

/**
Asks at the terminal for a secret, which is not shown while it is typed; without a terminal the first line of the input is taken.

@returns the secret, or an empty text if the input ends
@throws AppError 'cancelled'
*/
export const askSecret = async (question: string, {io: {stdin, stderr}, signal}: Pick<CommandContext, 'io' | 'signal'>): Promise<string> => {
	const stop = new AbortController();
	const nowhere = new Writable({
		write(_chunk, _encoding, done) {
			done();
		},
	});
	// What is typed is sent to the output and not to the terminal.
	const asking = createInterface({input: stdin, output: nowhere, terminal: stdin.isTTY});
	asking.once('SIGINT', () => {
		stop.abort();
	});
	const {promise: ended, resolve: end} = Promise.withResolvers<void>();
	asking.once('close', end);
	if (stdin.isTTY) {
		stderr.write(question);
	}

	try {
		return await Promise.race([asking.question('', {signal: AbortSignal.any([signal, stop.signal])}), ended]) ?? '';
	} catch (error) {
		if (errorCode(error) !== 'ABORT_ERR') {
			throw error;
		}

		throw new AppError('cancelled', 'The question was cancelled.');
	} finally {
		asking.close();
		if (stdin.isTTY) {
			stderr.write('\n');
		}
	}
};
