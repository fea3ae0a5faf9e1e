import {readFile} from 'node:fs/promises';
import test from 'ava';
import {
	createCanary,
	filesWith,
	formsIn,
	recordRequests,
} from '../helpers/canary.js';
import {
	credentialsFile,
	readCredentials,
	resourceOf,
	startAccount,
	startServer,
} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {runReelcat} from '../helpers/run-reelcat.js';

const requests = recordRequests();
const plantedBug = new URL('../helpers/planted-bug.js', import.meta.url).href;
const inHome = '.local/share/reelcat/credentials.json';

test('tokens of the account and of its servers go to whom they belong, in a header, and are in no output, log, report, export or file but one', withHousehold, async (t, {home}) => {
	const [own, shared] = [createCanary(), createCanary()];
	const attic = await startServer(t, {token: own, name: 'Attic', seed: 1});
	const loft = await startServer(t, {token: shared, name: 'Loft', seed: 2});
	const {plexTv, env, run, login} = await startAccount(t, home, {
		servers: [resourceOf(attic, {name: 'Attic'}), resourceOf(loft, {name: 'Loft', isOwned: false, ownerName: 'Ines'})],
	});
	const outputs: Array<[name: string, text: string]> = [];
	const keep = async (args: readonly string[]) => {
		const finished = await run(args);
		outputs.push([args.join(' '), finished.stdout + finished.stderr]);
		return finished;
	};

	const first = await login();
	const {account} = await readCredentials(home);
	const signedIn = account!.token;
	const secrets = [signedIn, own, shared];
	outputs.push(['login', first.stdout + first.stderr]);

	t.is((await keep(['import', '--server', 'Attic', 'Classics', '--verbose'])).exitCode, 0);
	t.is((await keep(['import', '--server', 'Loft', 'Classics', '--verbose', '--json'])).exitCode, 0);
	await Promise.all([
		keep(['login', '--json']),
		keep(['servers', '--find']),
		keep(['servers', '--find', '--json']),
		keep(['doctor', '--server', 'Attic']),
		keep(['doctor', '--server', 'Loft', '--json']),
		keep(['export']),
		keep(['lost', '--format', 'csv']),
		keep(['runs', 'latest', '--log']),
	]);
	const {account: again} = await readCredentials(home);
	secrets.push(again!.token);

	// What plex.tv and a server say when they are unwell may quote anything.
	for (const [status, text] of [[401, `<errors><error code="1001" message="${again!.token}"/></errors>`], [500, `{"errors":[{"code":1001,"message":"${again!.token}"}]}`]] as const) {
		plexTv.setFaults([{kind: 'status', status, body: {text}}]);
		t.not((await keep(['servers', '--find'])).stdout, '');
	}

	plexTv.setFaults([]);
	attic.setFaults([{
		kind: 'status', status: 401, path: /^\/library/v, body: {text: `${own} is no good`},
	}]);
	t.not((await keep(['sync', '--server', 'Attic', '--full', '--verbose'])).exitCode, 0);
	attic.setFaults([]);
	const crashed = await runReelcat(home, ['sync', '--server', 'Loft'], {env: {...env, NODE_OPTIONS: `--import=${plantedBug} --report-uncaught-exception --report-dir=${home}`, REELCAT_TEST_BUG: 'command'}});
	outputs.push(['sync', crashed.stdout + crashed.stderr]);
	t.regex(crashed.stderr, /reelcat has a bug/v);

	for (const secret of secrets) {
		t.deepEqual(outputs.filter(([, text]) => formsIn(text, secret).length > 0).map(([name]) => name), []);
		const files = await filesWith(home, secret);
		t.true(files.every(file => file === inHome), files.join(', '));
	}

	/**
	The secrets that came to a server, each in its header only.
	*/
	const carriedTo = (url: string) => {
		const seen = requests.to(url);
		t.deepEqual(seen.filter(request => secrets.some(secret => formsIn(request.url, secret).length > 0)), []);
		const carriers = seen.flatMap(({headers}) => headers).filter(([, value]) => secrets.some(secret => formsIn(value, secret).length > 0));
		t.true(carriers.every(([name]) => name === 'x-plex-token'));
		return new Set(carriers.map(([, value]) => value));
	};

	t.deepEqual(carriedTo(attic.url), new Set([own]));
	t.deepEqual(carriedTo(loft.url), new Set([shared]));
	t.deepEqual(carriedTo(plexTv.url), new Set([signedIn, again!.token]));

	t.is((await run(['logout'])).exitCode, 0);
	for (const secret of secrets) {
		t.deepEqual(await filesWith(home, secret), []);
	}

	t.regex(await readFile(credentialsFile(home), 'utf8'), /"servers": \[\]/v);
});
