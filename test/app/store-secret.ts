import test from 'ava';
import {createSessionStore} from '../../source/app/session-store.js';
import {AppError} from '../../source/base/errors.js';
import type {Keychain} from '../../source/servers/keychain.js';
import {resolveFolders} from '../../source/store/folders.js';
import {startPostgres} from '../helpers/postgres-server.js';
import {temporaryFolder} from '../helpers/store-records.js';

const secret = 'a canary in the keychain';
const server = await startPostgres({rules: ['host all guarded 127.0.0.1/32 scram-sha-256']});
await server.query(`CREATE ROLE guarded LOGIN PASSWORD '${secret}'`);
await server.query('GRANT CREATE ON DATABASE postgres TO guarded');
test.after.always(async () => {
	await server.close();
});

const storeWith = async (t: Parameters<typeof temporaryFolder>[0], keychain: Keychain) => {
	const folder = await temporaryFolder(t);
	const heard: Array<string | undefined> = [];
	const store = createSessionStore({
		// No file of this machine has a password.
		env: {PGPASSFILE: `${folder}/none`},
		store: `postgres://guarded@127.0.0.1:${server.port}/postgres`,
		isDemo: () => false,
		ownFolders: () => resolveFolders({}, folder, {isDemo: false}),
		keepSecret(word) {
			heard.push(word);
		},
		keychain: async () => keychain,
	});
	return {store, address: store.storeAddress()!, heard};
};

test('a password that the database takes is kept in the keychain, opens the catalogue, and is hidden; any other is not kept', async t => {
	const secrets = new Map<string, string>();
	const {store, address, heard} = await storeWith(t, {
		get: async name => secrets.get(name),
		async set(name, value) {
			secrets.set(name, value);
		},
		async delete(name) {
			secrets.delete(name);
		},
		async prove() {/* it is sound */},
	});
	const kept = await store.storeSecret(address);
	await t.throwsAsync(kept.keep('another one'), {code: 'unauthorized'});
	t.is(secrets.size, 0);

	await kept.keep(secret);
	t.deepEqual([...secrets], [[`store guarded@127.0.0.1:${server.port}/postgres`, secret]]);
	const opened = await store.openStore();
	await opened.close();
	t.is(heard.at(-1), secret);

	await kept.forget();
	await t.throwsAsync(store.openStore(), {code: 'unauthorized'});
});

test('without a keychain that answers, the database says that it wants a password', async t => {
	const fails = async () => {
		throw new AppError('not-writable', 'It does not answer.');
	};

	const {store} = await storeWith(t, {
		get: fails, set: fails, delete: fails, prove: fails,
	});
	await t.throwsAsync(store.openStore(), {code: 'unauthorized'});
});
