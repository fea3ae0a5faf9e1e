import test from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer} from '../../source/demo/server.js';
import {withHousehold} from '../helpers/household.js';
import {runReelcat} from '../helpers/run-reelcat.js';

const escape = '\u{1B}';

for (const [columns, rows] of [[120, 40], [80, 24], [40, 10]] as const) {
	test(`at ${columns}×${rows} R finds what changed on the server, C shows it, t tells what happened to an item`, withHousehold, async (t, {home, sit}) => {
		const server = await startDemoServer({movies: 10, shows: 0});
		t.teardown(server.close);
		const env = {PLEX_URL: server.url, PLEX_TOKEN: server.token};
		t.is((await runReelcat(home, ['import', 'Classics', 'Films'], {env})).exitCode, 0);
		const [{ratingKey}] = server.library.page('3', 1, {start: 0, size: 1}) as [PlexRow];
		server.library.changeItem(ratingKey, row => {
			row.title = 'AAA Another Name';
			row.titleSort = 'AAA';
			row.updatedAt = (row.updatedAt ?? 0) + 60;
		});

		const person = sit({columns, rows, env});
		await person.sees('Films');
		person.type('R');
		await person.sees('In step: 1 edited');
		person.type('C');
		await person.sees(/edited/v);
		await person.sees(/AAA/v);
		t.true(person.screen().includes('this sync'));
		person.type(']');
		await person.sees(/Changes of a day|of a day/v);
		person.type(']');
		await person.sees('7 days');
		person.type(escape);
		await person.sees('In step');
		person.type(escape);
		await person.sees('Library');
		person.type('gg');
		await person.sees(/[>›] .*Films/v);
		person.type('jj');
		await person.sees(/[>›] .*Classics/v);
		person.type('l');
		await person.sees('AAA Another Name');
		person.type('t');
		await person.sees(/edited/v);
		t.false(person.screen().includes('undefined'));
		person.type('Q');
		await person.exit;
	});
}

test('when a disk is gone the app says once that its items are held, and A twice removes them', withHousehold, async (t, {home, sit}) => {
	const server = await startDemoServer({movies: 60, shows: 0});
	t.teardown(server.close);
	const env = {PLEX_URL: server.url, PLEX_TOKEN: server.token};
	t.is((await runReelcat(home, ['import', 'Films'], {env})).exitCode, 0);
	server.library.unplug('1', '/srv/films/');
	const person = sit({columns: 100, rows: 30, env});
	await person.sees('Films');
	person.type('R');
	await person.sees('gone from the server and held');
	person.type(escape);
	await person.sees('Library');
	person.type('gg');
	await person.sees(/[>›] .*Films/v);
	person.type('l');
	await person.sees(/ gone /v);
	person.type(escape);
	await person.sees('Library');
	person.type('A');
	await person.sees('Press A again');
	person.type('A');
	await person.sees(/\d+ items removed/v);
	await person.sees(screen => !screen.includes('gone from the server and held'));
	person.type('Q');
	await person.exit;
	const {stdout} = await runReelcat(home, ['lost'], {env});
	t.true(stdout.split('\n').length > 20);
	t.is((await runReelcat(home, ['verify'], {env})).exitCode, 0);
});
