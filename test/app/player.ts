import {
	chmod,
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {createItemTools} from '../../source/app/item-tools.js';
import {openInBrowser} from '../../source/app/opening.js';
import {playerConfig, playWithMpv, type PlayOptions} from '../../source/app/player.js';
import {isAppError} from '../../source/base/errors.js';
import type {Item} from '../../source/catalog/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {storeWith} from '../export/_exports.js';
import {makeItem} from '../query/_items.js';

const {signal} = new AbortController();

const withProgram = async (t: ExecutionContext, name: string, script: string) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-test-player-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true}));
	await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`);
	await chmod(path.join(folder, name), 0o755);
	return {
		folder, env: {
			PATH: `${folder}:${process.env['PATH']!}`, HOME: folder, DISPLAY: ':1', PLEX_TOKEN: 'the-token',
		},
	};
};

const options: PlayOptions = {
	baseUrl: 'http://127.0.0.1:1/plex', token: 'the-token', isPinned: false, env: {DISPLAY: ':1'}, platform: 'linux', signal,
};

const film = {title: 'Alien', partKeys: ['/library/parts/1/2/file.mkv']};

test('the parts of a film are played in their order, below the address of the server, and a title is no option', async t => {
	const {folder, env} = await withProgram(t, 'mpv', String.raw`printf "%s\n" "$@" > "$HOME/arguments"`);
	await playWithMpv({title: '--script=x\u{1B}[2J', partKeys: ['/library/parts/1/2/a b.mkv?X-Plex-Token=leak', '/library/parts/3/4/--b.mkv']}, {...options, env});
	const given = (await readFile(path.join(folder, 'arguments'), 'utf8')).trim().split('\n');
	t.deepEqual(given.slice(-4), [
		'--force-media-title=--script=x', '--', 'http://127.0.0.1:1/plex/library/parts/1/2/a%20b.mkv', 'http://127.0.0.1:1/plex/library/parts/3/4/--b.mkv',
	]);
});

const played = async (fields: Partial<Item>): Promise<readonly string[]> => {
	const store = await storeWith([makeItem('m1', fields)]);
	let keys: readonly string[] = [];
	const tools = createItemTools({
		feed: {store: () => store, index: createCatalogIndex(), async whenLoaded() {/* it is loaded */}},
		connection: {
			ensure: async () => ({
				server: {id: 'server'},
				plex: {identity: async () => undefined},
				async play({partKeys}) {
					keys = partKeys;
				},
			}),
		},
		env: {},
	});
	await tools.play('m1');
	await tools.close();
	return keys;
};

test('the best version that the server can read is played, and none of an item that is gone', async t => {
	const part = (key: string, isUnavailable = false) => ({fileId: key, key: `/library/parts/${key}`, ...isUnavailable && {unavailable: true}});
	const versions = [{id: 'a', resolution: '4k', parts: [part('1'), part('2', true)]}, {id: 'b', resolution: '720', parts: [part('3')]}, {id: 'c', resolution: '1080', parts: [part('4'), part('5')]}];
	t.deepEqual(await played({versions}), ['/library/parts/4', '/library/parts/5']);
	t.deepEqual(await played({versions: [{id: 'd', resolution: '4k', parts: [{fileId: 'd'}]}, ...versions]}), ['/library/parts/4', '/library/parts/5']);
	for (const fields of [{versions, missingSince: '2024-01-02T03:04:05Z'}, {versions, trashedAt: '2024-01-02T03:04:05Z'}, {versions: versions.slice(0, 1)}, {}]) {
		await t.throwsAsync(played({title: 'Alien', ...fields}), {code: 'usage', message: 'The server has no file of "Alien" to play.'});
	}
});

for (const key of ['@evil.example/library/parts/1/2/x', '//evil.example/library/parts/1', '/library/parts/../../identity', '.evil.example/library/parts/1', 'http://evil.example/library/parts/1', '/library/sections', '']) {
	test(`a key that leads elsewhere is not played: ${key}`, async t => {
		const error = await t.throwsAsync(playWithMpv({title: 'Alien', partKeys: [key]}, options));
		t.true(isAppError(error, 'usage'));
	});
}

test('without a desktop, and to a server whose certificate only a person trusts, nothing is started', async t => {
	const windowless = await t.throwsAsync(playWithMpv(film, {...options, env: {}}));
	t.true(isAppError(windowless, 'usage'));
	const pinned = await t.throwsAsync(playWithMpv(film, {...options, isPinned: true}));
	t.true(isAppError(pinned, 'tls'));
});

test.serial('the file with the token is gone when mpv cannot be started', async t => {
	const before = await readdir(tmpdir());
	const error = await t.throwsAsync(playWithMpv(film, {...options, env: {DISPLAY: ':1', PATH: '/nowhere'}}));
	t.true(isAppError(error, 'not-found'));
	const after = await readdir(tmpdir());
	t.deepEqual(after.filter(name => name.startsWith('reelcat-mpv-') && !before.includes(name)), []);
});

test('the token is one value whatever is in it, and goes along no redirect', t => {
	t.is(playerConfig('a,b"%c'), 'http-header-fields-append=%20%X-Plex-Token: a,b"%c\nstream-lavf-o-append=max_redirects=0\ntls-verify=yes\nytdl=no\n');
	t.false(playerConfig(undefined).includes('X-Plex-Token'));
});

test('an opener gets the address and no token; what went wrong is a reason', async t => {
	const {folder, env} = await withProgram(t, 'xdg-open', 'echo "$@" > "$HOME/arguments"; env > "$HOME/environment"');
	const address = 'https://app.plex.tv/desktop/#!/server/a/details?key=%2Flibrary%2Fmetadata%2F1';
	const programs = {env, platform: 'linux' as const, signal};
	t.is(await openInBrowser(address, programs), undefined);
	t.is(await readFile(path.join(folder, 'arguments'), 'utf8'), `${address}\n`);
	t.false((await readFile(path.join(folder, 'environment'), 'utf8')).includes('the-token'));
	t.is(await openInBrowser(address, {...programs, env: {...env, SSH_CONNECTION: '1 2 3 4'}}), 'Over SSH no browser of yours can be opened');
	t.is(await openInBrowser(address, {...programs, env: {PATH: env.PATH}}), 'There is no desktop here');
	t.is(await openInBrowser(address, {...programs, env: {...env, PATH: '/nowhere'}}), 'xdg-open is not installed here');
	const failing = await withProgram(t, 'xdg-open', 'exit 3');
	t.is(await openInBrowser(address, {...programs, env: failing.env}), 'xdg-open could not open it');
});
