import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {runHere} from '../helpers/run-here.js';

const keepKeys = async (home: string, keys: unknown) => {
	const folder = path.join(home, '.config/reelcat/demo');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'settings.json'), JSON.stringify({keys}));
};

test('from the palette a library is opened and sorted, a key that waits shows what may follow, and the log lies over the list', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({args: ['--demo'], columns: 80, rows: 24});
	await person.sees(/Films +Movies/v);
	person.type(':');
	await person.sees('Esc close');
	person.type('library\r');
	await person.sees('Library: ');
	person.type('series\r');
	await person.sees(/› Series\b/v);
	person.type('\u{10}');
	await person.sees('Esc close');
	person.type('sort\r');
	await person.sees('Sort by: ');
	person.type('year\r');
	// By title another one is the first row.
	await person.sees(/Added +│\n│[ ›] Northern Spindle of Mirrin/v);
	person.type('g');
	await person.sees(screen => screen.includes('g …') && screen.includes('First row'));
	person.type('l');
	await person.sees(screen => !screen.includes('g …') && /\[.\] Films/v.test(screen));
	person.type('@');
	await person.sees('Nothing was logged since this app has started.');
	t.true(person.screen().includes('Esc back'));
	person.type('@R');
	await person.sees(/in step|synced|unchanged|nothing/iv);
	person.type('@');
	await person.sees(/\d\d:\d\d:\d\d\.\d+ info {2}/v);
	person.type('Q');
	t.is((await person.exit).exitCode, 0);
});

test('keys of the settings work from the start, and what is wrong with them is told there and by doctor', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await keepKeys(home, {
		theme: ['g r', 'ctrl-r'], sync: ['r'], quit: ['Z'], nonsense: ['x'],
	});
	const person = sit({args: ['--demo'], columns: 100, rows: 30});
	await person.sees(/"nonsense" is not the id of an action/v);
	await person.sees(/ r sync/v);
	person.type('gr');
	await person.sees('Enter keep');
	person.type('\u{1B}');
	await person.sees(screen => !screen.includes('Enter keep'));
	person.type('?');
	await person.sees(/gr Ctrl-R +Choose the colours/v);
	person.type('\u{1B}');
	await person.sees(screen => !screen.includes('Choose the colours'));
	person.type('Z');
	t.is((await person.exit).exitCode, 0);

	const {stdout} = await runHere(home, ['doctor', '--demo']);
	t.regex(stdout, /WARN +keys +settings\.json: "nonsense" is not the id of an action\. .*r is "sync" and so no longer "refresh" on /v);
});
