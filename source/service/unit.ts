import path from 'node:path';
import type {Folders} from '../store/folders.js';
import {sandboxLines, type SandboxLevel} from './sandbox.js';
import {unitValue, unitWord} from './unit-words.js';

/**
The first line of a unit that reelcat wrote and may write again.
*/
export const unitMarker = '# Written by "reelcat service install", which will write it again: put changes in "systemctl --user edit reelcat".';

export type UnitOptions = {
	/**
	Program and arguments; the program with its whole path.
	*/
	execStart: readonly string[];
	environment: Readonly<Record<string, string>>;
	folders: Folders;
	isDemo: boolean;
	/**
	Holds the Plex token.
	*/
	credentialFile?: string | undefined;
	sandbox: SandboxLevel;
};

/**
A unit for the user manager of systemd (`systemctl --user`).

@throws AppError 'usage' for paths that no unit file can hold
*/
export const unitText = ({execStart, environment, folders, isDemo, credentialFile, sandbox}: UnitOptions): string => [
	unitMarker,
	'',
	'[Unit]',
	`Description=reelcat keeps the catalogue of ${isDemo ? 'the demo' : 'a Plex server'} in step`,
	// More than that within a minute, and a person has to look. There is no network target to wait for in a user manager; reelcat waits itself.
	'StartLimitIntervalSec=60',
	'StartLimitBurst=4',
	'',
	'[Service]',
	'Type=notify',
	// systemd-notify does the telling, from a process of its own.
	'NotifyAccess=all',
	// The colon keeps $ in paths and arguments as it is.
	`ExecStart=:${execStart.map(word => unitWord(word)).join(' ')}`,
	'ExecReload=/bin/kill -HUP $MAINPID',
	...Object.entries(environment).map(([name, value]) => `Environment=${unitWord(`${name}=${value}`)}`),
	...(credentialFile === undefined ? [] : [`LoadCredential=plex-token:${unitValue(credentialFile)}`]),
	'Restart=on-failure',
	'RestartSec=5',
	// A wrong command line, no valid token, a damaged catalogue: starting again mends none of these.
	'RestartPreventExitStatus=2 4 7',
	// After SIGTERM and Ctrl-C.
	'SuccessExitStatus=143 130',
	'WatchdogSec=120',
	// A large catalogue is read before it is ready.
	'TimeoutStartSec=300',
	'TimeoutStopSec=30',
	'KillMode=mixed',
	'UMask=0077',
	// A core dump would hold the token.
	'LimitCORE=0',
	...sandboxLines(sandbox),
	...(sandbox === 'bare' ? [] : pathLines({execStart, folders, environment})),
	'',
	'[Install]',
	'WantedBy=default.target',
	'',
].join('\n');

/**
A private /tmp would hide what is needed of the real one.
*/
const pathLines = ({execStart, folders, environment}: Pick<UnitOptions, 'execStart' | 'folders' | 'environment'>) => {
	const writable = [...new Set([folders.config, folders.data, folders.state])];
	const isTemporaryNeeded = [...execStart, ...Object.values(environment), ...writable].some(part => isTemporary(part));
	return [
		...(isTemporaryNeeded ? [] : ['PrivateTmp=yes']),
		`ReadWritePaths=${writable.map(folder => unitWord(folder)).join(' ')}`,
	];
};

const isTemporary = (file: string) => /^(?:\/var)?\/tmp(?:\/|$)/v.test(path.normalize(file));
