import {setTimeout as wait} from 'node:timers/promises';
import {errorCode} from '../base/errors.js';
import {runProgram} from '../base/run-program.js';
import {programEnv} from '../watch/notify/programs.js';

export type Programs = {env: NodeJS.ProcessEnv; platform: NodeJS.Platform; signal: AbortSignal};

const isSet = (value: string | undefined) => value !== undefined && value !== '';

/**
Why no window can be opened here; undefined where there is a desktop.
*/
export const noDesktop = ({env, platform}: Pick<Programs, 'env' | 'platform'>): string | undefined =>
	['darwin', 'win32'].includes(platform) || isSet(env['DISPLAY']) || isSet(env['WAYLAND_DISPLAY']) ? undefined : 'There is no desktop here';

/**
The environment of a program that a person starts from the app: what the desktop needs, and no token.
*/
export const desktopEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
	...programEnv(env),
	...Object.fromEntries(['BROWSER', 'MPV_HOME', 'PULSE_SERVER'].flatMap(name => isSet(env[name]) ? [[name, env[name]]] : [])),
});

const openerOf = (platform: NodeJS.Platform): readonly string[] => {
	if (platform === 'darwin') {
		return ['open'];
	}

	return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
};

// An opener that has not failed by then has found a browser. It may run as long as the browser does.
const patienceMs = 3000;
const longestMs = 86_400_000;

/**
Opens an address in the browser of the desktop. Resolves to the reason why it could not; to undefined once it is open.
*/
export const openInBrowser = async (address: string, {env, platform, signal}: Programs): Promise<string | undefined> => {
	const reason = isSet(env['SSH_CONNECTION']) ? 'Over SSH no browser of yours can be opened' : noDesktop({env, platform});
	if (reason !== undefined) {
		return reason;
	}

	const argv = [...openerOf(platform), address];
	const opened = await Promise.race([
		runProgram({
			argv, env: desktopEnv(env), timeoutMs: longestMs, signal,
		}),
		wait(patienceMs, undefined, {ref: false}),
	]);
	if (opened === undefined || (opened.end.kind === 'exited' && opened.end.exitCode === 0)) {
		return undefined;
	}

	return opened.end.kind === 'not-started' && errorCode(opened.end.error) === 'ENOENT' ? `${argv[0]!} is not installed here` : `${argv[0]!} could not open it`;
};
