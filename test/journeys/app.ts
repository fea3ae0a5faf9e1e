import {
	mkdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {startServer} from '../helpers/account-world.js';
import {withHousehold} from '../helpers/household.js';
import {importDemo} from '../helpers/imported-demo.js';
import {promptShell, type Person} from '../helpers/terminal.js';

const escape = '\u{1B}';

const leaves = async (t: ExecutionContext, person: Person, exitCode: number) => {
	const exit = await person.exit;
	t.is(exit.exitCode, exitCode);
	// The process may be gone before the terminal has read its last words.
	await person.sees(() => !person.isAlternateScreen());
};

test('a newcomer comes from an empty home to the details of a movie, at 120×40', withHousehold, async (t, {sit}) => {
	const person = sit();
	await person.sees('Sign in with Plex  with a code');
	t.true(person.isAlternateScreen());
	person.type('jj\r');
	await person.sees('The catalogue is empty.');
	await person.sees(/Music cannot be imported/v);
	await person.sees(/\[x\] Films/v);
	person.type('\r');
	const summary = await person.sees('Imported without errors');
	const equation = /(?<expected>[\d,]+) expected = (?<imported>[\d,]+) imported \+ 0 unchanged \+ 0 failed \+ 0 skipped/v.exec(summary)!;
	t.is(equation.groups!['expected'], equation.groups!['imported']);
	person.type(escape);
	await person.sees(/\[x\] Films[ \-─]+Movies(?: +188 +188|.*\n. 188 movies (?:.|\n)*Photos )/v);
	person.type('l');
	await person.sees(/\d+\/188/v);
	person.type('gg');
	await person.sees(/\b1\/188/v);
	person.type('/metropolis');
	await person.sees('1/1 (188)');
	person.type('\r');
	await person.sees(/Title +Metropolis/v);
	person.type('\r');
	await person.sees('› Metropolis');
	person.type('G');
	await person.sees(/\.(?:mkv|mp4|avi)/v);
	person.type('?');
	await person.sees('Keys of the detail');
	person.type(escape);
	await person.sees('J scroll down');
	person.type('Q');
	await leaves(t, person, 0);
	t.is(person.title(), '');
});

test('shows open to seasons and episodes, and Esc goes back a level at a time with the cursor where it was', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({args: ['--demo'], columns: 80, rows: 24});
	await person.sees(/Films [ ─]*Movies/v);
	person.type('j');
	await person.sees(/› \[.\] Series [ ─]*Shows/v);
	person.type('l');
	await person.sees(/1\/\d+/v);
	person.type('jj');
	// The state of the connection in the header may change meanwhile.
	const belowHeader = (screen: string) => screen.split('\n').slice(2);
	// The length and the size of all are added up behind the list.
	const whole = /3\/\d+ ╮[\s\S]+ h, [\s\S]+B ╯/v;
	const shows = await person.sees(whole);
	person.type('l');
	await person.sees(/› Series › [^›]+ 1\/\d+/v);
	person.type('l');
	await person.sees(/› Series › [^›]+ › [^›]+ 1\/\d+/v);
	person.type(escape);
	await person.sees(/› Series › [^›]+ 1\/\d+/v);
	person.type('h');
	t.deepEqual(belowHeader(await person.sees(whole)), belowHeader(shows));
	person.type('Q');
	await leaves(t, person, 0);
});

test('each way to a wrong server gets its own sentence, the form keeps what was typed, and a right token is kept in a private file', withHousehold, async (t, {home, sit}) => {
	const {url, token} = await startServer(t);
	const person = sit({columns: 80, rows: 24});
	await person.sees('Plex server address');
	person.type('j\r');
	person.type('http://127.0.0.1:9\tnot-the-token\r');
	await person.sees(/refuse|closed|nothing listens|cannot be reached/iv);
	t.regex(person.screen(), /http:\/\/127\.0\.0\.1:9\b/v);
	person.type(`\u{15}\u{1B}[Z\u{15}${url}\t`);
	person.type('not-the-token\r');
	// Not the refusal before, which stays until the form is sent.
	await person.sees(screen => screen.includes('does not accept the token') && screen.includes(url));
	person.type(`\u{15}${token}\r`);
	await person.sees(/Films[ \-─]+Movies/v);
	t.false(person.screen().includes(token));
	person.type('q');
	await leaves(t, person, 0);

	const credentials = path.join(home, '.local/share/reelcat/credentials.json');
	const {mode} = await stat(credentials);
	t.is(mode % 0o1000, 0o600);
	t.true((await readFile(credentials, 'utf8')).includes(token));
	const settings = await readFile(path.join(home, '.config/reelcat/settings.json'), 'utf8');
	t.false(settings.includes(token));

	const again = sit({columns: 80, rows: 24});
	await again.sees(/Films[ \-─]+Movies(?: +51|.*\n.*\b51\b)/v);
	again.type('q');
	await leaves(t, again, 0);
});

test('Ctrl-C in mid-import cancels, keeps what was committed, and the next import completes it', withHousehold, async (t, {sit}) => {
	const {url, token} = await startServer(t, {latencyMs: 200, movies: 1500});
	const env = {PLEX_URL: url, PLEX_TOKEN: token};
	const person = sit({env, columns: 80, rows: 24});
	await person.sees('[x] Films');
	// Only the films.
	person.type('a');
	await person.sees('[ ] Films');
	person.type(' ');
	await person.sees('[x] Films');
	person.type('\r');
	await person.sees(/Films +importing .* [1-9]\d\d\//v);
	person.type('\u{03}');
	await person.sees('Cancelled. What was committed is kept');
	const screen = person.screen();
	const totals = /(?<imported>[\d,]+) imported .* (?<skipped>[\d,]+) skipped/v.exec(screen)!.groups!;
	t.not(totals['imported'], '0');
	t.not(totals['skipped'], '0');
	person.type(escape);
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('\r');
	await person.sees('Imported without errors', 40_000);
	person.type('Q');
	await leaves(t, person, 0);
});

test('a server that dies in mid-import becomes an entry in the error list that opens and can be retried', withHousehold, async (t, {sit, serve}) => {
	const server = await serve(['--latency', '100', '--movies', '1500', '--shows', '0', '--port', '0']);
	const person = sit({env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}, columns: 100, rows: 30});
	await person.sees('[x] Films');
	// Only the films.
	person.type('a');
	await person.sees('[ ] Films');
	person.type(' ');
	await person.sees('[x] Films');
	person.type('\r');
	await person.sees(/Films +importing .* [1-9]\d\d\//v);
	await server.kill();
	await person.sees(/Ended with \d+ problem/v, 60_000);
	person.type('\r');
	await person.sees(/What to do|Hint|Cause/v);
	person.type(escape);
	await person.sees('r retry');
	person.type('Q');
	await leaves(t, person, 0);
});

// A poster comes after the rest of a screen, later than a test can wait for it.
const turnPicturesOff = async (home: string) => {
	const folder = path.join(home, '.config/reelcat/demo');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'settings.json'), '{"pictures":"off"}');
};

test('resizing from large to tiny and back keeps the selection and leaves no ghosts', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await turnPicturesOff(home);
	const person = sit({args: ['--demo']});
	await person.sees(/Films[ \-─]+Movies(?: +188 +188|.*\n. 188 movies (?:.|\n)*Photos )/v);
	person.type('l');
	await person.sees(/\d+\/188/v);
	person.type('gg');
	await person.sees(/\b1\/188/v);
	person.type('5j');
	await person.sees('6/188');
	person.resize(80, 24);
	await person.sees(screen => screen.split('\n').length === 24 && screen.includes('6/188'));
	person.resize(40, 10);
	await person.sees(screen => screen.split('\n').length === 10 && screen.includes('6/188'));
	person.resize(20, 5);
	await person.sees('Terminal too small');
	person.resize(200, 60);
	await person.sees(screen => screen.split('\n').length === 60 && screen.includes('6/188'));
	person.resize(120, 40);
	const resized = await person.sees(screen => screen.split('\n').length === 40 && screen.includes('6/188') && screen.includes('│Picture') && screen.trimEnd().endsWith('? all'));
	person.takeBytes();
	person.type('\u{0C}');
	let repainted = 0;
	await person.sees(screen => {
		repainted += person.takeBytes();
		return repainted > 1000 && screen === resized;
	});
	t.pass();
	person.type('Q');
	await leaves(t, person, 0);
});

test('the whole journey works at 40×10', withHousehold, async (t, {sit}) => {
	const person = sit({args: ['--demo'], columns: 40, rows: 10});
	await person.sees('Films');
	person.type('I');
	await person.sees(/Imported without errors/v);
	person.type(escape);
	await person.sees('› [ ] Films');
	person.type('l');
	await person.sees(/\d+\/188/v);
	person.type('gg');
	await person.sees(/\b1\/188/v);
	person.type('/wind');
	await person.sees(/1\/\d+ \(188\)/v);
	person.type('\r\r');
	await person.sees('Overview');
	person.type('q');
	await person.sees(/1\/\d+ \(188\)/v);
	person.type('Q');
	await leaves(t, person, 0);
});

test('Ctrl-Z gives the shell back, and fg brings the app back as it was', withHousehold, async (t, {sit}) => {
	const person = sit({shell: promptShell, columns: 80, rows: 24});
	await person.sees('prompt>');
	person.type('reelcat --demo\r');
	await person.sees(/Films[ \-─]+Movies/v);
	t.true(person.isAlternateScreen());
	person.type('\u{1A}');
	await person.sees(/Stopped/v);
	t.false(person.isAlternateScreen());
	person.type('echo "still $((40 + 2))"\r');
	await person.sees('still 42');
	person.type('fg\r');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('q');
	await person.sees(screen => screen.trimEnd().endsWith('prompt>'));
	person.type('stty -a | grep -c " echo "; exit\r');
	await person.exit;
});

test('Ctrl-Z stops what has started the app, too, and where there is no shell it does nothing', withHousehold, async (t, {sit}) => {
	const person = sit({shell: promptShell, columns: 80, rows: 24});
	await person.sees('prompt>');
	// So does npm.
	person.type('sh -c "reelcat --demo; echo over"\r');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('\u{1A}');
	await person.sees('Stopped');
	person.type('fg\r');
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('q');
	await person.sees(/^over/mv);
	person.type('exec reelcat --demo\r');
	await person.sees(/Films[ \-─]+Movies/v);
	const before = person.written().length;
	person.type('\u{1A}');
	// The app is back after a moment, so a busy emulator may get what leaves its screen and what comes back to it in one piece.
	await person.sees(() => /\[\?1049l.*\[\?1049h/sv.test(person.written().slice(before)));
	await person.sees(/Films[ \-─]+Movies/v);
	person.type('q');
	await leaves(t, person, 0);
});

for (const [name, before, after] of [
	['after Ctrl-Z', '', ''],
	['after Ctrl-Z and bg', '', 'bg; sleep 1; '],
	['after a start in the background', '& ', ''],
] as const) {
	test(`kill of a stopped job ends the app, ${name}`, withHousehold, async (t, {sit}) => {
		const person = sit({shell: promptShell, columns: 80, rows: 24});
		await person.sees('prompt>');
		person.type(`reelcat --demo ${before}\r`);
		if (before === '') {
			await person.sees(/Films[ \-─]+Movies/v);
			person.type('\u{1A}');
			await person.sees('Stopped');
		}

		person.type(`sleep 2; echo "above"; ${after}kill %1; sleep 3; jobs; echo "no $((40 + 2)) jobs"\r`);
		await person.sees('no 42 jobs');
		t.regex(person.screen(), /\nabove\n(?:.*\n)*\[1\][+\-]? +Terminated.*\n(?:.*\n)*no 42 jobs/v);
		person.type('exit\r');
		await person.exit;
	});
}

test('every step through a list at 80×24 writes less than 500 bytes, and the screen is what a repaint shows, also after Ctrl-Z and fg', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	const person = sit({shell: promptShell, columns: 80, rows: 24});
	await person.sees('prompt>');
	person.type('reelcat --demo\r');
	await person.sees(/Films[ \-─]+Movies(?: +188 +188|.*\n. 188 movies (?:.|\n)*Photos )/v);
	person.type('l');
	await person.sees(/\d+\/188/v);
	const stepped = async (key: string, from: number, to: number, most = 500) => {
		const bytes: number[] = [];
		const by = Math.sign(to - from);
		person.takeBytes();
		for (let position = from + by; position !== to + by; position += by) {
			person.type(key);
			await person.sees(` ${position}/188`);
			bytes.push(person.takeBytes());
		}

		t.true(Math.max(...bytes) < most, bytes.join(' '));
	};

	const isRepainted = async () => {
		const shown = person.screen();
		person.takeBytes();
		person.type('\u{0C}');
		let repainted = 0;
		await person.sees(screen => {
			repainted += person.takeBytes();
			return repainted > 1000 && screen === shown;
		});
	};

	person.type('gg');
	await person.sees(' 1/188');
	// Where the list does not scroll.
	await stepped('j', 1, 17, 300);
	await stepped('j', 17, 45);
	await stepped('k', 45, 3);
	await isRepainted();
	// Titles in other scripts are last.
	person.type('G');
	await person.sees('188/188');
	await stepped('k', 188, 150);
	await isRepainted();

	person.type('\u{1A}');
	await person.sees(/Stopped/v);
	person.type('fg\r');
	await person.sees(' 150/188');
	await stepped('k', 150, 135);
	await isRepainted();
	person.type('?');
	await person.sees('Keys of the list');
	person.type('jj');
	await person.sees(/ 3-\d+ of/v);
	await isRepainted();
	person.type(escape);
	await person.sees(' 135/188');
	await stepped('j', 135, 160);
	person.type('Q');
	await person.sees(screen => screen.trimEnd().endsWith('prompt>'));
	person.type('exit\r');
	await person.exit;
});

test('with borders, colours and the detail beside the list, a step at 120×40 writes at most 450 bytes, and a screen at rest nothing', withHousehold, async (t, {home, sit}) => {
	await importDemo(home);
	await turnPicturesOff(home);
	const person = sit({
		args: ['--demo'], env: {FORCE_COLOR: '3', COLORTERM: 'truecolor'}, columns: 120, rows: 40,
	});
	await person.sees(/Films[ \-─]+Movies(?: +188 +188|.*\n. 188 movies (?:.|\n)*Photos )/v);
	person.type('l');
	await person.sees(/\d+\/188/v);
	person.type('gg');
	await person.sees(' 1/188');
	// The detail follows when the cursor rests, and is no part of the step.
	const rests = async () => {
		do {
			person.takeBytes();
			await setTimeout(500);
		} while (person.takeBytes() > 0);
	};

	await person.rests();
	const stepTo = async (position: number) => {
		await rests();
		person.type('j');
		await person.sees(` ${position}/188`);
		return person.takeBytes();
	};

	const bytes: number[] = [];
	for (let position = 2; position <= 20; position++) {
		let most = await stepTo(position);
		// On a busy machine the detail may be there before the step is seen; then the step is done again.
		for (let attempt = 1; attempt <= 5 && most > 450; attempt++) {
			person.type('k');
			await person.sees(` ${position - 1}/188`);
			most = await stepTo(position);
		}

		bytes.push(most);
	}

	t.true(Math.max(...bytes) <= 450, bytes.join(' '));
	await person.rests();
	person.takeBytes();
	await setTimeout(2000);
	t.is(person.takeBytes(), 0);
	person.type('Q');
	await leaves(t, person, 0);
});

for (const [signal, exitCode] of [['SIGTERM', 143], ['SIGINT', 130], ['SIGHUP', 129]] as const) {
	test(`${signal} restores the terminal and ends with ${exitCode}`, withHousehold, async (t, {sit}) => {
		const person = sit({args: ['--demo'], columns: 80, rows: 24});
		await person.sees(/Films[ \-─]+Movies/v);
		person.signal(signal);
		await leaves(t, person, exitCode);
	});
}

test('without colour no colour code is written, and the state still shows', withHousehold, async (t, {sit}) => {
	const person = sit({args: ['--demo', '--no-color'], columns: 80, rows: 24});
	await person.sees('› [x] Films');
	person.type('a');
	await person.sees('[ ] Films');
	t.deepEqual(person.written().split(escape).filter(sequence => /^\[(?:[349]|10)\d/v.test(sequence)), []);
	t.true(person.written().includes(`${escape}[1m`), 'bold text is no colour');
	person.type('q');
	await leaves(t, person, 0);
});

for (const term of ['alacritty', 'mlterm']) {
	test(`the app has colours where TERM is ${term} and nothing else is known, as over SSH`, withHousehold, async (t, {sit}) => {
		const person = sit({
			args: ['--demo'], columns: 80, rows: 24, env: {TERM: term},
		});
		await person.sees('› [x] Films');
		t.true(person.styledCells().flat().some(({foreground}) => foreground !== undefined));
		person.type('q');
		await leaves(t, person, 0);
	});
}

for (const [name, env] of [['Vim', {VIM_TERMINAL: '900'}], ['Neovim', {NVIM: '/run/nvim.0'}]] as const) {
	test(`in the terminal of ${name} no character is written that it would show as a code`, withHousehold, async (t, {home, sit}) => {
		await importDemo(home);
		const person = sit({
			args: ['--demo'], columns: 80, rows: 24, env,
		});
		await person.sees(/Films[ \-─]+Movies/v);
		person.type('l');
		await person.sees('/188');
		person.type('G');
		await person.sees('منارة');
		t.notRegex(person.written(), /[\u{200B}-\u{200F}]/v);
		person.type('Q');
		await leaves(t, person, 0);
	});
}

test('a screen reader gets plain lines without a second screen', withHousehold, async (t, {sit}) => {
	const person = sit({
		args: ['--demo'], columns: 40, rows: 24, env: {INK_SCREEN_READER: 'true'},
	});
	await person.sees('Films');
	t.regex(person.screen(), /Press\s*\nquestion mark/v);
	t.false(person.isAlternateScreen());
	t.notRegex(person.screen(), /[─│┌█]/v);
	person.type('q');
	await person.exit;
});
