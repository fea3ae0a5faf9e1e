import {createInterface, type Interface} from 'node:readline/promises';
import {Writable} from 'node:stream';
import {AppError, errorCode} from '../base/errors.js';
import type {CommandContext} from './command.js';

type Asking = {io: Pick<CommandContext['io'], 'stdin' | 'stderr'>; signal: AbortSignal};

/**
@returns the typed line, or an empty text if the input ends
@throws AppError 'cancelled'
*/
export const askLine = async (question: string, {io: {stdin, stderr}, signal}: Asking): Promise<string> => {
	// The terminal itself edits the line, so that Ctrl-C remains a signal.
	const answer = await answerTo(question, createInterface({input: stdin, output: stderr, terminal: false}), signal);
	if (answer === undefined) {
		// End the line of the question.
		stderr.write('\n');
	}

	return unlessCancelled(answer, signal);
};

/**
Asks at the terminal for a secret, which is not shown while it is typed; without a terminal the first line of the input is taken.

@returns the secret, or an empty text if the input ends
@throws AppError 'cancelled'
*/
export const askSecret = async (question: string, {io: {stdin, stderr}, signal}: Asking): Promise<string> => {
	const interrupted = new AbortController();
	const nowhere = new Writable({
		write(_chunk, _encoding, done) {
			done();
		},
	});
	// What is typed is sent to the output and not to the terminal.
	const asking = createInterface({input: stdin, output: nowhere, terminal: stdin.isTTY});
	asking.once('SIGINT', () => {
		interrupted.abort();
	});
	const showAtTerminal = (text: string) => {
		if (stdin.isTTY) {
			stderr.write(text);
		}
	};

	showAtTerminal(question);
	const either = AbortSignal.any([signal, interrupted.signal]);
	const answer = await answerTo('', asking, either);
	showAtTerminal('\n');
	return unlessCancelled(answer, either);
};

/**
@returns undefined if the input ends, or the signal aborts
*/
const answerTo = async (question: string, asking: Interface, signal: AbortSignal): Promise<string | undefined> => {
	const {promise: ended, resolve: end} = Promise.withResolvers<undefined>();
	asking.once('close', () => {
		end(undefined);
	});
	try {
		return await Promise.race([asking.question(question, {signal}), ended]);
	} catch (error) {
		if (errorCode(error) !== 'ABORT_ERR') {
			throw error;
		}

		return undefined;
	} finally {
		asking.close();
	}
};

const unlessCancelled = (answer: string | undefined, {aborted}: AbortSignal): string => {
	if (answer === undefined && aborted) {
		throw new AppError('cancelled', 'The question was cancelled.');
	}

	return answer ?? '';
};
