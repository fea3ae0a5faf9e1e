import test from 'ava';
import {startServer} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {promptShell, type Person} from '../helpers/terminal.js';

const plantedBug = new URL('../helpers/planted-bug.js', import.meta.url).href;

const isTaken = (person: Person) => [1000, 1002, 1006].every(mode => person.modes()[mode] === true);
const isFree = (person: Person) => [1000, 1002, 1006].every(mode => person.modes()[mode] !== true);

const report = (code: number, column: number, row: number, final = 'M') => `\u{1B}[<${code};${column + 1};${row + 1}${final}`;
const click = (column: number, row: number) => report(0, column, row) + report(0, column, row, 'm');

test('a person reads a list with the mouse alone, and the terminal has it back afterwards', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({args: ['--demo'], columns: 100, rows: 24});
	await person.sees(/Films[ \-─]+Movies(?: +188 +188|.*\n. 188 movies (?:.|\n)*Photos )/v);
	await person.sees(() => isTaken(person));
	person.type('l');
	await person.sees(/\d+\/188/v);
	person.type('gg');
	await person.sees(/\b1\/188/v);
	const rowOf = (text: string) => person.screen().split('\n').findIndex(line => line.replace(/^[ │]+/v, '').startsWith(text));
	const first = rowOf('› ');
	person.type(click(8, first + 4));
	await person.sees(/\b5\/188/v);
	person.type(report(65, 8, first));
	await person.sees(/\b8\/188/v);
	person.type(click(8, first + 7) + click(8, first + 7));
	await person.sees(/ of \d+ lines/v);
	person.type('\u{1B}');
	const list = await person.sees(/\b8\/188/v);
	const heading = rowOf('Title↑');
	person.type(click(list.split('\n')[heading]!.indexOf('Year'), heading));
	await person.sees(/Title {2,}Year/v);
	person.type('Q');
	t.is((await person.exit).exitCode, 0);
	await person.sees(() => isFree(person));
});

test('over SSH the mouse stays with the terminal, until Ctrl-T takes it for good', withHousehold, async (t, {sit}) => {
	const env = {SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22'};
	const person = sit({args: ['--demo'], env});
	await person.sees(/Films[ \-─]+Movies/v);
	t.true(isFree(person));
	person.type('\u{14}');
	await person.sees('The mouse is on.');
	t.true(isTaken(person));
	person.type('q');
	await person.exit;
	await person.sees(() => isFree(person));

	const again = sit({args: ['--demo'], env});
	await again.sees(/Films[ \-─]+Movies/v);
	await again.sees(() => isTaken(again));
	again.type('\u{14}');
	await again.sees('The mouse is off');
	await again.sees(() => isFree(again));
	again.type('q');
	await again.exit;
});

test('the terminal has its mouse back after Ctrl-C, a signal and a bug', withHousehold, async (t, {sit}) => {
	const {url, token} = await startServer(t);
	const ends: Array<[(person: Person) => void, number]> = [
		[person => {
			person.type('\u{3}');
		}, 130],
		[person => {
			person.signal('SIGTERM');
		}, 143],
		[person => {
			person.signal('SIGHUP');
		}, 129],
	];
	for (const [end, code] of ends) {
		const person = sit({args: ['--demo']});

		await person.sees(() => isTaken(person) && person.screen().includes('Films'));
		end(person);

		t.is((await person.exit).exitCode, code);

		await person.sees(() => isFree(person));
	}

	const person = sit({
		env: {
			PLEX_URL: url, PLEX_TOKEN: token, NODE_OPTIONS: `--import=${plantedBug}`, REELCAT_TEST_BUG: 'uncaught',
		},
	});
	await person.exit;
	await person.sees(() => isFree(person) && person.screen().includes('reelcat has a bug'));
	t.regex(person.written(), /\u{1B}\[\?1000h.*\u{1B}\[\?1000l/sv); // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences
});

test('Ctrl-Z gives the mouse to the shell, and fg takes it again', withHousehold, async (t, {sit}) => {
	const person = sit({shell: promptShell, columns: 80, rows: 24});
	await person.sees('prompt>');
	person.type('reelcat --demo\r');
	await person.sees(() => isTaken(person) && person.screen().includes('Films'));
	person.type('\u{1A}');
	await person.sees(/Stopped/v);
	t.true(isFree(person));
	person.type('fg\r');
	await person.sees(() => isTaken(person) && person.screen().includes('Films'));
	person.type('q');
	await person.sees(screen => screen.trimEnd().endsWith('prompt>') && isFree(person));
	person.type('exit\r');
	await person.exit;
});
