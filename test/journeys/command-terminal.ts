import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';

const hasBar = (text: string) => /[█░]/v.test(text);

// Colours and erasures, but for the lines that are written in place.
const hasColor = (written: string) => /\u{1B}\[(?:[1-9]|3\d)m/v.test(written); // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences

test('an import at a terminal shows bars, then only what came of it, and a table has colours', withHousehold, async (t, {sit}) => {
	const person = sit({args: ['import', '--demo'], columns: 80, rows: 24});
	const screen = await person.sees(/^Total +[█░]+ +\d+ %, \d of 6 libraries done/mv);
	t.regex(screen, /^Series +(?:[█░]+ +|waiting)/mv);
	const {exitCode} = await person.exit;
	t.is(exitCode, 0);
	await person.sees(text => !hasBar(text));
	const lines = person.history().map(row => row.join('').trimEnd()).filter(line => line !== '');
	t.deepEqual(lines.filter(line => hasBar(line)), []);
	t.is(lines.filter(line => line.startsWith('Films: 188 expected = 188 imported')).length, 1);
	t.regex(lines.at(-1)!, /MB\.$/v);
	t.notRegex(lines.join('\n'), /of 188, \d+ %/v);
	t.true(hasColor(person.written()));

	const list = sit({args: ['ls', '--demo', '--limit', '2'], columns: 80});
	await list.exit;
	t.true(hasColor(list.written()));
	const ls = 'reelcat ls --demo --limit 2';
	for (const shell of [`${ls} --no-color`, `NO_COLOR=1 ${ls}`, `TERM=dumb ${ls}`, `${ls} | cat`, `stty cols 0 rows 0; NO_COLOR=1 ${ls}`]) {
		const plain = sit({shell, columns: 80});
		await plain.exit;
		t.regex(plain.written(), /Morning Ferry News/v);
		t.notRegex(plain.written(), /\u{1B}/v, `It is: ${shell}`); // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences
	}
});

test('the help and an error have colours at a terminal, and none where nobody wants them', withHousehold, async (t, {sit}) => {
	for (const args of ['help sync', 'sync --help', 'snyc']) {
		const person = sit({shell: `reelcat ${args}`, columns: 120});
		await person.exit;
		t.true(hasColor(person.written()), `It is: ${args}`);
		for (const shell of [`NO_COLOR=1 reelcat ${args}`, `TERM=dumb reelcat ${args}`, `reelcat ${args} --no-color`, `reelcat ${args} 2>&1 | cat`]) {
			const plain = sit({shell, columns: 120});
			await plain.exit;
			t.regex(plain.written(), /sync/v);
			t.notRegex(plain.written(), /\u{1B}/v, `It is: ${shell}`); // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences
		}
	}
});

test('Ctrl-C in an import takes the bars away and says what was kept', withHousehold, async (t, {sit}) => {
	const person = sit({args: ['import', '--demo'], columns: 60, rows: 12});
	await person.sees(/^Total +[█░]+ +\d+ %/mv);
	person.type('\u{3}');
	const {exitCode} = await person.exit;
	t.is(exitCode, 130);
	// The emulator may still be reading.
	t.regex(await person.sees(screen => !hasBar(screen)), /Cancelled\. What was committed is kept/v);
});

test('a sync at a terminal tells each library once', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({args: ['sync', '--demo', '--full'], columns: 80, rows: 30});
	const {exitCode} = await person.exit;
	t.is(exitCode, 0);
	await person.sees(text => text.includes('In step; ') && !hasBar(text));
	const lines = person.history().map(row => row.join('').trimEnd());
	t.is(lines.filter(line => /^Classics: no changes\.$/v.test(line)).length, 1);
	t.is(lines.filter(line => hasBar(line)).length, 0);
});

test('Ctrl-C at the question of a restore ends it with a sentence, and what is no yes changes nothing', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await sit({args: ['backup', '--demo'], columns: 120}).exit;
	for (const [typed, exitCode, told] of [['\u{3}', 130, /^reelcat: .*cancelled/mv], ['\u{4}', 0, /Nothing/v], ['no\r', 0, /Nothing/v]] as const) {
		const person = sit({args: ['restore', '--demo'], columns: 120});
		await person.sees('[y/N]');
		person.type(typed);
		t.is((await person.exit).exitCode, exitCode, person.screen());
		await person.sees(told);
		t.notRegex(person.screen(), / at |Restored/v);
	}
});
