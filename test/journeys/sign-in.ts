import test from 'ava';
import {startDemoPlexTv} from '../../source/demo/plex-tv/server.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {withHousehold} from '../helpers/household.js';

const escape = '\u{1B}';

const resource = (server: DemoServer, name: string) => ({
	name, machineIdentifier: server.machineIdentifier, accessToken: server.token, connections: [{uri: server.url, isLocal: true}],
});

for (const [columns, rows] of [[120, 40], [80, 24], [40, 10]] as const) {
	test(`at ${columns}×${rows} a newcomer signs in with a code, and is at the libraries of the only server without a word more`, withHousehold, async (t, {sit}) => {
		const server = await startDemoServer({movies: 0, shows: 0, name: 'Attic'});
		const plexTv = await startDemoPlexTv({servers: [resource(server, 'Attic')], account: {title: 'Ada'}});
		t.teardown(server.close);
		t.teardown(plexTv.close);
		const person = sit({columns, rows, env: {REELCAT_PLEXTV_URL: plexTv.url, FORCE_HYPERLINK: '1'}});
		await person.sees('Sign in with Plex');
		person.type('\r');
		const screen = await person.sees(/the code expires/v);
		const shown = /^ {4}(?<code>\w(?: \w){3}) *(?:[ ▀▄█]|$)/mv.exec(screen)?.groups?.['code']?.replaceAll(' ', '').toLowerCase();
		const pin = plexTv.openPins().find(({isStrong}) => !isStrong)!;
		t.is(shown, pin.code.toLowerCase());
		t.is(/[▀▄█]{10}/v.test(screen), columns >= 80);
		// A click leads to the place where the code is filled in.
		t.true(person.written().includes(`${escape}]8;;https://plex.tv/link/?pin=${pin.code}`));
		plexTv.approve(pin.code);
		await person.sees(/Films/v);
		await person.sees(/Attic/v);
		t.notRegex(person.screen(), /undefined|Sign in/v);
		person.type('c');
		await person.sees(/[>›] Attic/v);
		await person.sees(/again; signed in/v);
		person.type('Q');
		t.is((await person.exit).exitCode, 0);
	});
}

test('a sign-in is cancelled with Esc, an expired code is renewed with Enter, and Ctrl-C ends with 130', withHousehold, async (t, {sit}) => {
	const plexTv = await startDemoPlexTv({servers: [], expiresInSeconds: 3});
	t.teardown(plexTv.close);
	const person = sit({columns: 80, rows: 24, env: {REELCAT_PLEXTV_URL: plexTv.url}});
	await person.sees('Sign in with Plex');
	person.type('\r');
	await person.sees(/the code expires/v);
	await person.sees('The code has expired.');
	plexTv.setExpiresIn(900);
	person.type('\r');
	await person.sees(/the code expires in 1[45]:/v);
	person.type(escape);
	await person.sees('Plex server address');
	person.type('\r');
	await person.sees(/the code expires/v);
	person.type('\u{3}');
	t.is((await person.exit).exitCode, 130);
});

test('with plex.tv away the screen says so and what to do, and an address works all the same', withHousehold, async (t, {sit}) => {
	const server = await startDemoServer({movies: 0, shows: 0});
	t.teardown(server.close);
	const person = sit({columns: 80, rows: 24, env: {REELCAT_PLEXTV_URL: 'http://127.0.0.1:9', PLEX_TOKEN: server.token}});
	await person.sees('Sign in with Plex');
	person.type('\r');
	await person.sees(/plex\.tv.*cannot be reached/v, 30_000);
	await person.sees('Press Enter to try again');
	person.type(escape);
	await person.sees('Plex server address');
	person.type('j\r');
	person.type(`${server.url}\r`);
	await person.sees('Films');
	person.type('Q');
	t.is((await person.exit).exitCode, 0);
});
