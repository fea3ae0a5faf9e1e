import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {fstatSync, writeSync} from 'node:fs';
import {AppError, errorCode} from '../base/errors.js';
import {fileError} from '../base/file-system.js';
import {exitCodeOfError, exitCodes} from './exit-codes.js';

/**
Writes all of a text or of bytes. Resolves when the reader has taken it; the memory of bytes can then be used again.

@throws AppError 'disk-full' or 'not-writable' for a file; every other failure comes as an event, see `endOnFailedOutput`
*/
export const writeText = async (stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> => {
	const file = fileOf(stream);
	if (file !== undefined) {
		writeToFile(file, text);
		return;
	}

	// A stream holds what is short until later, and of what fills it, it says when it is gone.
	const held = typeof text === 'string' || text.length >= stream.writableHighWaterMark ? text : Buffer.from(text);
	if (!stream.write(held)) {
		await once(stream, 'drain');
	}
};

const fileOf = (stream: NodeJS.WriteStream): number | undefined => {
	const fd = 'fd' in stream && typeof stream.fd === 'number' ? stream.fd : undefined;
	return fd !== undefined && fstatSync(fd).isFile() ? fd : undefined;
};

// A disk that is nearly full takes the beginning of a text and reports no error, and Node.js does not look how much it took.
const writeToFile = (fd: number, text: string | Uint8Array) => {
	try {
		for (let rest = typeof text === 'string' ? Buffer.from(text) : text; rest.length > 0;) {
			rest = rest.subarray(writeSync(fd, rest));
		}
	} catch (error) {
		throw outputError(error);
	}
};

const outputError = (error: unknown): AppError => {
	const {code, message} = fileError(error, 'The output') as AppError;
	return new AppError(code, message, {hint: 'Check what stdout leads to, and try again.', cause: error});
};

type OutputEnd = Pick<NodeJS.Process, 'stdout' | 'stderr'> & {
	/**
	Whether stdout is the log of a daemon.
	*/
	isLog: () => boolean;
	tell: (error: AppError) => void;
	/**
	That of a signal that came before: a terminal that is gone also takes nothing.
	*/
	exitCodeOfSignal: () => number | undefined;
	end: (exitCode: number) => void;
};

/**
Ends the process when stdout takes nothing more, since all work here is done for its output. With `reelcat ls | head -1` the reader has what it wanted, and that is no failure. A log is never read to its end, so a daemon has failed then, and its supervisor starts it again. Messages that stderr does not take are lost, and the work goes on.
*/
export const endOnFailedOutput = ({stdout, stderr, isLog, tell, exitCodeOfSignal, end}: OutputEnd): void => {
	stderr.on('error', () => {/* There is nobody to tell. */});
	stdout.on('error', error => {
		if (isClosedPipe(error) && !isLog()) {
			end(exitCodes.ok.code);
			return;
		}

		const fault = outputError(error);
		const code = exitCodeOfSignal();
		if (code === undefined) {
			tell(fault);
		}

		end(code ?? exitCodeOfError(fault));
	});
};

const isClosedPipe = (error: unknown) => errorCode(error) === 'EPIPE';
