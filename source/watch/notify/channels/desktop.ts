import process from 'node:process';
import type * as z from 'zod';
import type {NodeNotifier} from 'node-notifier';
import {AppError} from '../../../base/errors.js';
import type {Channel} from '../channel.js';
import {channelSchema, defineChannel, type ChannelParts} from '../channel-module.js';
import {
	cutText,
	loudness,
	plainBody,
	plainTitle,
	type Notice,
} from '../notice.js';
import {programEnv, runForChannel, throwIfAborted} from '../programs.js';

const schema = channelSchema('desktop', {});

type Written = z.infer<typeof schema>;

type DesktopOptions = Pick<ChannelParts, 'clock' | 'env'> & {
	platform?: NodeJS.Platform;
	load?: () => Promise<Pick<NodeNotifier, 'notify'>>;
};

const loadNotifier = async () => {
	const {default: notifier} = await import('node-notifier');
	return notifier;
};

const timeoutMs = 10_000;

/**
Shows a notification on the desktop of this machine, with `notify-send` on Linux and BSD and `node-notifier` on macOS and Windows. (On Linux node-notifier calls the same program, but through a shell.)
*/
export const createDesktop = ({name}: Written, {clock, env, platform = process.platform, load = loadNotifier}: DesktopOptions): Channel => ({
	name,
	kind: 'desktop',
	async send(notice, signal) {
		throwIfAborted(signal);
		if (['darwin', 'win32'].includes(platform) || isSet(env['WSL_DISTRO_NAME'])) {
			await throughNotifier(notice, {clock, load, signal});
			return;
		}

		if (['DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY'].every(variable => !isSet(env[variable]))) {
			throw new AppError('usage', 'This process has no desktop: it knows neither a display nor a session bus.', {
				hint: 'A service of the whole system has none: run it as a user service, or use another kind of channel.',
			});
		}

		await runForChannel({
			argv: ['notify-send', '--app-name=reelcat', `--urgency=${loudness(notice) === 'error' ? 'critical' : 'normal'}`, '--', cutText(plainTitle(notice), 200), bodyFor(notice)],
			env: programEnv(env),
			timeoutMs,
			label: 'notify-send',
			signal,
			clock,
		});
	},
});

const isSet = (value: string | undefined) => value !== undefined && value !== '';

/**
Desktops read the body as markup, and notify-send reads backslashes as escapes.
*/
const bodyFor = (notice: Notice) => cutText(plainBody(notice), 1000)
	.replaceAll('\\', '\\\\')
	.replaceAll('&', '&amp;')
	.replaceAll('<', '&lt;')
	.replaceAll('>', '&gt;');

const throughNotifier = async (notice: Notice, {clock, load, signal}: Required<Pick<DesktopOptions, 'clock' | 'load'>> & {signal: AbortSignal}) => {
	let notifier: Pick<NodeNotifier, 'notify'>;
	try {
		notifier = await load();
	} catch (error) {
		throw new AppError('usage', 'Desktop notifications need the package node-notifier, which is not installed.', {
			hint: 'Install it beside reelcat (npm install --global node-notifier), or use another kind of channel.',
			cause: error,
		});
	}

	const {promise, resolve, reject} = Promise.withResolvers<void>();
	// Some desktops do not answer until a person clicks. If nothing was refused by then, the notification is on the screen.
	const cancelTimer = clock.after(timeoutMs, resolve);
	const abort = () => {
		reject(new AppError('cancelled', 'The desktop notification was cancelled.'));
	};

	signal.addEventListener('abort', abort, {once: true});
	try {
		notifier.notify({title: cutText(plainTitle(notice), 200), message: cutText(plainBody(notice), 1000), wait: false}, error => {
			if (error) {
				reject(new AppError('server-error', 'The desktop did not take the notification.', {hint: 'Check that notifications are allowed for the terminal or for node.', cause: error}));
			} else {
				resolve();
			}
		});
		await promise;
	} finally {
		cancelTimer();
		signal.removeEventListener('abort', abort);
	}
};

export default defineChannel({
	schema,
	secrets: [],
	example: {name: 'desktop', kind: 'desktop'},
	create: createDesktop,
});
