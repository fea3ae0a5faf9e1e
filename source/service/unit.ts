import path from 'node:path';
import {AppError} from '../base/errors.js';
import type {Folders} from '../store/folders.js';
import {sandboxLines, type SandboxLevel} from './sandbox.js';

/**
The first line of a unit that reelcat wrote and may write again.
*/
export const unitMarker = '# Written by "reelcat service install", which will write it again: put changes in "systemctl --user edit reelcat".';

export type UnitOptions = {
	/**
	The absolute path of the program, and its arguments.
	*/
	execStart: readonly string[];
	environment: Readonly<Record<string, string>>;
	folders: Folders;
	/**
	Where the scheduled exports are written. One of them may be missing, as on a disk that is not mounted.
	*/
	exportFolders?: readonly string[];
	isDemo: boolean;
	/**
	The file that holds the Plex token.
	*/
	credentialFile?: string | undefined;
	sandbox: SandboxLevel;
};

/**
A unit for the user manager of systemd (`systemctl --user`).

@throws AppError 'usage' for a path that no unit file can hold
*/
export const unitText = ({execStart, environment, folders, exportFolders = [], isDemo, credentialFile, sandbox}: UnitOptions): string => [
	unitMarker,
	'',
	'[Unit]',
	`Description=reelcat keeps the catalogue of ${isDemo ? 'the demo' : 'a Plex server'} in step`,
	// Never give up: a database or a disk may be there only long after the machine has started, and a user manager has no target to wait for.
	'StartLimitIntervalSec=0',
	'',
	'[Service]',
	'Type=notify',
	// The messages come from systemd-notify, which is another process.
	'NotifyAccess=all',
	// The colon keeps systemd from replacing $ in paths and arguments.
	`ExecStart=:${execStart.map(word => unitWord(word)).join(' ')}`,
	'ExecReload=/bin/kill -HUP $MAINPID',
	...Object.entries(environment).map(([name, value]) => `Environment=${unitWord(`${name}=${value}`)}`),
	...(credentialFile === undefined ? [] : [`LoadCredential=plex-token:${unitValue(credentialFile)}`]),
	// Also after SIGTERM, which earlyoom and its like send when memory is short. "systemctl stop" stops it all the same.
	'Restart=always',
	'RestartSec=15',
	// A wrong command line, an invalid token, a damaged catalogue: starting again does not help.
	'RestartPreventExitStatus=2 4 7',
	// After SIGTERM and Ctrl-C.
	'SuccessExitStatus=143 130',
	'WatchdogSec=120',
	// The service is ready only when a large catalogue has been read.
	'TimeoutStartSec=300',
	'TimeoutStopSec=30',
	'KillMode=mixed',
	'UMask=0077',
	// A core dump would hold the token.
	'LimitCORE=0',
	...sandboxLines(sandbox),
	...(sandbox === 'bare'
		? []
		: pathLines({
			execStart, folders, exportFolders, environment,
		})),
	'',
	'[Install]',
	'WantedBy=default.target',
	'',
].join('\n');

/**
A private /tmp would hide files that the service needs from the real one.
*/
const pathLines = ({execStart, folders, exportFolders, environment}: Required<Pick<UnitOptions, 'execStart' | 'folders' | 'exportFolders' | 'environment'>>) => {
	const writable = [...new Set([folders.config, folders.data, folders.state])];
	const exported = [...new Set(exportFolders)].filter(folder => !writable.includes(folder));
	const isTemporaryNeeded = [...execStart, ...Object.values(environment), ...writable, ...exported].some(part => isTemporary(part));
	return [
		...(isTemporaryNeeded ? [] : ['PrivateTmp=yes']),
		// The minus lets the service start without the folder.
		`ReadWritePaths=${[...writable, ...exported.map(folder => `-${folder}`)].map(folder => unitWord(folder)).join(' ')}`,
	];
};

const isTemporary = (file: string) => /^(?:\/var)?\/tmp(?:\/|$)/v.test(path.normalize(file));

/**
Writes a word of a list in a unit file (ExecStart=, Environment=, ReadWritePaths=), in quotes if it needs them. There, `%` begins a specifier and a backslash an escape.

@throws AppError 'usage' for text that no unit file can hold
*/
export const unitWord = (word: string): string => {
	const text = writable(word);
	return /^[\w%+,\-.\/:=@]+$/v.test(text) ? text : `"${text.replaceAll(/["\\]/gv, String.raw`\$&`)}"`;
};

/**
Writes a setting that is a single value, in which quotes and backslashes stand for themselves (LoadCredential=).

@throws AppError 'usage' for text that no unit file can hold, for a backslash at the end, which would join the next line, and for blanks there, which systemd drops
*/
export const unitValue = (value: string): string => {
	if (/[\s\\]$/v.test(value)) {
		throw unfit(value, 'its last character');
	}

	return writable(value);
};

const writable = (text: string): string => {
	if (/\p{Control}/v.test(text) || !text.isWellFormed()) {
		throw unfit(text, 'an invalid character');
	}

	return text.replaceAll('%', '%%');
};

const unfit = (text: string, reason: string) => new AppError('usage', `${JSON.stringify(text)} cannot be used in a systemd unit, because of ${reason}.`, {hint: 'Choose a path of usual characters.'});
