import process from 'node:process';
import {systemClock, type Clock} from '../base/clock.js';
import {createLoop} from '../base/loop.js';
import {clean} from '../base/text/clean.js';
import {runTool, type ToolResult} from './user-manager.js';

/**
What systemd is told of a service with Type=notify. Without systemd all of this does nothing.
*/
type SdNotify = {
	/**
	It is up, or has taken over its settings again.
	*/
	ready: (status: string) => void;
	/**
	One line for `systemctl status`. Told once a second at most, the latest one.
	*/
	status: (text: string) => void;
	/**
	It reads its settings again; `ready` must follow.
	*/
	reloading: () => void;
	stopping: () => void;
	/**
	From now on say that it is alive as long as `isProgressing`; does nothing where the unit has no WatchdogSec=.
	*/
	watchdog: (isProgressing: () => boolean) => void;
	/**
	Resolves when systemd has been told what it must know, or after 4 seconds.
	*/
	close: () => Promise<void>;
};

export type SdNotifyOptions = {
	env: NodeJS.ProcessEnv;
	clock?: Clock;
	/**
	Runs `systemd-notify` with variables as sd_notify(3) lists them.
	*/
	spawn?: (variables: readonly string[], signal: AbortSignal) => Promise<ToolResult>;
	/**
	A sentence; called once however often it fails.
	*/
	onFault?: (sentence: string) => void;
	pid?: number;
	/**
	CLOCK_MONOTONIC, which is what systemd compares with.
	*/
	monotonicUs?: () => bigint;
};

type Message = {kind: 'state' | 'status' | 'watchdog'; variables: readonly string[]};

const statusEveryMs = 1000;
const spawnTimeoutMs = 5000;
const closeTimeoutMs = 4000;

/**
Node.js cannot send datagrams to Unix sockets, so `systemd-notify` does; it takes 15 ms. Its process is not the main one of the service: the unit needs NotifyAccess=all.
*/
export const createSdNotify = ({
	env,
	clock = systemClock,
	spawn = spawnNotify(env),
	onFault,
	pid = process.pid,
	monotonicUs = () => process.hrtime.bigint() / 1000n,
}: SdNotifyOptions): SdNotify => {
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
		ready(status) {
			dropStatus();
			told = oneLine(status);
			send('state', 'READY=1', `STATUS=${told}`);
		},
		status(text) {
			next = oneLine(text);
			if (isManaged && !isClosed) {
				cancelStatus ??= clock.after(statusEveryMs, tellStatus);
			}
		},
		reloading() {
			// Right for Type=notify and for Type=notify-reload, which insists on the time.
			send('state', 'RELOADING=1', `MONOTONIC_USEC=${monotonicUs()}`);
		},
		stopping() {
			dropStatus();
			send('state', 'STOPPING=1', 'STATUS=Ending: what was committed is kept.');
		},
		watchdog(isProgressing) {
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
A third of what systemd allows, so that one that is lost does no harm.
*/
const watchdogMs = (env: NodeJS.ProcessEnv, pid: number): number | undefined => {
	const limitUs = Number(env['WATCHDOG_USEC'] ?? 0);
	const isMeant = env['WATCHDOG_PID'] === undefined || Number(env['WATCHDOG_PID']) === pid;
	return isMeant && Number.isSafeInteger(limitUs) && limitUs > 0 ? limitUs / 3000 : undefined;
};

/**
A line break would begin another variable.
*/
const oneLine = (text: string) => clean(text).slice(0, 200).toWellFormed();

const spawnNotify = (env: NodeJS.ProcessEnv): NonNullable<SdNotifyOptions['spawn']> => async (variables, signal) =>
	runTool('systemd-notify', variables, {
		env: {PATH: env['PATH'], NOTIFY_SOCKET: env['NOTIFY_SOCKET']}, // eslint-disable-line @typescript-eslint/naming-convention
		timeoutMs: spawnTimeoutMs,
		signal,
	});

/**
One process after the other, because two at once could arrive in either order.
*/
const createQueue = (spawn: NonNullable<SdNotifyOptions['spawn']>, onFault: SdNotifyOptions['onFault']) => {
	const waiting: Message[] = [];
	const cutting = new AbortController();
	let isFaultTold = false;

	const tell = async ({variables}: Message) => {
		const {exitCode} = await spawn(variables, cutting.signal);
		if (exitCode === 0 || isFaultTold) {
			return;
		}

		isFaultTold = true;
		onFault?.(faultText(exitCode));
	};

	const loop = createLoop(async () => {
		for (let message = waiting.shift(); message !== undefined && !cutting.signal.aborted; message = waiting.shift()) {
			await tell(message);
		}
	});

	return {
		/**
		Status and watchdog wait once each: a systemd that does not answer must not fill the memory.
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
	? 'systemd cannot be told that reelcat is up, because there is no systemd-notify on the PATH: it will take the service for dead. Install the package that brings systemd-notify.'
	: `systemd was not told how reelcat is doing, because systemd-notify failed (${exitCode === 124 ? 'it did not end' : `exit code ${exitCode}`}). It is tried again with the next message.`;
