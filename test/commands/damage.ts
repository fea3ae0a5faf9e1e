import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {commands} from '../../source/commands/registry.js';
import {startDemoServer} from '../../source/demo/server.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {expectEqual} from '../helpers/expect-equal.js';
import {runCommand} from '../helpers/run-command.js';
import {runHere} from '../helpers/run-here.js';
import {tag, temporaryFolder} from '../helpers/store-records.js';

// They do not answer from the catalogue, or replace it. The doctor tells the fault as the result of one of its checks.
const others = new Set(['', 'login', 'logout', 'servers', 'doctor', 'connect', 'refresh', 'jobs', 'notify', 'service', 'healthcheck', 'api', 'restore', 'repair', 'queries', 'exports', 'demo-server', 'help']);

const lines = [
	...commands.filter(({name, arguments: names}) => !others.has(name) && (names === undefined || names.startsWith('['))).map(({name}) => [name]),
	['show', 'alien'],
	['sync', '--dry-run'],
	['ls', '--at', '2024-01-01'],
	['lost', '--held'],
];

const flip = (bytes: Uint8Array, at: number) => Uint8Array.from(bytes).with(at, bytes[at]! ^ 1); // eslint-disable-line no-bitwise -- one bit

test('a catalogue that is damaged or not there is told by every command alike, and stays as it is', async t => {
	t.timeout(120_000);
	const [home, folder] = [await temporaryFolder(t), await temporaryFolder(t)];
	const server = await startDemoServer({movies: 5, shows: 1});
	t.teardown(server.close);
	const run = async (line: readonly string[]) => runCommand(folder, line, {home, env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}});
	t.is((await run(['import', '--all'])).exitCode, 0);
	const store = await openCatalog({folder});
	await store.load();
	for (const id of ['t1', 't2']) {
		const transaction = await store.begin();
		await transaction.upsert([tag(id)]);
		await transaction.commit();
	}

	await store.backup();
	await store.close({isQuick: true});
	t.regex((await run(['sync'])).stdout, /In step/v);
	const {stdout: exported} = await run(['export']);

	const [document, journal] = ['catalog.json', 'catalog.journal'].map(name => path.join(folder, name)) as [string, string];
	const [goodDocument, goodJournal] = [await readFile(document), await readFile(journal)];
	const damages = [
		{document: flip(goodDocument, goodDocument.indexOf('"title":"', goodDocument.indexOf('\n')) + 10), journal: goodJournal, hint: /reelcat restore/v},
		{document: goodDocument, journal: flip(goodJournal, goodJournal.indexOf('Tag t1')), hint: /reelcat repair/v},
		{document: undefined, journal: goodJournal, hint: /reelcat restore.*reelcat repair.*--empty/v},
	];
	for (const damage of damages) {
		await (damage.document === undefined ? rm(document) : writeFile(document, damage.document));
		await writeFile(journal, damage.journal);
		for (const line of lines) {
			const error = await t.throwsAsync<Error & {hint?: string}>(run(line), {code: 'damaged'}, line.join(' '));
			t.regex(error?.hint ?? '', damage.hint, line.join(' '));
		}

		expectEqual(t, new Uint8Array(await readFile(journal)), new Uint8Array(damage.journal));
		expectEqual(t, await readFile(document).then(bytes => new Uint8Array(bytes)).catch(() => undefined), damage.document && new Uint8Array(damage.document));
	}

	t.is((await run(['restore', '--yes'])).exitCode, 0);
	t.is((await run(['export'])).stdout, exported);
	t.is((await run(['verify'])).exitCode, 0);
	await rm(document);
	t.regex((await run(['restore', '--yes', '--empty'])).stdout, /The catalogue is empty now\..*set aside/v);
	t.is((await run(['verify'])).exitCode, 0);
	t.is((await run(['import', '--all'])).exitCode, 0);
	t.is((await run(['verify'])).exitCode, 0);
});

test('what a repair could not bring back comes with the next sync', async t => {
	const home = await temporaryFolder(t);
	const server = await startDemoServer({movies: 5, shows: 1});
	t.teardown(server.close);
	const run = async (...line: string[]) => runHere(home, line, {env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}});
	t.is((await run('import', 'Films')).exitCode, 0);
	const document = path.join(home, '.local/share/reelcat/catalog.json');
	const whole = (await readFile(document, 'utf8')).split('\n');
	await writeFile(document, whole.filter(line => !line.includes('"kind":"person"')).join('\n'));
	t.is((await run('repair', '--yes')).exitCode, 0);
	t.is((await run('sync')).exitCode, 0);
	const verified = await run('verify', '--server');
	t.is(verified.exitCode, 0, 'It says: ' + verified.stdout);
	t.regex((await run('sync')).stdout, /nothing has changed/v);
});
