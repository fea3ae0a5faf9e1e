import {Buffer} from 'node:buffer';
import {EventEmitter} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import {PassThrough} from 'node:stream';
import test from 'ava';
import type {ItemSummary} from '../../source/query/types.js';
import {runApp, type AppOptions} from '../../source/ui/run-app.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
	result,
	row,
} from '../helpers/fake-services.js';
import {createEmulator} from '../helpers/emulator.js';
import {
	busyStatus,
	fakeWatch,
	note,
} from '../helpers/fake-watch.js';

/**
A terminal that keeps what is written to it.
*/
const terminal = ({columns = 80, rows = 24} = {}) => {
	const modes: boolean[] = [];
	const stdin = Object.assign(new PassThrough(), {
		isTTY: true,
		setRawMode(isRaw: boolean) {
			modes.push(isRaw);
		},
		ref: () => undefined,
		unref: () => undefined,
	});
	let written = '';
	let writtenWithEcho = '';
	const stdout = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows,
		writable: true,
		write(text: string | Uint8Array, ...rest: unknown[]) {
			written += String(text);
			if (modes.at(-1) !== true) {
				writtenWithEcho += String(text);
			}

			const callback = rest.at(-1);
			if (typeof callback === 'function') {
				queueMicrotask(() => {
					// eslint-disable-next-line @typescript-eslint/no-unsafe-call
					callback();
				});
			}

			return true;
		},
	});
	return {
		stdin: stdin as unknown as AppOptions['stdin'],
		stdout: stdout as unknown as AppOptions['stdout'],
		type(keys: string) {
			stdin.write(keys);
		},
		written: () => written,
		/**
		What was written while the terminal showed every key that is typed.
		*/
		writtenWithEcho: () => writtenWithEcho,
		take() {
			const taken = written;
			written = '';
			return taken;
		},
		isRaw: () => modes.at(-1) ?? false,
		async sees(text: string) {
			const end = performance.now() + 5000;
			while (!written.includes(text)) {
				if (performance.now() > end) {
					throw new Error(`Never written: ${text}\n${written}`);
				}

				await wait(5);
			}
		},
	};
};

const enter = '\u{1B}[?1049h';
const leave = '\u{1B}[?1049l';
const showCursor = '\u{1B}[?25h';

const items = Array.from({length: 500}, (_, number): ItemSummary => movie(number));
const setUp = (change: Parameters<typeof fakeServices>[0] = {}) => fakeServices({
	items, libraries: async () => [row('movies', {title: 'Movies'})], initial: {connection}, ...change,
});

const options = (screen: ReturnType<typeof terminal>, change: Partial<AppOptions> = {}): AppOptions => ({
	stdin: screen.stdin,
	stdout: screen.stdout,
	isColor: true,
	isAscii: false,
	isScreenReader: false,
	isSlowLink: false,
	suspend: () => undefined,
	...change,
});

test.serial('whoever types as soon as the first frame is there sees no echo of it', async t => {
	const screen = terminal();
	const app = runApp(setUp().services, options(screen));
	await screen.sees('Movies');
	screen.type('q');
	await app;
	t.notRegex(screen.writtenWithEcho(), /[Rr]eelcat|Librar|quit/v);
	t.false(screen.isRaw());
});

test.serial('the app takes the alternate screen, and gives the terminal back as it was', async t => {
	const screen = terminal();
	const app = runApp(setUp().services, options(screen));
	await screen.sees('Movies');
	t.true(screen.written().startsWith(enter));
	t.true(screen.isRaw());
	screen.type('q');
	t.deepEqual(await app, {exitCode: 0});
	t.true(screen.written().includes(leave));
	t.true(screen.written().endsWith(showCursor) || screen.written().lastIndexOf(showCursor) > screen.written().lastIndexOf('\u{1B}[?25l'));
	t.false(screen.isRaw());
	t.is(screen.stdout.listenerCount('resize'), 0);
});

test.serial('for a new size one whole frame is written, and never one in the layout of the old size', async t => {
	const screen = terminal();
	const app = runApp(setUp().services, options(screen));
	await screen.sees('Movies');
	await wait(200);
	for (const [columns, rows] of [[40, 10], [120, 40], [80, 24]] as const) {
		screen.take();
		Object.assign(screen.stdout, {columns, rows});
		screen.stdout.emit('resize');
		await screen.sees(`\u{1B}[${rows}H`);
		await wait(200);
		const written = screen.take();
		const where = `${columns}x${rows}: ${JSON.stringify(written)}`;
		t.is(written.split('\u{1B}[J').length, 2, where);
		t.true(written.startsWith('\u{1B}[?2026h\u{1B}[?7l\u{1B}[H\u{1B}[J'), where);
		t.false(written.includes('\n'), where);
	}

	screen.type('q');
	await app;
});

test.serial('Ctrl-C ends it with 130', async t => {
	const screen = terminal();
	const app = runApp(setUp().services, options(screen));
	await screen.sees('Movies');
	screen.type('\u{3}');
	t.deepEqual(await app, {exitCode: 130});
});

test.serial('an exception in a component restores the terminal and comes out of runApp', async t => {
	const screen = terminal();
	const fake = setUp();
	const bug = new Error('a bug in a component');
	const services = {
		...fake.services, index: {
			...fake.services.index, get() {
				throw bug;
			},
		},
	};
	const app = runApp(services, options(screen));
	await screen.sees('Movies');
	screen.type('l');
	await t.throwsAsync(app, {is: bug});
	t.true(screen.written().includes(leave));
	t.false(screen.isRaw());
});

test.serial('a signal ends it with the code that it was aborted with, and cancels the import', async t => {
	const screen = terminal();
	const fake = setUp();
	const abort = new AbortController();
	const app = runApp(fake.services, options(screen, {signal: abort.signal}));
	await screen.sees('Movies');
	abort.abort(143);
	t.deepEqual(await app, {exitCode: 143});
	t.deepEqual(fake.calls, ['cancel']);
	t.true(screen.written().includes(leave));
});

test.serial('Ctrl-Z gives the terminal back while the process rests, and draws everything again after', async t => {
	const screen = terminal();
	const rest = Promise.withResolvers<undefined>();
	const resting = Promise.withResolvers<boolean>();
	const app = runApp(setUp().services, options(screen, {
		async suspend() {
			resting.resolve(screen.isRaw());
			await rest.promise;
		},
	}));
	await screen.sees('Movies');
	screen.take();
	screen.type('\u{1A}');
	await screen.sees(leave);
	t.false(await resting.promise);
	screen.take();
	rest.resolve(undefined);
	await screen.sees('Movies');
	t.true(screen.take().includes(enter));
	screen.type('q');
	await app;
});

for (const [keys, stops] of [['\u{C}\u{C}', 0], ['\u{C}\u{1A}', 1], ['\u{1A}\u{C}', 1], ['\u{1A}\u{1A}', 1]] as const) {
	test.serial(`keys that release the terminal are safe at once: ${JSON.stringify(keys)}`, async t => {
		const screen = terminal();
		let stopped = 0;
		const stopping = Promise.withResolvers<undefined>();
		const app = runApp(setUp().services, options(screen, {
			async suspend() {
				stopped++;
				await wait(20);
				stopping.resolve(undefined);
			},
			async readSize() {
				await wait(20);
			},
		}));
		await screen.sees('Movies');
		screen.take();
		screen.type(keys);
		await screen.sees(enter);
		await screen.sees('Movies');
		await (stops === 0 ? undefined : stopping.promise);
		await wait(100);
		screen.type('q');
		t.deepEqual(await app, {exitCode: 0});
		t.is(stopped, stops);
	});
}

for (const [size, text] of [[{columns: 80, rows: 24}, 'Movies'], [{columns: 20, rows: 5}, 'Terminal too small']] as const) {
	test.serial(`at ${size.columns}x${size.rows}, a window that has changed and is back at its size is drawn again without leaving it, also after Ctrl-Z`, async t => {
		const screen = terminal(size);
		const actions = new Set<() => void>();
		const changeWindow = () => {
			for (const action of actions) {
				action();
			}
		};

		const app = runApp(setUp().services, options(screen, {
			onWindowChange(action) {
				actions.add(action);
				return () => {
					actions.delete(action);
				};
			},
			async suspend() {
				screen.take();
				changeWindow();
				await wait(200);
				t.is(screen.take(), '', 'the terminal is not ours');
			},
		}));
		await screen.sees(text);
		await wait(100);
		const drawsAgain = async () => {
			screen.take();
			changeWindow();
			await screen.sees(text);
			const written = screen.take();
			t.true(written.includes('\u{1B}[H\u{1B}[J'));
			t.false(written.includes(leave));
			await wait(200);
			t.is(screen.take(), '');
		};

		await drawsAgain();
		screen.type('\u{1A}');
		await screen.sees(enter);
		await screen.sees(text);
		await drawsAgain();
		screen.type(size.rows < 10 ? 'q' : 'Q');
		await app;
		t.is(actions.size, 0);
	});
}

const mouseOn = '\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h';
const mouseOff = '\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1006l';

test.serial('the mouse is taken, lent to the shell while the process rests, and given back at the end', async t => {
	const screen = terminal();
	const rest = Promise.withResolvers<undefined>();
	const app = runApp(setUp().services, options(screen, {
		suspend: async () => rest.promise,
	}));
	await screen.sees('Movies');
	t.is(screen.take().split(mouseOn).length, 2);
	screen.type('\u{1A}');
	await screen.sees(leave);
	const written = screen.take();
	t.true(written.includes(mouseOff));
	t.false(written.includes(mouseOn));
	rest.resolve(undefined);
	await screen.sees(mouseOn);
	screen.take();
	// It may be another terminal now, as behind dtach, which knows nothing of modes.
	screen.type('\u{C}');
	await screen.sees(mouseOn);
	t.regex(screen.take(), /\u{1B}\[\?1049h/v); // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences
	screen.type('l');
	await screen.sees(' 1/500');
	screen.take();
	screen.type('\u{1B}[<0;5;7M\u{1B}[<0;5;7m');
	await screen.sees('›');
	screen.take();
	screen.type('\u{14}');
	await screen.sees(mouseOff);
	screen.type('\u{14}');
	await screen.sees(mouseOn);
	screen.take();
	screen.type('Q');
	await app;
	t.true(screen.written().includes(mouseOff));
});

test.serial('the mouse is given back when a component fails, and not taken where it is off or for a screen reader', async t => {
	const screen = terminal();
	const fake = setUp();
	const services = {
		...fake.services, index: {
			...fake.services.index, get() {
				throw new Error('a bug in a component');
			},
		},
	};
	const app = runApp(services, options(screen));
	await screen.sees(mouseOn);
	await screen.sees('Movies');
	screen.type('l');
	await t.throwsAsync(app);
	t.true(screen.written().lastIndexOf(mouseOff) > screen.written().lastIndexOf(mouseOn));

	for (const [change, isScreenReader] of [[{isMouseOn: false}, false], [{}, true]] as const) {
		const other = terminal();
		const quiet = runApp(setUp({initial: {connection, ...change}}).services, options(other, {isScreenReader}));

		await other.sees('Movies');
		other.type('q');

		await quiet;
		t.false(other.written().includes('\u{1B}[?1000'));
	}
});

test.serial('every step of the cursor at 80x24 writes less than 500 bytes, also where the list scrolls and titles are wide, and leaves the screen as if all were drawn', async t => {
	const screen = terminal();
	const emulator = createEmulator(80, 24);
	const shows = async (text: string) => {
		const end = performance.now() + 5000;
		for (let bytes = 0; ;) {
			const written = screen.take();
			bytes += Buffer.byteLength(written);
			await emulator.write(written);
			if (emulator.text().join('\n').includes(text)) {
				return bytes;
			}

			if (performance.now() > end) {
				throw new Error(`Never shown: ${text}\n${emulator.text().join('\n')}`);
			}

			await wait(1);
		}
	};

	const titles = ['東京物語 とうきょうものがたり 東京物語', '기생충 올드보이 살인의 추억 버닝 곡성', 'Солярис Сталкер Зеркало Андрей', 'Ein Film mit einem langen Titel…'];
	const wide = items.map((item, number) => ({...item, title: `${number} ${titles[number % titles.length]!}`}));
	const app = runApp(setUp({items: wide}).services, options(screen));
	await shows('Movies');
	screen.type('l');
	await shows(' 1/500');
	const bytes: number[] = [];
	const step = async (key: string, position: number) => {
		screen.type(key);
		bytes.push(await shows(` ${position}/500`));
	};

	for (let position = 2; position <= 60; position++) {
		await step('j', position);
	}

	for (let position = 59; position >= 1; position--) {
		await step('k', position);
	}

	await step('j', 2);
	t.true(Math.max(...bytes) < 500, bytes.join(' '));
	const stepped = emulator.cells();
	screen.type('\u{0C}');
	await screen.sees(enter);
	await screen.sees(' 2/500');
	await emulator.write(screen.take());
	t.deepEqual(emulator.cells(), stepped);
	screen.type('Q');
	await app;
});

test.serial('for a screen reader there is no alternate screen', async t => {
	const screen = terminal();
	const app = runApp(setUp().services, options(screen, {isScreenReader: true}));
	await screen.sees('Library 1 of 1: Movies');
	screen.type('q');
	await app;
	t.false(screen.written().includes(enter));
	t.notRegex(screen.written(), /[›─│█░]/v);
});

test.serial('how long ago the libraries were synced moves by itself, and while the words stay nothing is written', async t => {
	const screen = terminal();
	let nowMs = Date.parse('2026-01-15T12:00:00Z');
	const lastImport = {
		...result(), finishedAt: '2026-01-15T11:57:00Z', durationMs: 1, expected: 3, imported: 3, unchanged: 0, failed: 0, skipped: 0, complete: true,
	};
	const catalog = {...emptyHeader, libraries: [library('movies', 'movie', {lastImport})]};
	const app = runApp(setUp({initial: {connection, catalog}}).services, options(screen, {minuteMs: 30, now: () => new Date(nowMs)}));
	await screen.sees('synced 3 minutes ago');
	await wait(200);
	screen.take();
	await wait(200);
	t.is(screen.take(), '');
	nowMs += 60_000;
	// Only the cells that differ are written.
	await screen.sees('H4');
	t.true(Buffer.byteLength(screen.take()) < 200);
	screen.type('q');
	await app;
});

test.serial('without colour no colour is written', async t => {
	const screen = terminal();
	const app = runApp(setUp().services, options(screen, {isColor: false}));
	await screen.sees('Movies');
	screen.type('l');
	await screen.sees('Movie 3');
	screen.type('Q');
	await app;
	const colours = screen.written().split('\u{1B}[').filter(part => /^[349]\d(?:;\d+)*m/v.test(part));
	t.deepEqual(colours, []);
});

test.serial('over a slow line the watch writes nothing for news that changes nothing, and a burst of news at once', async t => {
	const screen = terminal();
	const fake = fakeWatch({status: busyStatus()});
	const app = runApp(setUp({watch: fake.watch, initial: {connection, opensWatch: true}}).services, options(screen, {isSlowLink: true}));
	await screen.sees('Connected to Attic.');
	await screen.sees('live 41 %');
	screen.take();
	fake.tell({
		type: 'catalog', revision: 1, changes: {}, libraryId: 'movies',
	});
	for (let done = 2013; done <= 2500; done++) {
		fake.tell({
			type: 'progress', progress: {
				jobId: 'run', phase: 'importing', done, expected: 4812, ratePerSecond: 118, etaMs: 60_000,
			},
		});
	}

	fake.tell({type: 'note', note: note(59, {text: 'The last of them.'})});
	await screen.sees('The last of them.');
	t.true(screen.written().includes('51'));
	t.true(Buffer.byteLength(screen.take()) < 1500);
	screen.type('q');
	t.deepEqual(await app, {exitCode: 0});
});
