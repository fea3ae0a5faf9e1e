import test from 'ava';
import {verifyJsonSchema} from '../../source/reports/verify/verify-report.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runHere} from '../helpers/run-here.js';

test('a fresh import is proved item by item against its server', withHousehold, async (t, {home}) => {
	await importDemo(home);
	const {exitCode, stdout, stderr} = await runHere(home, ['verify', '--demo', '--server', '--json']);
	t.is(exitCode, 0, 'It says: ' + stdout);
	const {ok, records, server} = verifyJsonSchema.parse(JSON.parse(stdout));
	t.true(ok && records > 6000);
	t.true(server!.compared > 1600);
	t.regex(stderr, /Comparing with Demo Theatre[\s\S]*Films: 188 items compared/v);
});

test('diff, lost and ls --at answer in pipes, and refuse what is no moment with 2', withHousehold, async (t, {home}) => {
	await runHere(home, ['import', '--demo', 'Classics']);
	t.is((await runHere(home, ['lost', '--demo'])).stdout, 'Nothing was lost.\n');
	const results = await Promise.all([['diff', '--since', 'soon'], ['lost', '--since', 'soon'], ['ls', '--at', 'soon']].map(async args => runHere(home, [...args, '--demo'])));
	t.deepEqual(results.map(({exitCode}) => exitCode), [2, 2, 2]);
	const before = await runHere(home, ['ls', '--demo', '--at', '1d', '--json']);
	t.deepEqual(JSON.parse(before.stdout), {schema: 1, items: []});
	t.regex(before.stderr, /Classics is left out: nothing is known of it/v);
});
