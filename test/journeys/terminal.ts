import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {promptShell} from '../helpers/terminal.js';

test('a terminal that was resized while the app was stopped is drawn in its new size after fg', withHousehold, async (t, {sit}) => {
	const person = sit({shell: promptShell, columns: 100, rows: 30});
	await person.sees('prompt>');
	person.type('reelcat --demo\r');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('\u{1A}');
	await person.sees(/Stopped/v);
	person.resize(70, 20);
	person.type('stty size\r');
	await person.sees('20 70');
	person.type('fg\r');
	const screen = await person.sees(text => text.includes('? all') && text.includes('Films'));
	t.is(screen.split('\n').findIndex(text => text.includes('? all')), 19);
	// A higher screen would end in the last row as well, but not be as wide.
	t.regex(screen, /^╭─[^╭╮]{67}╮$/mv);
	person.type('Q');
	await person.sees(text => text.trimEnd().endsWith('prompt>'));
});

test('a terminal of 0×0 gets only what changed', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({shell: 'stty rows 0 cols 0; exec reelcat --demo', columns: 80, rows: 24});
	await person.sees(/Films[ \-─]+Movies(?: +188 +188|.*\n. 188 movies (?:.|\n)*Photos )/v);
	// Below are libraries whose counts need no explanation, which would be counted as well.
	person.type('jj');
	await person.sees(/› \[.\] Classics/v);
	// What the server has may still come.
	do {
		person.takeBytes();
		await sleep(500);
	} while (person.takeBytes() > 0);

	person.type('j');
	await person.sees(/› \[.\] Anime/v);
	const bytes = person.takeBytes();
	t.true(bytes < 500, `${bytes} bytes`);
	person.type('Q');
	await person.exit;
});

test('TERM=dumb is told apart from a pipe', withHousehold, async (t, {sit}) => {
	const person = sit({columns: 120, shell: 'TERM=dumb exec reelcat'});
	const screen = await person.sees('reelcat:');
	t.true(screen.includes('TERM says that this one cannot'));
	t.false(screen.includes('terminal for input and output'));
	t.is((await person.exit).exitCode, 2);
});

test('the screen is empty when the app is left, where the terminal has no other screen', withHousehold, async (t, {sit}) => {
	const person = sit({shell: promptShell, columns: 80, rows: 24});
	await person.sees('prompt>');
	person.type('reelcat --demo\r');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('Q');
	await person.sees(text => text.trimEnd().endsWith('prompt>'));
	t.true(person.written().includes('\u{1B}[H\u{1B}[J\u{1B}[?1049l'));
});
