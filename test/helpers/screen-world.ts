import {
	cp,
	mkdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {startDemoPlexTv} from '../../source/demo/plex-tv/server.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {runReelcat} from './run-reelcat.js';
import {createHome} from './terminal.js';

/**
Titles that terminals and widths disagree about, and one that attacks the terminal.
*/
export const oddTitles = [
	'กำแพงน้ำ ที่ไม่มีวันจบ',
	'क्षितिज के पार की हिन्दी कहानी',
	'👨‍👩‍👧‍👦 The Family 👍🏽 ❤️ 1️⃣',
	'השען האחרון (1999) 2',
	'東京の灯台 한국 映画',
	'\u{1B}[2J\u{1B}]0;owned\u{7}The Hostile\r\nReel\u{9B}31m',
	'Ze\u{301}\u{302}\u{303}ro\u{200B}Width\u{FEFF}',
];

const startMs = Date.parse('2026-11-24T19:00:00Z');

/**
Lets a process read this time from every clock, so that nothing that it tells takes any time, and makes its ids the same each time. Its timers go on.
*/
export const stoppedClock = (ms: number): {NODE_OPTIONS: string} => {
	const code = `import crypto from 'node:crypto';
import {syncBuiltinESMExports} from 'node:module';
const Real = Date;
globalThis.Date = class Date extends Real {
	constructor(...values) { if (values.length === 0) { super(${ms}); } else { super(...values); } }
	static now() { return ${ms}; }
};
performance.now = () => 1000;
let made = 0;
crypto.randomUUID = () => crypto.hash('md5', '${ms} ' + made++).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
syncBuiltinESMExports();`;
	return {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`};
};

const hourMs = 3_600_000;

const change = ({library}: DemoServer) => {
	const [first] = library.page('1', 1, {start: 0, size: 1}) as [PlexRow];
	for (const [index, title] of oddTitles.entries()) {
		const ratingKey = String(8_000_000 + index);
		library.addItem('1', 1, {
			...structuredClone(first), ratingKey, key: `/library/metadata/${ratingKey}`, title, titleSort: `zzz ${index}`, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
		});
	}

	for (const {ratingKey} of library.page('1', 1, {start: 20, size: 6}) as PlexRow[]) {
		library.changeItem(ratingKey, row => {
			row.title = `${row.title}, Restored`;
			row.updatedAt = startMs / 1000;
		});
	}

	library.removeItem((library.page('1', 1, {start: 40, size: 1}) as PlexRow[])[0]!.ratingKey);
};

// More than a fifth of a library is held back.
const removeMany = ({library}: DemoServer) => {
	for (const {ratingKey} of library.page('3', 1, {start: 0, size: 30}) as PlexRow[]) {
		library.removeItem(ratingKey);
	}
};

const runAt = async (home: string, args: readonly string[], ms: number, env: Record<string, string>) => {
	const {exitCode, stderr} = await runReelcat(home, args, {env: {...env, ...stoppedClock(ms)}});
	// 3 says that something is held.
	if (exitCode !== 0 && exitCode !== 3) {
		throw new Error(`reelcat ${args.join(' ')}: ${stderr}`);
	}
};

/**
A home that has signed in and so knows one server.
*/
const signIn = async (server: DemoServer) => {
	const plexTv = await startDemoPlexTv({
		servers: [{
			name: 'Demo Theatre', machineIdentifier: server.machineIdentifier, accessToken: server.token, connections: [{uri: server.url, isLocal: true}],
		}],
		approveAfterMs: 0,
	});
	const {home, remove} = await createHome();
	const env = {REELCAT_PLEXTV_URL: plexTv.url};
	await runAt(home, ['login'], startMs, env);
	return {
		home,
		env,
		async close() {
			await Promise.all([server.close(), plexTv.close(), remove()]);
		},
	};
};

// Posters come when they like, and take much room in a picture.
const chooseTheme = async (home: string, theme: string) => {
	const folder = path.join(home, '.config', 'reelcat');
	const file = path.join(folder, 'settings.json');
	await mkdir(folder, {recursive: true, mode: 0o700});
	const settings = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, unknown>;
	await writeFile(file, JSON.stringify({...settings, theme, pictures: 'off'}), {mode: 0o600});
};

/**
Homes in which the screens can show everything they have. `full` has the demo library, imported four days ago, with odd titles, two syncs, and a library of which much is held. The server of `stalled` never gives the details of a show; that of `broken` cannot give the details of one item.
*/
export const createScreenWorld = async () => {
	const server = await startDemoServer();
	const broken = await startDemoServer({movies: 80, shows: 0});
	const item = (broken.library.page('1', 1, {start: 0, size: 3}) as [PlexRow, PlexRow, PlexRow])[2];
	broken.setFaults([{kind: 'brokenItem', ratingKey: item.ratingKey}]);
	const homes = {
		full: await signIn(server),
		stalled: await signIn(await startDemoServer({faults: [{kind: 'silence', path: /\/library\/metadata\/2\d{6}\b/v}]})),
		broken: await signIn(broken),
	};
	const newcomers = await startDemoPlexTv({servers: [], code: isStrong => isStrong ? 'playplayplayplayplayplay1' : 'PLAY', now: () => 0});
	const {home, env} = homes.full;
	await runAt(home, ['import', '--all'], startMs, env);
	change(server);
	await runAt(home, ['sync', '--full'], startMs + (70 * hourMs), env);
	removeMany(server);
	await runAt(home, ['sync', '--full'], startMs + (94 * hourMs), env);
	// So that some things happened hours ago and others days ago.
	const clock = stoppedClock(startMs + (97 * hourMs));
	return {
		/**
		A copy of a home, or an empty one, and the environment that belongs to it.

		@param name - of the home
		@param theme - chosen in the settings
		*/
		async enter(name: keyof typeof homes | 'empty', theme?: string) {
			const copy = await createHome();
			if (name !== 'empty') {
				await cp(homes[name].home, copy.home, {recursive: true, preserveTimestamps: true});
			}

			if (theme !== undefined) {
				await chooseTheme(copy.home, theme);
			}

			return {...copy, env: {...clock, ...name === 'empty' ? {REELCAT_PLEXTV_URL: newcomers.url} : homes[name].env}};
		},
		async close() {
			await Promise.all([...Object.values(homes), newcomers].map(async ({close}) => close()));
		},
	};
};

export type ScreenWorld = Awaited<ReturnType<typeof createScreenWorld>>;

export type HomeName = Parameters<ScreenWorld['enter']>[0];
