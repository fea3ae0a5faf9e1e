import test from 'ava';
import fc from 'fast-check';
import {sql, type Kysely} from 'kysely';
import {createDatabaseConnections} from '../../../source/store/postgres/connections.js';
import {fitted, typeName, type ColumnType} from '../../../source/store/postgres/readable/fit.js';
import {insertRows} from '../../../source/store/postgres/readable/write-rows.js';
import {SessionClient} from '../../../source/store/postgres/session-client.js';
import type {Tables} from '../../../source/store/postgres/table-types.js';
import {openDatabase} from '../../helpers/open-database.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {item, put} from '../../helpers/store-records.js';

let server: Awaited<ReturnType<typeof startPostgres>>;
let db: Kysely<Tables>;
test.before(async () => {
	server = await startPostgres();
	({db} = await createDatabaseConnections({address: server.address('public')}));
});
test.after.always(async () => {
	await db.destroy();
	await server.close();
});

const odd = ['\\', '\t', '\n', '\r', String.raw`\.`, String.raw`\N`, '"', '{', '}', ',', 'NULL', '\'', 'é', '\u{1F3AC}', '\b', '\v', '\0'];
const someText = fc.oneof(
	fc.string({unit: 'binary', maxLength: 12}),
	fc.array(fc.constantFrom(...odd), {maxLength: 8}).map(parts => parts.join('')),
);
const someNumber = fc.oneof(fc.double({noDefaultInfinity: true, noNaN: true}), fc.maxSafeInteger()).filter(number => !Object.is(number, -0));

const values = {
	text: someText,
	id: someText,
	integer: fc.integer(),
	bigint: fc.maxSafeInteger(),
	numeric: someNumber,
	boolean: fc.boolean(),
	timestamptz: fc.date({min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true}).map(date => date.toISOString()),
	date: fc.date({min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true}).map(date => date.toISOString().slice(0, 10)),
	'text[]': fc.array(someText, {maxLength: 3}),
	jsonb: fc.oneof(fc.jsonValue(), fc.dictionary(someText, someText)),
	'double precision': fc.oneof(someNumber, fc.constant(NaN)),
	'bigint[]': fc.array(fc.maxSafeInteger(), {maxLength: 3}),
} as const satisfies Record<ColumnType, fc.Arbitrary<unknown>>;
const types = Object.keys(values) as ColumnType[];
const nameOf = (type: ColumnType) => `of_${types.indexOf(type)}`;
const columns = Object.fromEntries(types.map(type => [nameOf(type), {type}]));

test('every value that fits its column is kept as it is, whatever characters it has', async t => {
	await server.query(`CREATE TABLE kinds (place integer GENERATED ALWAYS AS IDENTITY, ${types.map(type => `${nameOf(type)} ${typeName(type)}`).join(', ')})`);
	const someRow = fc.record(Object.fromEntries(types.map(type => [nameOf(type), fc.option((values[type] as fc.Arbitrary<unknown>).map(value => fitted(type, value)), {nil: undefined})])));
	await t.notThrowsAsync(async () => fc.assert(fc.asyncProperty(fc.array(someRow, {minLength: 1, maxLength: 20}), async rows => {
		await db.transaction().execute(async transaction => {
			await sql`TRUNCATE kinds`.execute(transaction);
			await insertRows(transaction, 'kinds', columns, rows);
			// The same by another way: one parameter for each value.
			const placed = sql.join(rows.map(row => sql`(${sql.join(types.map(type => {
				const value = row[nameOf(type)] ?? null;
				return sql`${type === 'jsonb' && value !== null ? JSON.stringify(value) : value}::${sql.raw(type === 'id' ? 'text' : type)}`;
			}))})`));
			const {rows: different} = await sql`
				SELECT FROM (SELECT ${sql.raw(types.map(type => nameOf(type)).join(', '))} FROM kinds EXCEPT ALL VALUES ${placed}) AS other
			`.execute(transaction);
			const {rows: kept} = await sql`SELECT FROM kinds`.execute(transaction);
			if (different.length > 0 || kept.length !== rows.length) {
				throw new Error(`${different.length} of ${rows.length} rows are other ones.`);
			}
		});
	}), {numRuns: 150}));
});

test('what a COPY cannot write is told by the next statement, fails its transaction, and leaves the connection whole', async t => {
	await server.query('CREATE TABLE numbered (number integer PRIMARY KEY)');
	const number = {number: {type: 'integer'}} as const;
	const write = async (numbers: readonly number[], work: (transaction: Kysely<Tables>) => Promise<unknown> = async () => undefined) => db.transaction().execute(async transaction => {
		await insertRows(transaction, 'numbered', number, numbers.map(value => ({number: value})));
		await work(transaction);
	});
	await write([1, 2]);
	await t.throwsAsync(write([3, 2]), {code: '23505'});
	await t.throwsAsync(write([4, 4], async transaction => sql`SELECT 1`.execute(transaction)), {code: '23505'});
	await t.throwsAsync(write([5, 1], async transaction => insertRows(transaction, 'numbered', number, [{number: 6}])), {code: '23505'});
	await t.throwsAsync(write([7, 7], async () => {
		throw new TypeError('Something else.');
	}), {message: 'Something else.'});
	await write([8]);
	t.deepEqual(await server.query('SELECT number FROM numbered ORDER BY number'), [{number: 1}, {number: 2}, {number: 8}]);
});

test('the server works on the rows of a COPY while this process makes the next ones', async t => {
	await server.query('CREATE TABLE moments (number integer, at timestamptz DEFAULT clock_timestamp())');
	await db.transaction().execute(async transaction => {
		await insertRows(transaction, 'moments', {number: {type: 'integer'}}, [{number: 1}, {number: 2}]);
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
		const made = new Date();
		t.deepEqual((await sql`SELECT number FROM moments WHERE at < ${made}`.execute(transaction)).rows, [{number: 1}, {number: 2}]);
	});
});

test('a session has what it wishes where the server knows it', async t => {
	const {host, port, user, database} = server.address();
	const client = new SessionClient({
		host, port, user, database, settings: [['timezone', 'UTC']], wishes: [['bytea_output', 'escape'], ['intervalstyle', 'of the next version'], ['of_the_next_version', 'on']],
	});
	await client.connect();
	const {rows} = await client.query('SELECT current_setting(\'bytea_output\') AS bytes, current_setting(\'intervalstyle\') AS intervals');
	await client.end();
	t.deepEqual(rows, [{bytes: 'escape', intervals: 'postgres'}]);
});

test('records are compressed with LZ4 where the server has it', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	await put(store, {...item('i1'), summary: 'A night at the pictures. '.repeat(200)});
	const [{best}] = await server.query(
		'SELECT CASE WHEN \'lz4\' = ANY (enumvals) THEN \'lz4\' ELSE \'pglz\' END AS best FROM pg_settings WHERE name = \'default_toast_compression\'',
	) as [{best: string}];
	t.deepEqual(await server.query(`SELECT pg_column_compression(line) AS compression FROM ${address.schema}.records WHERE id = 'i1'`), [{compression: best}]);
});

test('a trigger that somebody has made fires with each commit, however large it is', async t => {
	const address = server.address();
	const store = await openDatabase(t, address);
	await server.query(`CREATE TABLE ${address.schema}.seen (id text)`);
	await server.query(`CREATE FUNCTION ${address.schema}.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NEW; END $$`);
	await server.query(`CREATE TRIGGER see AFTER INSERT ON ${address.schema}.items FOR EACH ROW EXECUTE FUNCTION ${address.schema}.see()`);
	await put(store, ...Array.from({length: 150}, (_, number) => item(`i${number}`)));
	t.deepEqual(await server.query(`SELECT count(*)::integer AS count FROM ${address.schema}.seen`), [{count: 150}]);
});
