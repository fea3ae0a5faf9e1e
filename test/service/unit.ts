import test from 'ava';
import fc from 'fast-check';
import {isAppError} from '../../source/base/errors.js';
import {sandboxLevels} from '../../source/service/sandbox.js';
import {
	unitMarker,
	unitText,
	unitValue,
	unitWord,
	type UnitOptions,
} from '../../source/service/unit.js';

const options: UnitOptions = {
	execStart: ['/usr/bin/node', '/usr/lib/node_modules/reelcat/dist/cli.js', '--watch'],
	environment: {},
	folders: {config: '/home/ann/.config/reelcat', data: '/home/ann/.local/share/reelcat', state: '/home/ann/.local/state/reelcat'},
	isDemo: false,
	sandbox: 'full',
};

/**
Settings of a unit, by name, in order.
*/
const settings = (text: string) => text.split('\n').filter(line => /^[A-Z]\w+=/v.test(line)).map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);

const valuesOf = (text: string, name: string) => settings(text).filter(([own]) => own === name).map(([, value]) => value);

/**
Words as systemd reads them: blanks between them, quotes around them, a backslash before a character, %% for %.
*/
const readWords = (text: string): string[] => {
	const words: string[] = [];
	let word: string | undefined;
	let isQuoted = false;
	const characters = [...text];
	for (let index = 0; index < characters.length; index++) {
		const character = characters[index]!;
		if (character === '"') {
			isQuoted = !isQuoted;
			word ??= '';
		} else if (character === ' ' && !isQuoted) {
			words.push(...(word === undefined ? [] : [word]));
			word = undefined;
		} else {
			word = (word ?? '') + (character === '\\' ? characters[++index]! : character);
		}
	}

	return [...words, ...(word === undefined ? [] : [word])].map(entry => entry.replaceAll('%%', '%'));
};

test('the unit is a notifying, guarded, hardened user service', t => {
	t.is(unitText({...options, credentialFile: '/home/ann/plex token'}), `${unitMarker}

[Unit]
Description=reelcat keeps the catalogue of a Plex server in step
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
ExecStart=:/usr/bin/node /usr/lib/node_modules/reelcat/dist/cli.js --watch
ExecReload=/bin/kill -HUP $MAINPID
LoadCredential=plex-token:/home/ann/plex token
Restart=always
RestartSec=15
RestartPreventExitStatus=2 4 7
SuccessExitStatus=143 130
WatchdogSec=120
TimeoutStartSec=300
TimeoutStopSec=30
KillMode=mixed
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateUsers=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectClock=yes
ProtectHostname=yes
PrivateTmp=yes
ReadWritePaths=/home/ann/.config/reelcat /home/ann/.local/share/reelcat /home/ann/.local/state/reelcat

[Install]
WantedBy=default.target
`);
});

test('no level of the sandbox keeps V8 from compiling', t => {
	for (const sandbox of sandboxLevels) {
		t.false(unitText({...options, sandbox}).includes('MemoryDenyWriteExecute'));
	}
});

test('what drops capabilities stands only beside a user namespace, and a bare unit mounts nothing', t => {
	const lenient = unitText({...options, sandbox: 'lenient'});
	t.regex(lenient, /^ProtectSystem=strict$/mv);
	t.notRegex(lenient, /^(?:PrivateUsers|ProtectKernelModules|ProtectKernelLogs|ProtectClock|ProtectHostname)=/mv);
	t.notRegex(unitText({...options, sandbox: 'bare'}), /^(?:Protect\w+|Private\w+|ReadWritePaths)=/mv);
});

test('where something lies in /tmp, /tmp stays the real one', t => {
	t.deepEqual(valuesOf(unitText({...options, folders: {...options.folders, data: '/var/tmp/x/../reelcat'}}), 'PrivateTmp'), []);
	t.deepEqual(valuesOf(unitText({...options, environment: {NODE_EXTRA_CA_CERTS: '/tmp/ca.pem'}}), 'PrivateTmp'), []);
	t.deepEqual(valuesOf(unitText({...options, folders: {...options.folders, data: '/tmpfs/reelcat'}}), 'PrivateTmp'), ['yes']);
});

test('the service may write where scheduled exports go, and starts without these folders', t => {
	const text = unitText({...options, exportFolders: ['/srv/my www', '/mnt/usb', '/mnt/usb', options.folders.data]});
	t.regex(text, /^ReadWritePaths=.* "-\/srv\/my www" -\/mnt\/usb$/mv);
	t.deepEqual(valuesOf(unitText({...options, exportFolders: ['/tmp/out']}), 'PrivateTmp'), []);
});

test('one folder for all is named once', t => {
	const folders = {config: '/srv/reelcat', data: '/srv/reelcat', state: '/srv/reelcat'};
	t.deepEqual(valuesOf(unitText({...options, folders}), 'ReadWritePaths'), ['/srv/reelcat']);
});

const nasty = fc.string({unit: fc.constantFrom(' ', '"', '\'', '\\', '%', '$', '{', '}', ';', '#', 'h', 'i', 'é', '😀', '-', '=', ':', '~', '*'), minLength: 0, maxLength: 12});

test('whatever stands in paths, arguments and variables, systemd reads it as it was meant', t => {
	fc.assert(fc.property(fc.array(nasty, {maxLength: 4}), nasty, nasty, (args, value, name) => {
		const text = unitText({
			...options,
			execStart: [`/opt/${name}/node`, ...args],
			environment: {PLEX_URL: value},
			folders: {config: `/c/${name}`, data: `/d/${value}`, state: '/s'},
			credentialFile: `/x/${value}y`,
		});
		t.deepEqual(readWords(valuesOf(text, 'ExecStart')[0]!.slice(1)), [`/opt/${name}/node`, ...args]);
		t.deepEqual(readWords(valuesOf(text, 'Environment')[0]!), [`PLEX_URL=${value}`]);
		t.deepEqual(readWords(valuesOf(text, 'ReadWritePaths')[0]!), [`/c/${name}`, `/d/${value}`, '/s']);
		t.is(valuesOf(text, 'LoadCredential')[0]!.replaceAll('%%', '%'), `plex-token:/x/${value}y`);
		t.is(text.split('\n').length, unitText({...options, environment: {PLEX_URL: ''}, credentialFile: '/x'}).split('\n').length);
	}));
});

test('a word that could be an operator is quoted', t => {
	t.deepEqual([';', '', 'a b', '"', '50%', '$HOME', '\\'].map(word => unitWord(word)), ['";"', '""', '"a b"', String.raw`"\""`, '50%%', '"$HOME"', String.raw`"\\"`]);
});

test('what would begin another line, or is no text, is refused', t => {
	for (const text of ['/a\\', '/a ']) {
		const error = t.throws(() => unitValue(text));
		t.true(isAppError(error, 'usage'));
	}

	for (const text of ['/a\nExecStart=/bin/sh', '/a\r', '/a\0', '/a\u{85}', '/a\u{D800}']) {
		for (const write of [unitWord, unitValue]) {
			const error = t.throws(() => write(text));
			t.true(isAppError(error, 'usage'));
		}
	}
});
