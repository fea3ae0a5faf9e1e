import test from 'ava';
import {importDemo} from '../helpers/imported-demo.js';
import {openPlace} from '../helpers/open-place.js';
import {startPostgres} from '../helpers/postgres-server.js';
import {runReelcat, startReelcat} from '../helpers/run-reelcat.js';
import {temporaryFolder} from '../helpers/store-records.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

test('the catalogue moves to a database and back, with Ctrl-C on the way, and every export is the same', async t => {
	const home = await temporaryFolder(t);
	await importDemo(home);
	const {text: address, schema} = server.address();
	const empty = await openPlace(address);
	await empty.close();
	// Each piece takes long enough for a signal in between.
	await server.query(`CREATE FUNCTION ${schema}.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$`);
	await server.query(`CREATE TRIGGER slow AFTER UPDATE ON ${schema}.copying EXECUTE FUNCTION ${schema}.slow()`);
	const {child, finished} = startReelcat(home, ['store', 'migrate', '--demo', '--to', address]);
	let isCut = false;
	while (!isCut && child.exitCode === null) {
		const found = await server.query<{records: string}>(`SELECT records FROM ${schema}.copying`);
		isCut = Number(found[0]?.records) > 0 && child.kill('SIGINT');
	}

	const cut = await finished;
	t.is(cut.exitCode, 130, cut.stderr);
	t.regex(cut.stderr, /cut short/v);
	const refused = await runReelcat(home, ['--store', address, 'ls']);
	t.is(refused.exitCode, 2);
	t.regex(refused.stderr, /was not copied to its end/v);
	const resumed = await runReelcat(home, ['store', 'migrate', '--demo', '--to', address, '--json']);
	t.is(resumed.exitCode, 0, resumed.stderr);
	const {resumed: {records}} = JSON.parse(resumed.stdout) as {resumed: {records: number}};
	t.true(records > 0);
	const back = await runReelcat(home, ['--store', address, 'store', 'migrate', '--to', 'document']);
	t.is(back.exitCode, 0, back.stderr);
	t.regex(back.stdout, /all in order/v);
	const places = [['--demo'], ['--store', address], []];
	const exported: string[] = [];
	for (const place of places) {
		const {stdout} = await runReelcat(home, [...place, 'export']);
		exported.push(stdout);
		t.regex((await runReelcat(home, [...place, 'verify'])).stdout, /all in order/v);
	}

	t.true(exported[0]!.length > 1_000_000);
	t.true(exported.every(one => one === exported[0]));
});
