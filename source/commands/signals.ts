import {exitCodes} from './exit-codes.js';

/**
The first signal ends the work in order, the second ends it at once, also where the work was ending already for another reason. What was committed is safe either way.
*/
export const listenForSignals = (process: NodeJS.Process) => {
	const controller = new AbortController();
	let exitCode: number | undefined;
	let received: NodeJS.Signals | undefined;
	let hangUp: (() => void) | undefined;
	const stop = (code: number) => {
		if (exitCode !== undefined) {
			return;
		}

		exitCode = code;
		controller.abort(code);
	};

	const stopWith = (code: number) => (name: NodeJS.Signals) => {
		if (received !== undefined) {
			process.exit(exitCode);
		}

		received = name;
		stop(code);
	};

	// nohup starts a program with SIGHUP ignored, and Node.js takes that back. So a process without a terminal ignores it here.
	const loseTerminal = stopWith(exitCodes.hungUp.code);
	const handlers = new Map<NodeJS.Signals, (name: NodeJS.Signals) => void>([
		['SIGINT', stopWith(exitCodes.interrupted.code)],
		['SIGTERM', stopWith(exitCodes.terminated.code)],
		['SIGHUP', name => {
			if (hangUp !== undefined) {
				hangUp();
			} else if (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY) {
				loseTerminal(name);
			}
		}],
	]);
	for (const [name, handler] of handlers) {
		process.on(name, handler);
	}

	return {
		signal: controller.signal,
		exitCode: () => exitCode,
		/**
		Ends the work in order, as the first signal does. The first reason to end gives the exit code.
		*/
		stop,
		/**
		Once it was in raw mode, Node.js sets the modes of the terminal again at its end, which would stop it in the background. By a signal that nobody listens to it ends without that.
		*/
		endBySignal() {
			if (received === undefined) {
				return;
			}

			process.removeAllListeners(received);
			process.kill(process.pid, received);
		},
		onHangUp(action: () => void) {
			hangUp = action;
			return () => {
				hangUp = undefined;
			};
		},
	};
};
