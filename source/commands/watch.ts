import {once} from 'node:events';
import {fstatSync} from 'node:fs';
import {requireAppError} from '../base/errors.js';
import {createJournalLevel} from '../log/journal-level.js';
import {createLogLine} from '../log/log-entry.js';
import {createRedact} from '../log/redact.js';
import {connectingServerIds} from '../app/current-server.js';
import type {ApiFlags} from '../app/open-daemon.js';
import type {OwnProgram} from '../app/scheduled-exports.js';
import {ownPaths} from '../service/own-path.js';
import {withWriter} from '../app/run-engine.js';
import {jobCounts} from '../reports/job-words.js';
import {plural} from '../base/text/format.js';
import type {WatchNote, WatchStatus} from '../watch/types.js';
import type {WatchFlags} from '../watch/watch-settings.js';
import type {ParsedFlags} from '../base/flags.js';
import type {CommandContext} from './command.js';

export const watchFlagsOf = (flags: ParsedFlags): WatchFlags => ({
	interval: flags.string('interval'),
	fullEvery: flags.string('fullEvery'),
	isAudited: flags.boolean('audit'),
	quietHours: flags.string('quietHours'),
	only: flags.strings('library'),
});

/**
How this process was started, for commands that ask the same server.
*/
export const ownProgram = (flags: ParsedFlags, env: NodeJS.ProcessEnv): OwnProgram => ({
	program() {
		const {node, cli} = ownPaths();
		return [node, cli];
	},
	options: Object.entries({
		url: flags.string('url'), server: flags.string('server'), store: flags.string('store'), 'token-file': flags.string('tokenFile'),
	}).flatMap(([name, value]) => value === undefined ? [] : [`--${name}`, value]),
	env,
});

export const apiFlagsOf = (flags: ParsedFlags, env: NodeJS.ProcessEnv): ApiFlags => ({
	isWanted: flags.boolean('api') !== false, address: flags.string('api'), hosts: flags.strings('apiHost'), isPagePublic: flags.boolean('publicPage') === true, env,
});

/**
Watches without a screen, for systemd and containers. It writes lines of JSON to stdout, SIGHUP reads the settings again, SIGTERM and Ctrl-C end it.

@returns the exit code
@throws AppError before it has started
*/
export const watchHeadless = async ({session, flags, io, signal, version}: CommandContext): Promise<number> => {
	const isVerbose = flags.boolean('verbose') === true;
	const logLine = await createLogLine();
	const redact = createRedact(() => session.secrets());
	const journalLevel = createJournalLevel(io.env, fstatSync(1, {bigint: true}));
	const say = ({level, text: message, at}: Pick<WatchNote, 'level' | 'text' | 'at'>) => {
		const line = logLine({level, message}, new Date(at));
		io.log(journalLevel(level) + redact(line));
	};

	const sayNow = (level: WatchNote['level'], text: string) => {
		say({level, text, at: new Date().toISOString()});
	};

	const {createSdNotify} = await import('../service/sd-notify.js');
	const systemd = createSdNotify({
		env: io.env,
		onFault(sentence) {
			sayNow('warn', sentence);
		},
	});
	let isProgressing = () => true;
	const standBy = {
		signal,
		onWait(reason: string) {
			sayNow('info', `Standing by: ${reason}`);
			// A service that stands by has started.
			systemd.ready(`standing by: ${reason}`);
			systemd.watchdog(() => isProgressing());
		},
	};

	const watch = async () => withWriter(session, {hint: 'If that is a daemon, "reelcat status" shows its state; otherwise wait until it has ended.', standBy, writesFor: connectingServerIds(session, {ask: signal})}, async store => {
		await store.load();
		const {openDaemon} = await import('../app/open-daemon.js');
		const opened = await openDaemon(session, {
			version,
			store,
			flags: watchFlagsOf(flags),
			isVerbose,
			onNote: say,
			api: apiFlagsOf(flags, io.env),
			own: ownProgram(flags, io.env),
			...(isVerbose && {mirror: io.say}),
		});
		const reload = async () => {
			systemd.reloading();
			try {
				await opened.reload();
			} catch (error) {
				requireAppError(error);

				opened.daemon.note(`The new settings were not applied: ${error.message}`, 'error');
			} finally {
				systemd.ready(statusLine(opened.daemon.statusNow()));
			}
		};

		const release = io.onHangUp(() => {
			void reload();
		});
		try {
			if (store.notice !== undefined) {
				opened.daemon.note(store.notice, 'warn');
			}

			opened.daemon.note(opened.address === undefined ? 'Watching, without an API.' : `Watching; the API listens on ${'url' in opened.address ? `port ${new URL(opened.address.url).port}` : opened.address.socketPath}.`);
			await opened.daemon.start();
			systemd.ready(statusLine(opened.daemon.statusNow()));
			({isProgressing} = opened.daemon);
			systemd.watchdog(() => isProgressing());
			const unsubscribe = opened.daemon.overhear(({event}) => {
				if (event.type === 'status') {
					systemd.status(statusLine(event.status));
				}
			});
			await aborted(signal);
			unsubscribe();
			systemd.stopping();
			opened.daemon.note('Ending: what was committed is kept.');
		} finally {
			release();
			isProgressing = () => true;
			await opened.close();
		}

		return 0;
	});

	try {
		return await watch();
	} finally {
		await systemd.close();
	}
};

// `systemctl status` shows this line.
const statusLine = ({health, libraries, jobs}: WatchStatus): string => `${health}: ${plural(libraries.length, 'library', 'libraries')}, ${jobCounts(jobs)}`;

const aborted = async (signal: AbortSignal) => {
	// The timers of a daemon do not keep the process alive, so this one does.
	const alive = setInterval(() => {/* does nothing */}, 2 ** 30);
	try {
		if (!signal.aborted) {
			await once(signal, 'abort');
		}
	} finally {
		clearInterval(alive);
	}
};
