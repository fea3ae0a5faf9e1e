import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {looksAsRepainted} from '../helpers/screen-look.js';
import {stoppedClock} from '../helpers/screen-world.js';

const trueColor = {COLORTERM: 'truecolor'};

const halfBlocks = (screen: string) => screen.match(/▀/gv)?.length ?? 0;

const card = /╭─+╮/v;

const choose = async (home: string, pictures: string) => {
	const folder = path.join(home, '.config/reelcat/demo');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'settings.json'), JSON.stringify({pictures}));
};

test('the pane shows the poster of the selected movie in half-blocks, and leaves nothing of it behind', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({
		args: ['--demo'], columns: 140, rows: 40, env: trueColor,
	});
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(/1\/\d+/v);
	await person.sees(text => halfBlocks(text) > 50);
	person.type('jjj');
	await person.sees(text => /\b4\/\d+/v.test(text) && halfBlocks(text) > 50);
	person.type('\u{1B}');
	await person.sees(text => /Films[ \-─]+Movies/v.test(text) && halfBlocks(text) === 0);
	person.type('Q');
	t.like(await person.exit, {exitCode: 0});
});

test('the wall fills every size with posters, and what it shows after a storm is what a repaint shows', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	// The header tells how long ago the last sync was.
	const person = sit({
		args: ['--demo'], columns: 120, rows: 40, env: {...trueColor, ...stoppedClock(Date.now())},
	});
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(/1\/\d+/v);
	person.type('v');
	await person.sees(text => halfBlocks(text) > 2000);
	person.resize(80, 24);
	await person.sees(text => text.split('\n').length === 24 && halfBlocks(text) > 800);
	person.resize(40, 10);
	await person.sees(text => text.split('\n').length === 10 && halfBlocks(text) > 150);
	for (const [columns, rows] of [[100, 30], [60, 20], [41, 11], [120, 40]] as const) {
		person.resize(columns, rows);
		person.type('jl');
		await wait(20);
	}

	await person.sees(text => text.split('\n').length === 40 && halfBlocks(text) > 1000 && !card.test(text));
	await looksAsRepainted(t, person);
	person.type('s');
	await person.sees(/Sort/v);
	person.type('\u{1B}');
	person.type('Gk');
	await person.sees(text => halfBlocks(text) > 1000 && !card.test(text));
	await looksAsRepainted(t, person);
	person.type('v');
	await person.sees(text => text.includes('Title'));
	person.type('Q');
	await person.exit;
	await person.sees(() => !person.isAlternateScreen());
});

test('kitty gets pictures where it is chosen, its answers are not keys, and nothing of them stays behind', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await choose(home, 'kitty');
	const person = sit({
		args: ['--demo'], columns: 140, rows: 40, env: trueColor,
	});
	await person.sees(() => person.written().includes('[>0q'));
	person.type('\u{1B}P>|kitty(0.35.2)\u{1B}\\\u{1B}[6;20;10t\u{1B}[4;800;1400t\u{1B}[?62;c');
	await person.sees(() => person.written().includes('a=q'));
	person.type('\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;c');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(() => /_Ga=[Tt],/v.test(person.written()));
	t.regex(person.screen(), /1\/\d+/v, 'no answer was read as a key');
	person.type('Q');
	await person.exit;
	const written = person.written();
	const sent = new Set(Array.from(written.matchAll(/_Ga=[Tt],[^;]*i=(?<id>\d+)/gv), ({groups}) => groups!['id']));
	const taken = new Set(Array.from(written.matchAll(/_Ga=d,d=I,i=(?<id>\d+)/gv), ({groups}) => groups!['id']));
	t.deepEqual(taken, sent);
	t.true(written.lastIndexOf('d=I') < written.lastIndexOf('[?1049l'));
});

test('a terminal with sixels gets them from the bundle, in bands that stay inside the box', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await choose(home, 'sixel');
	const person = sit({
		args: ['--demo'], columns: 140, rows: 40, env: trueColor,
	});
	await person.sees(() => person.written().includes('[>0q'));
	person.type('\u{1B}[6;20;10t\u{1B}[?62;4c');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(() => /\u{1B}P[\d;]*q"1;1;\d+;\d+/v.test(person.written())); // eslint-disable-line no-control-regex, regexp/no-control-character
	t.regex(person.screen(), /1\/\d+/v);
	t.false(person.screen().includes('▀'));
	person.type('Q');
	await person.exit;
});

test('a terminal that answers late, as one in a browser does, gets half-blocks first and then what it can show', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({
		args: ['--demo'], columns: 140, rows: 40, env: trueColor,
	});
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(text => halfBlocks(text) > 50);
	person.type('\u{1B}[6;20;10t\u{1B}[?62;4c');
	await person.sees(() => /\u{1B}P[\d;]*q"1;1;\d+;\d+/v.test(person.written())); // eslint-disable-line no-control-regex, regexp/no-control-character
	await person.sees(text => halfBlocks(text) === 0);
	t.regex(person.screen(), /1\/\d+/v, 'no answer was read as a key');
	person.type('Q');
	await person.exit;
});

test('the footer is whole in a terminal that prints the question for kitty graphics, as Terminology does', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await choose(home, 'auto');
	const person = sit({
		args: ['--demo'], columns: 100, rows: 30, env: trueColor, shows: written => written.replaceAll(/\u{1B}[\\_]/gv, ''), // eslint-disable-line no-control-regex, regexp/no-control-character
	});
	await person.sees(/Films[ \-─]+Movies/v);
	await person.sees(() => person.written().includes('[>0q'));
	person.type('\u{1B}P>|terminology 1.13.0\u{1B}\\\u{1B}[?64;1;9;15;18;21;22c');
	await person.sees(() => person.written().includes('a=q'));
	person.type('\u{1B}[?64;1;9;15;18;21;22c');
	await person.sees(/\nl browse [^\n]+$/v);
	await person.rests();
	t.notRegex(person.screen(), /Gi=31/v);
	person.type('Q');
	await person.exit;
});

for (const [terminal, answers] of [['PuTTY', '\u{1B}[?6c'], ['tmux around a container', '\u{1B}P>|tmux 3.4\u{1B}\\\u{1B}[?62;4c']] as const) {
	test(`${terminal}, which would show or keep the question for kitty graphics, does not get it`, withHousehold, async (t, {home, sit}) => {
		await importDemo(home);
		await choose(home, 'sixel');
		const person = sit({
			args: ['--demo'], columns: 140, rows: 40, env: trueColor,
		});
		await person.sees(() => person.written().includes('[>0q'));
		person.type(`\u{1B}[6;20;10t\u{1B}[4;800;1400t${answers}`);
		await person.sees(/Films[ \-─]+Movies/v);
		person.type('l');
		await person.sees(text => (terminal === 'PuTTY' ? person.written().includes('q"1;1;') : halfBlocks(text) > 50));
		person.type('Q');
		await person.exit;
		t.false(person.written().includes('\u{1B}_G'));
	});
}

test('tmux and screen are not asked, and a setting can turn pictures off', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await choose(home, 'kitty');
	const multiplexers: ReadonlyArray<Record<string, string>> = [{TMUX: '/tmp/tmux-1000/default,1,0'}, {STY: '1.pts-0.host'}];
	for (const env of multiplexers) {
		const person = sit({
			args: ['--demo'], columns: 140, rows: 40, env: {...trueColor, ...env},
		});
		await person.sees(/Films[ \-─]+Movies/v);
		person.type('l');
		await person.sees(text => halfBlocks(text) > 50);
		person.type('Q');
		await person.exit;
		t.false(person.written().includes('\u{1B}_G'));
		t.is(person.written().includes('[38;2;'), !('STY' in env), 'screen has no 24-bit colours');
	}

	await choose(home, 'off');
	const person = sit({
		args: ['--demo'], columns: 80, rows: 24, env: trueColor,
	});
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('l');
	await person.sees(/1\/\d+/v);
	person.type('v');
	await person.sees('Pictures are switched off in the settings.');
	person.type('j');
	await person.sees(card);
	t.false(person.written().includes('▀'));
	t.false(person.written().includes('\u{1B}_G'));
	person.type('Q');
	await person.exit;
});
