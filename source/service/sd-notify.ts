import process from 'node:process';
import {systemClock, type Clock} from '../base/clock.js';
import {createLoop} from '../base/loop.js';
import {clean} from '../base/text/clean.js';
import {runTool, type ToolResult} from './user-manager.js';

export type SdNotifyOptions = {
	env: NodeJS.ProcessEnv;
	clock?: Clock;
	/**
	Runs `systemd-notify` with variables as sd_notify(3) lists them.
	*/
	spawn?: (variables: readonly string[], signal: AbortSignal) => Promise<ToolResult>;
	/**
	Called with a sentence, only for the first failure.
	*/
	onFault?: (sentence: string) => void;
	pid?: number;
	/**
	The time of CLOCK_MONOTONIC, which systemd compares with.
	*/
	monotonicUs?: () => bigint;
};

type Message = {kind: 'state' | 'status' | 'watchdog'; variables: readonly string[]};

const statusEveryMs = 1000;
const spawnTimeoutMs = 5000;
const closeTimeoutMs = 4000;

/**
Tells systemd how a service with Type=notify is doing; without systemd, no method does anything. It sends with `systemd-notify`, which takes 15 ms, since Node.js cannot send datagrams to Unix sockets. The unit needs NotifyAccess=all for it, since that is not the main process of the service.
*/
export const createSdNotify = ({
	env,
	clock = systemClock,
	spawn = spawnNotify(env),
	onFault,
	pid = process.pid,
	monotonicUs = () => process.hrtime.bigint() / 1000n,
}: SdNotifyOptions) => {
	const queue = createQueue(spawn, onFault);
	const isManaged = (env['NOTIFY_SOCKET'] ?? '') !== '';
	let told: string | undefined;
	let next: string | undefined;
	let cancelStatus: (() => void) | undefined;
	let cancelWatchdog: (() => void) | undefined;
	let isClosed = false;

	const send = (kind: Message['kind'], ...variables: string[]) => {
		if (isManaged && !isClosed) {
			queue.add({kind, variables});
		}
	};

	const dropStatus = () => {
		cancelStatus?.();
		cancelStatus = undefined;
		next = undefined;
	};

	const tellStatus = () => {
		const text = next;
		dropStatus();
		if (text === undefined || text === told) {
			return;
		}

		told = text;
		send('status', `STATUS=${text}`);
	};

	return {
		/**
		The service has started, or has read its settings again.
		*/
		ready(status: string) {
			dropStatus();
			told = oneLine(status);
			send('state', 'READY=1', `STATUS=${told}`);
		},
		/**
		The line for `systemctl status`. At most one per second is sent, the latest.
		*/
		status(text: string) {
			next = oneLine(text);
			if (isManaged && !isClosed) {
				cancelStatus ??= clock.after(statusEveryMs, tellStatus);
			}
		},
		/**
		The service reads its settings again; `ready` must follow.
		*/
		reloading() {
			// Type=notify-reload requires the time; Type=notify ignores it.
			send('state', 'RELOADING=1', `MONOTONIC_USEC=${monotonicUs()}`);
		},
		stopping() {
			dropStatus();
			send('state', 'STOPPING=1', 'STATUS=Ending: what was committed is kept.');
		},
		/**
		Starts to report that the service is alive, as long as `isProgressing`. Does nothing if the unit has no WatchdogSec=.
		*/
		watchdog(isProgressing: () => boolean) {
			const everyMs = watchdogMs(env, pid);
			if (!isManaged || isClosed || everyMs === undefined || cancelWatchdog !== undefined) {
				return;
			}

			const beat = () => {
				if (isProgressing()) {
					send('watchdog', 'WATCHDOG=1');
				}

				cancelWatchdog = clock.after(everyMs, beat);
			};

			beat();
		},
		/**
		Resolves when all messages are sent, after 4 seconds at the latest.
		*/
		async close() {
			isClosed = true;
			dropStatus();
			cancelWatchdog?.();
			const takeBack = clock.after(closeTimeoutMs, queue.cut);
			await queue.finish();
			takeBack();
		},
	};
};

/**
A third of the time that systemd allows, so that a lost message does no harm.
*/
const watchdogMs = (env: NodeJS.ProcessEnv, pid: number): number | undefined => {
	const limitUs = Number(env['WATCHDOG_USEC'] ?? 0);
	const isMeant = env['WATCHDOG_PID'] === undefined || Number(env['WATCHDOG_PID']) === pid;
	return isMeant && Number.isSafeInteger(limitUs) && limitUs > 0 ? limitUs / 3000 : undefined;
};

/**
A line break would begin the next variable.
*/
const oneLine = (text: string) => clean(text).slice(0, 200).toWellFormed();

const spawnNotify = (env: NodeJS.ProcessEnv): NonNullable<SdNotifyOptions['spawn']> => async (variables, signal) =>
	runTool('systemd-notify', variables, {
		env: {PATH: env['PATH'], NOTIFY_SOCKET: env['NOTIFY_SOCKET']}, // eslint-disable-line @typescript-eslint/naming-convention
		timeoutMs: spawnTimeoutMs,
		signal,
	});

/**
Runs one process after the other, because messages of two processes could arrive in either order.
*/
const createQueue = (spawn: NonNullable<SdNotifyOptions['spawn']>, onFault: SdNotifyOptions['onFault']) => {
	const waiting: Message[] = [];
	const cutting = new AbortController();
	let isFaultTold = false;

	const loop = createLoop(async () => {
		for (let message = waiting.shift(); message !== undefined && !cutting.signal.aborted; message = waiting.shift()) {
			const {exitCode} = await spawn(message.variables, cutting.signal);
			if (exitCode === 0 || isFaultTold) {
				continue;
			}

			isFaultTold = true;
			onFault?.(faultText(exitCode));
		}
	});

	return {
		/**
		Of status and watchdog only the latest message waits, so that the queue cannot grow while systemd does not answer.
		*/
		add(message: Message) {
			const index = waiting.findIndex(({kind}) => kind === message.kind && kind !== 'state');
			if (index !== -1) {
				waiting.splice(index, 1);
			}

			waiting.push(message);
			loop.kick();
		},
		cut() {
			cutting.abort();
		},
		finish: loop.idle,
	};
};

const faultText = (exitCode: number) => exitCode === 127
	? 'systemd cannot be told that reelcat is up, because there is no systemd-notify on the PATH: it will treat the service as dead. Install the package that brings systemd-notify.'
	: `systemd was not told how reelcat is doing, because systemd-notify failed (${exitCode === 124 ? 'it did not end' : `exit code ${exitCode}`}). It is tried again with the next message.`;
