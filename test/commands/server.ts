import test from 'ava';
import type {AppError} from '../../source/base/errors.js';
import type {HistoryEvent} from '../../source/catalog/history.js';
import {instantOf} from '../../source/catalog/values.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {loadReport} from '../../source/reports/registry.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {added} from '../helpers/events.js';
import {runCommand} from '../helpers/run-command.js';
import {runLibrary, runRecord} from '../helpers/run-records.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {commit} from './_past.js';

/**
A catalogue of two servers, each with a library of the same name.
*/
const twoServers = async () => {
	const store = createMemoryStore();
	await store.load();
	const transaction = await store.begin();
	for (const name of ['Attic', 'Loft']) {
		const serverId = name.toLowerCase();
		await transaction.putServer({id: serverId, name});
		await transaction.putLibrary({...makeLibrary(`films-${serverId}`, 'Films'), serverId});
		await transaction.upsert([runRecord(`r-${serverId}`, '2026-05-01T10:00:00Z', {libraries: [runLibrary({id: `films-${serverId}`})]}), makeItem(`i-${serverId}`, {libraryId: `films-${serverId}`, serverId, title: `Film of ${name}`})]);
		await transaction.record([added(`i-${serverId}`, {libraryId: `films-${serverId}`, title: `Film of ${name}`, at: new Date().toISOString().slice(0, 19) + 'Z'})]);
	}

	await transaction.commit();
	return store;
};

for (const [name, args] of [['ls', ['ls']], ['ls with a text', ['ls', 'film']], ['export', ['export']], ['diff', ['diff']]] as const) {
	test(`${name} --server tells what is of that server, and without it of all`, async t => {
		const store = await twoServers();
		const all = await runCommand(store, args);
		t.regex(all.stdout, /Film of Attic[\s\S]*Film of Loft/v);
		const {exitCode, stdout} = await runCommand(store, [...args, '--server', 'LOFT']);
		t.is(exitCode, 0);
		t.regex(stdout, /Film of Loft/v);
		t.notRegex(stdout, /Film of Attic/v);
	});
}

test('show --server finds what is of that server', async t => {
	const store = await twoServers();
	await t.throwsAsync(runCommand(store, ['show', 'film']), {code: 'usage', message: '2 items match.'});
	const {stdout} = await runCommand(store, ['show', 'film', '--server', 'Loft']);
	t.regex(stdout, /Film of Loft/v);
	await t.throwsAsync(runCommand(store, ['show', 'i-attic', '--server', 'Loft']), {code: 'not-found'});
});

test('runs tell their server where there are several, and --server those of one', async t => {
	const store = await twoServers();
	const run = async (...args: string[]) => {
		const {stdout} = await runCommand(store, ['runs', ...args]);
		return stdout;
	};

	t.regex(await run(), /Server[\s\S]*r-loft.* Loft .*\nr-attic.* Attic /v);
	t.regex(await run('--server', 'loft'), /^(?!.*r-attic).*r-loft/sv);
	t.regex(await run('latest', '--server', 'attic'), /^Run r-attic[\s\S]*\nServer: Attic\n/v);
	const [first] = await loadReport({name: 'runs'}, {
		store, index: createCatalogIndex(), queryWorld: () => ({now: new Date(), libraries: [], servers: []}), signal: AbortSignal.any([]), logFolder: '', runningSince: undefined, now: () => new Date(),
	});
	t.true(first!.cells.includes('Loft: no changes'), JSON.stringify(first!.cells));
	t.like(JSON.parse(await run('--json')), {runs: [{serverId: 'loft', server: 'Loft'}, {serverId: 'attic', server: 'Attic'}]});
});

test('diff tells the server of playlists, and --server leaves those of others out', async t => {
	const store = await twoServers();
	const events = ['attic', 'loft'].map((serverId): HistoryEvent => ({
		kind: 'playlist-added', title: 'Saturday', revision: 2, listId: `q-${serverId}`, libraryId: serverId, at: instantOf(new Date()), runId: 'r1', present: {title: 'Saturday', items: []},
	}));
	await commit(store, {events});
	const {stdout} = await runCommand(store, ['diff']);
	t.regex(stdout, /Playlists of Attic \(attic\): .*\n.*\n.*Saturday .*Attic \(attic\) .*q-attic[\s\S]*Playlists of Loft: .*\n.*\n.*Saturday .*Loft .*q-loft/v);
	const ofLoft = await runCommand(store, ['diff', '--server', 'loft', '--json']);
	const {libraries} = JSON.parse(ofLoft.stdout) as {libraries: Array<{id: string; server: string}>};
	t.deepEqual(libraries.map(({id, server}) => [id, server]), [['films-loft', 'Loft'], ['loft', 'Loft']]);
});

test('a library of another server is none of this one, and an unknown server is said with what there is', async t => {
	const store = await twoServers();
	await t.throwsAsync(runCommand(store, ['ls', '--server', 'Attic', '--library', 'films-loft']), {code: 'usage', message: /no library "films-loft"/v});
	const error = await t.throwsAsync<AppError>(runCommand(store, ['ls', '--server', 'Cellar']), {code: 'usage', message: /no server "Cellar"/v});
	t.regex(error.hint!, /The catalogue has: "Attic" \(attic\), "Loft" \(loft\)\.$/v);
	await t.throwsAsync(runCommand(store, ['status', '--server', 'Cellar']), {code: 'usage', message: /no server "Cellar"/v});
	const wrong = await t.throwsAsync<AppError>(runCommand(store, ['ls', '--library', 'Films@Lofd']), {code: 'usage'});
	t.regex(wrong.hint!, /^Did you mean "Films@Loft"\?/v);
	const misplaced = await t.throwsAsync<AppError>(runCommand(store, ['sync', '--library', 'Films']), {code: 'usage'});
	t.is(misplaced.hint, 'Name libraries without an option, for instance: reelcat sync Films');
});
