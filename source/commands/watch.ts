import {AppError, isAppError} from '../errors.js';
import {createLogLine} from '../log/log-line.js';
import {createRedact} from '../log/redact.js';
import {readOnlyReason} from '../read-only-reason.js';
import type {WatchNote} from '../watch/types.js';
import type {WatchFlags} from '../watch/watch-settings.js';
import type {CommandContext, ParsedFlags} from './command.js';

export const watchFlagsOf = (flags: ParsedFlags): WatchFlags => ({
	interval: flags.string('interval'),
	fullEvery: flags.string('fullEvery'),
	isAudited: flags.boolean('audit'),
	quietHours: flags.string('quietHours'),
	only: flags.strings('library'),
});

/**
Watch without a screen, for systemd and containers: lines of JSON on stdout, SIGHUP reads the settings again, SIGTERM and Ctrl-C end it.

@returns the exit code
@throws AppError before it has begun
*/
export const watchHeadless = async ({session, flags, io, signal, version}: CommandContext): Promise<number> => {
	const isVerbose = flags.boolean('verbose') === true;
	const logLine = await createLogLine();
	const redact = createRedact(() => session.secrets());
	const say = ({level, text: message, at}: Pick<WatchNote, 'level' | 'text' | 'at'>) => {
		const line = logLine({level, message}, new Date(at));
		io.log(redact(line));
	};

	const store = await session.openStore();
	try {
		if (store.mode === 'reader') {
			throw new AppError('locked', readOnlyReason(store.holder), {hint: 'If that is a daemon, "reelcat status" asks it how it is; otherwise wait until it has ended.'});
		}

		await store.load();
		const {openDaemon} = await import('../open-daemon.js');
		const opened = await openDaemon(session, {
			version,
			store,
			flags: watchFlagsOf(flags),
			isVerbose,
			onNote: say,
			...(isVerbose && {mirror: io.say}),
		});
		const release = io.onHangUp(() => {
			try {
				opened.reload();
			} catch (error) {
				if (!isAppError(error)) {
					throw error;
				}

				opened.daemon.note(`The settings were not taken over: ${error.message}`, 'error');
			}
		});
		try {
			if (store.notice !== undefined) {
				opened.daemon.note(store.notice, 'warn');
			}

			await opened.daemon.start();
			await aborted(signal);
			opened.daemon.note('Ending: what was committed is kept.');
		} finally {
			release();
			await opened.close();
		}

		return 0;
	} finally {
		await store.close({isQuick: true});
	}
};

const aborted = async (signal: AbortSignal) => {
	// Nothing else may keep the process alive: all timers of a daemon let it end.
	const alive = setInterval(() => {/* only there */}, 2 ** 30);
	try {
		await new Promise<void>(resolve => {
			if (signal.aborted) {
				resolve();
			}

			signal.addEventListener('abort', () => {
				resolve();
			}, {once: true});
		});
	} finally {
		clearInterval(alive);
	}
};
