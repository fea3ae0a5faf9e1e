import {writeFile} from 'node:fs/promises';
import process from 'node:process';
import test from 'ava';
import fc from 'fast-check';
import {databaseFolder, isStoreAddress, readStoreAddress} from '../../../source/store/postgres/address.js';
import {storePassword} from '../../../source/store/postgres/password.js';
import {temporaryFolder} from '../../helpers/store-records.js';

test('an address has a user, a host, a port and a database, and a schema of its own', t => {
	t.deepEqual(readStoreAddress('postgres://me@db.example/films'), {
		host: 'db.example', port: 5432, user: 'me', database: 'films', schema: 'reelcat', tls: 'verified', rootCertificateFile: undefined, text: 'postgres://me@db.example/films',
	});
	const {host, port, schema, tls} = readStoreAddress('postgresql://me@[::1]:6000/films?schema=second');
	t.deepEqual([host, port, schema, tls], ['::1', 6000, 'second', 'none']);
	t.is(readStoreAddress('postgres://me@%2Frun%2Fpostgresql/films').host, '/run/postgresql');
});

test('connections leave this machine only encrypted, unless somebody says otherwise', t => {
	const tlsOf = (rest: string) => readStoreAddress(`postgres://me@${rest}`).tls;
	t.deepEqual(['localhost/f', '127.1.2.3/f', '[::1]/f', '%2Frun/f', 'db.example/f?sslmode=disable'].map(rest => tlsOf(rest)), Array.from({length: 5}, () => 'none'));
	t.deepEqual(['10.0.0.2/f', 'localhost.example/f', 'localhost/f?sslmode=verify-full', 'localhost/f?sslrootcert=/ca.pem'].map(rest => tlsOf(rest)), Array.from({length: 4}, () => 'verified'));
	t.throws(() => tlsOf('db.example/f?sslmode=require'), {code: 'usage', message: /knows no sslmode "require"/v});
});

for (const [text, message] of [
	['postgres://me:geheim@db.example/f', /holds a password/v],
	['postgres://me@db.example/f?password=geheim', /holds a password/v],
	['mysql://me@db.example/f', /begins with postgres:\/\/, not with mysql:/v],
	['postgres://db.example/f', /has no user/v],
	['postgres://me@db.example/', /has no database/v],
	['postgres://me@db.example/f?schema=Big', /cannot use the schema/v],
	['postgres://me@db.example/f?schema=a;drop', /cannot use the schema/v],
	['postgres://me@db.example/f?options=-csearch_path', /parameter options/v],
	['not an address', /cannot be read/v],
	['postgres://me@db.example/%', /% that stands for nothing/v],
] as const) {
	test(`refused: ${text}`, t => {
		const error = t.throws(() => readStoreAddress(text), {code: 'usage', message});
		t.notRegex(`${error?.message} ${(error as {hint?: string}).hint ?? ''}`, /geheim/v);
	});
}

test('what is printed of an address is the address again', t => {
	// In an address, these two are folders.
	const name = fc.string({minLength: 1, maxLength: 8}).filter(text => text !== '.' && text !== '..');
	fc.assert(fc.property(
		fc.webUrl().map(url => new URL(url).hostname), name, name, fc.integer({min: 1, max: 65_535}), (host, user, database, port) => {
			const address = readStoreAddress(`postgres://${encodeURIComponent(user)}@${host}:${port}/${encodeURIComponent(database)}?schema=s`);
			t.deepEqual([address.host, address.user, address.database, address.port], [host, user, database, port]);
			t.deepEqual(readStoreAddress(address.text), address);
			t.true(isStoreAddress(address.text));
		},
	));
});

test('each catalogue has a folder of its own, however its database is reached', t => {
	const folderOf = (text: string) => databaseFolder(readStoreAddress(text));
	t.is(folderOf('postgres://me@db.example/f'), folderOf('postgresql://you@db.example:5432/f?sslmode=disable'));
	t.is(new Set(['postgres://me@db.example/f', 'postgres://me@db.example/g', 'postgres://me@db.example/f?schema=s', 'postgres://me@db2.example/f'].map(text => folderOf(text))).size, 4);
	t.regex(folderOf('postgres://me@db.example/..%2F..?schema=s'), /^s-[0-9a-f]{12}$/v);
});

test.serial('a password file is read also where PGPASSWORD is empty, and for a socket in a usual folder under the name localhost', async t => {
	const {PGPASSFILE: file, PGPASSWORD: word} = process.env;
	t.teardown(() => {
		delete process.env['PGPASSFILE'];
		delete process.env['PGPASSWORD'];
		Object.assign(process.env, file !== undefined && {PGPASSFILE: file}, word !== undefined && {PGPASSWORD: word});
	});
	const passwordFile = `${await temporaryFolder(t)}/pgpass`;
	await writeFile(passwordFile, '/tmp:5432:films:me:of the folder\nlocalhost:5432:films:me:of localhost\n', {mode: 0o600});
	Object.assign(process.env, {PGPASSFILE: passwordFile, PGPASSWORD: ''});
	const passwordOf = async (host: string) => storePassword({PGPASSWORD: ''}, readStoreAddress(`postgres://me@${host}/films`));
	t.is(await passwordOf('localhost'), 'of localhost');
	t.is(await passwordOf('%2Fvar%2Frun%2Fpostgresql'), 'of localhost');
	t.is(await passwordOf('%2Ftmp'), 'of the folder');
	t.is(await passwordOf('%2Fopt%2Fsockets'), undefined);
	t.is(await passwordOf('db.example'), undefined);
});
