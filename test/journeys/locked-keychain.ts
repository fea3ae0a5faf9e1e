import {once} from 'node:events';
import {mkdir, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {startServer} from '../helpers/account-world.js';
import {withHousehold, type Household} from '../helpers/household.js';
import {runReelcat, startReelcat} from '../helpers/run-reelcat.js';

/**
A home whose only token is in a keychain that is locked: what speaks for it answers nothing.
*/
const lock = async (t: ExecutionContext, {home}: Household) => {
	const place = path.join(home, 'bus');
	const bus = createServer();
	bus.listen(place);
	await once(bus, 'listening');
	t.teardown(() => {
		bus.close();
	});
	const {url, token, machineIdentifier} = await startServer(t);
	const folder = path.join(home, '.local/share/reelcat');
	await mkdir(folder, {recursive: true, mode: 0o700});
	const servers = [{
		id: machineIdentifier, name: 'Loft', url, isInKeychain: true,
	}];
	await writeFile(path.join(folder, 'credentials.json'), JSON.stringify({format: 'reelcat-credentials', version: 2, servers}), {mode: 0o600});
	return {env: {DBUS_SESSION_BUS_ADDRESS: `unix:path=${place}`}, given: {PLEX_URL: url, PLEX_TOKEN: token}};
};

const waitingSentence = /The keychain may be asking for its password on the screen of this machine\./v;

if (process.platform === 'linux') {
	test('a command says that it waits for a locked keychain, and a signal ends it', withHousehold, async (t, household) => {
		const {env} = await lock(t, household);
		const {child, finished} = startReelcat(household.home, ['libraries'], {env});
		await once(child.stderr!, 'data');
		child.kill('SIGINT');
		const {exitCode, stderr} = await finished;
		t.is(exitCode, 130);
		t.regex(stderr, waitingSentence);
		t.regex(stderr, /was not waited for any longer/v);
	});

	test('who gives a token does not need a locked keychain', withHousehold, async (t, household) => {
		const {env, given} = await lock(t, household);
		const {exitCode, stdout} = await runReelcat(household.home, ['libraries'], {env: {...env, ...given}});
		t.is(exitCode, 0);
		t.regex(stdout, /Films/v);
	});

	test('the app says what it waits for, with and without a screen of its own', withHousehold, async (t, household) => {
		const {env} = await lock(t, household);
		for (const own of [env, {...env, INK_SCREEN_READER: 'true'}]) {
			const person = household.sit({env: own});
			await person.sees(waitingSentence);
			person.type('\u{3}');
			const {exitCode} = await person.exit;
			t.is(exitCode, 130);
		}
	});
}
