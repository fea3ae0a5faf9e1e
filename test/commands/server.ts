import test from 'ava';
import type {AppError} from '../../source/base/errors.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {added} from '../helpers/events.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary} from '../query/_items.js';

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
		await transaction.upsert([makeItem(`i-${serverId}`, {libraryId: `films-${serverId}`, serverId, title: `Film of ${name}`})]);
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

test('a library of another server is none of this one, and an unknown server is said with what there is', async t => {
	const store = await twoServers();
	await t.throwsAsync(runCommand(store, ['ls', '--server', 'Attic', '--library', 'films-loft']), {code: 'usage', message: /no library "films-loft"/v});
	const error = await t.throwsAsync<AppError>(runCommand(store, ['ls', '--server', 'Cellar']), {code: 'usage', message: /no server "Cellar"/v});
	t.regex(error.hint!, /The catalogue has: "Attic" \(attic\), "Loft" \(loft\)\.$/v);
});
