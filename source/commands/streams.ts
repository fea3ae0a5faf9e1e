import {Buffer} from 'node:buffer';
import {fstatSync, writeSync} from 'node:fs';
import {AppError, errorCode, isAppError} from '../base/errors.js';
import {fileError} from '../base/file-system.js';
import {exitCodeOfError, exitCodes} from './exit-codes.js';

/**
Writes all of a text or of bytes. Resolves when the reader has taken it; the memory of bytes can then be used again.

@throws AppError 'disk-full' or 'not-writable' for a file, and the error of the stream for everything else
*/
const writeText = async (stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> => {
	const file = fileOf(stream);
	if (file !== undefined) {
		writeToFile(file, text);
		return;
	}

	// A stream that has failed never says again that it has room, but it always answers a write.
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	stream.write(text, error => {
		if (error instanceof Error) {
			reject(error);
		} else {
			resolve();
		}
	});
	await promise;
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
	/**
	Whether the work goes on to its end, since it is not done for its output.
	*/
	goesOn: () => boolean;
	tell: (error: AppError) => void;
	/**
	That of a signal that came before: a terminal that is gone also takes nothing.
	*/
	exitCodeOfSignal: () => number | undefined;
	end: (exitCode: number) => void;
};

/**
What becomes of the process when stdout takes nothing more. With `reelcat ls | head -1` the reader has what it wanted, so reelcat ends at once, and that is no failure. An import is not done for its output: it goes on, and what it prints is lost. A log is never read to its end, so a daemon has failed then, and its supervisor starts it again. Messages that stderr does not take are lost, and the work goes on.
*/
export const createOutput = ({stdout, stderr, isLog, goesOn, tell, exitCodeOfSignal, end}: OutputEnd) => {
	let isGone = false;
	let lost: AppError | undefined;
	const fail = (error: unknown) => {
		if (goesOn()) {
			if (!isGone && !isClosedPipe(error)) {
				lost = isAppError(error) ? error : outputError(error);
			}

			isGone = true;
			return;
		}

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
	};

	stderr.on('error', () => {/* There is nobody to tell. */});
	stdout.on('error', fail);
	return {
		/**
		Writes all of a text or of bytes to stdout. Resolves when the reader has taken it, or when nobody reads any more.

		@throws AppError 'disk-full' or 'not-writable' for a file, unless the work goes on
		*/
		async write(text: string | Uint8Array): Promise<void> {
			if (isGone) {
				return;
			}

			try {
				await writeText(stdout, text);
			} catch (error) {
				if (isAppError(error) && !goesOn()) {
					throw error;
				}

				fail(error);
			}
		},
		isRead: () => !isGone,
		/**
		Why output was lost while the work went on. That a reader had read enough is none.
		*/
		lost: () => lost,
	};
};

const isClosedPipe = (error: unknown) => errorCode(error) === 'EPIPE';
