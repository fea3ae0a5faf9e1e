import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {clean} from '../base/text/clean.js';
import {AppError, errorCode} from '../base/errors.js';
import {guarded} from '../base/file-system.js';
import {runProgram} from '../base/run-program.js';
import {desktopEnv, noDesktop, type Programs} from './opening.js';

/**
What is played: the keys of its parts, in their order.
*/
export type Film = {title: string; partKeys: readonly string[]};

export type PlayOptions = Programs & {
	baseUrl: string;
	token: string | undefined;
	/**
	The certificate of the server is one that a person accepted.
	*/
	isPinned: boolean;
};

// A film that was paused may go on the next day.
const longestMs = 7 * 86_400_000;

// mpv reads its options as it starts.
const readByMs = 10_000;

/**
The address of a part. Its key comes from the server, so it must not lead elsewhere, and takes no token along.
*/
const partUrl = (baseUrl: string, key: string): string | undefined => {
	const url = URL.parse(`${baseUrl}${key}`);
	const isThere = key.startsWith('/library/parts/') && url?.href.startsWith(`${baseUrl}/library/parts/`) === true;
	return isThere ? `${url.origin}${url.pathname}` : undefined;
};

// mpv takes a value in this form as it is, whatever characters are in it.
const quoted = (value: string) => `%${value.length}%${value}`;

/**
The options that no other program may see. The token goes along no redirect, and only to a server whose certificate is right; no other program is asked to find the film.
*/
export const playerConfig = (token: string | undefined): string => [
	...token === undefined ? [] : [`http-header-fields-append=${quoted(`X-Plex-Token: ${token}`)}`],
	'stream-lavf-o-append=max_redirects=0',
	'tls-verify=yes',
	'ytdl=no',
].map(text => `${text}\n`).join('');

/**
Plays a film with mpv, in a window of its own. Resolves when it was closed.

The token is in a file that only this user can read, in a folder that only this user can enter, and both are gone once mpv has read them. It is in no argument, no address and no environment.

@throws AppError when there is no mpv, or it cannot play
*/
export const playWithMpv = async ({title, partKeys}: Film, {baseUrl, token, isPinned, env, platform, signal}: PlayOptions): Promise<void> => {
	const reason = noDesktop({env, platform});
	if (reason !== undefined) {
		throw new AppError('usage', `${reason}, so mpv has no place for its window.`);
	}

	if (isPinned) {
		throw new AppError('tls', 'You accepted the certificate of this server yourself, and mpv cannot be held to it.', {hint: 'Play it in Plex Web: o opens it.'});
	}

	const urls = partKeys.map(key => partUrl(baseUrl, key));
	if (urls.length === 0 || urls.includes(undefined)) {
		throw new AppError('usage', 'The server does not tell an address of this file.');
	}

	const folder = await guarded(tmpdir(), 'written', async () => mkdtemp(path.join(tmpdir(), 'reelcat-mpv-')));
	const forget = async () => rm(folder, {recursive: true, force: true});
	const timer = setTimeout(() => {
		void forget();
	}, readByMs);
	try {
		const config = path.join(folder, 'mpv.conf');
		await guarded(config, 'written', async () => writeFile(config, playerConfig(token), {mode: 0o600, flag: 'wx'}));
		const {end} = await runProgram({
			argv: ['mpv', '--no-terminal', '--force-window=immediate', `--include=${config}`, `--force-media-title=${clean(title)}`, '--', ...urls as string[]],
			env: desktopEnv(env),
			timeoutMs: longestMs,
			signal,
		});
		if (end.kind === 'not-started') {
			throw errorCode(end.error) === 'ENOENT'
				? new AppError('not-found', 'mpv is not installed here.', {hint: 'Install mpv to play films from here; o opens them in Plex Web.'})
				: new AppError('forbidden', `mpv could not be started (${errorCode(end.error) ?? 'unknown reason'}).`);
		}

		// 4 is the end by a signal of the person.
		if (end.kind === 'exited' && ![0, 4].includes(end.exitCode)) {
			throw new AppError('server-error', `mpv could not play "${clean(title)}" (code ${end.exitCode}).`, {hint: 'Check that the server is there and has the file; o opens it in Plex Web.'});
		}
	} finally {
		clearTimeout(timer);
		await forget();
	}
};
