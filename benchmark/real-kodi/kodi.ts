import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {
	access,
	mkdir,
	readdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {errorCode} from '../../source/base/errors.js';
import {ifExists} from '../../source/base/file-system.js';
import {loadSqlite} from '../../source/base/load-sqlite.js';
import {runProgram} from '../../source/base/run-program.js';

export type Source = {folder: string; content: 'movies' | 'tvshows'; hasFolders: boolean};

/**
Why Kodi cannot be run here; undefined if it can.
*/
export const whyAbsent = async (): Promise<string | undefined> => {
	if (process.platform !== 'linux') {
		return 'this check runs Kodi under Xvfb, which needs Linux';
	}

	for (const [program, args, way] of [
		['kodi', ['--version'], 'Kodi is not installed. On Debian: apt-get install kodi xvfb'],
		['Xvfb', ['-help'], 'Xvfb is not installed. On Debian: apt-get install xvfb'],
		['unshare', ['--net', '--map-root-user', 'ip', 'link', 'set', 'lo', 'up'], 'unshare and ip cannot make a network for Kodi that has only the loopback device, so Kodi might ask the internet'],
	] as const) {
		const {end: ended} = await runProgram({argv: [program, ...args], env: process.env, timeoutMs: 30_000});
		if (ended.kind !== 'exited' || ended.exitCode !== 0) {
			return way;
		}
	}

	return undefined;
};

const isGroupAlive = (id: number) => {
	try {
		process.kill(-id, 0);
		return true;
	} catch (error) {
		if (errorCode(error) !== 'ESRCH') {
			throw error;
		}

		return false;
	}
};

/**
Ends a program and what it has started, and waits for all of them: Kodi saves its settings after the script that starts it has ended.
*/
const end = async ({pid}: ChildProcess) => {
	for (let turn = 0; isGroupAlive(pid!); turn++) {
		if (turn % 300 === 0) {
			process.kill(-pid!, turn === 0 ? 'SIGTERM' : 'SIGKILL');
		}

		await sleep(100);
	}
};

/**
An X server without a screen. It says which number it has taken.
*/
const openScreen = async () => {
	const child = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '640x480x24'], {detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe']});
	const [number] = await once(child.stdio[3]!, 'data') as [Uint8Array];
	return {display: `:${new TextDecoder().decode(number).trim()}`, close: async () => end(child)};
};

const until = async (what: string, isSo: () => Promise<boolean>, seconds: number) => {
	for (let turn = 0; turn < seconds * 2; turn++) {
		if (await isSo()) {
			return;
		}

		await sleep(500);
	}

	throw new Error(`Kodi has not ${what} within ${seconds} s.`);
};

/**
Kodi with a home of its own, that sees no network but its own machine.
*/
const startKodi = (home: string, display: string) => spawn(
	'unshare',
	['--net', '--map-root-user', 'sh', '-c', 'ip link set lo up && exec kodi --standalone'],
	{
		detached: true,
		stdio: 'ignore',
		cwd: home,
		env: {
			PATH: process.env['PATH'], HOME: home, DISPLAY: display, LANG: 'C.UTF-8', TZ: 'UTC',
		},
	},
);

const addSources = (database: string, sources: readonly Source[]) => {
	const sqlite = loadSqlite();
	const opened = new sqlite.DatabaseSync(database);
	try {
		const insert = opened.prepare('INSERT INTO path (strPath, strContent, strScraper, scanRecursive, useFolderNames, strSettings, noUpdate, exclude) VALUES (?, ?, \'metadata.local\', ?, ?, \'\', 0, 0)');
		for (const {folder, content, hasFolders} of sources) {
			insert.run(`${folder}/`, content, content === 'movies' && !hasFolders ? 2_147_483_647 : (hasFolders ? 1 : 0), hasFolders ? 1 : 0);
		}
	} finally {
		opened.close();
	}
};

/**
Lets a new Kodi scan folders as "local information only", and returns the database that it has made.
*/
export const scanWithKodi = async (home: string, sources: readonly Source[]): Promise<string> => {
	await mkdir(home);
	const screen = await openScreen();
	const log = path.join(home, '.kodi/temp/kodi.log');
	const databases = path.join(home, '.kodi/userdata/Database');
	const isLogged = async (text: string) => (await ifExists(readFile(log, 'utf8')))?.includes(text) === true;
	const runUntil = async (what: string, seconds: number, isDone: () => Promise<boolean>) => {
		const kodi = startKodi(home, screen.display);
		try {
			await until(what, isDone, seconds);
		} finally {
			await end(kodi);
		}
	};

	try {
		await runUntil('made its databases', 60, async () => isLogged('ES: Starting UDP Event server'));
		const name = (await readdir(databases)).find(file => /^MyVideos\d+\.db$/v.test(file))!;
		const database = path.join(databases, name);
		addSources(database, sources);
		const settings = path.join(home, '.kodi/userdata/guisettings.xml');
		await access(settings);
		const before = await readFile(settings, 'utf8');
		const after = before.replace(/<setting id="videolibrary\.updateonstartup"[^>]*>false</v, '<setting id="videolibrary.updateonstartup">true<');
		if (after === before) {
			throw new Error('This Kodi has no setting for a scan at its start.');
		}

		await writeFile(settings, after);
		await runUntil('ended its scan', 900, async () => isLogged('VideoInfoScanner: Finished scan'));
		return database;
	} finally {
		await screen.close();
	}
};
