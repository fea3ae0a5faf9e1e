/**
Somebody who presses anything: random keys, clicks, pastes and sizes in the real app, in rounds of another seed each: `npm run soak:app [-- rounds = 10 [steps = 400 [first seed = 1]]]`. The app is started with the demo, as a daemon, without a catalogue, beside a daemon, and with a server that has faults, in turns.

It ends with 1 if the app reports a bug, ends otherwise than a person ends it, no longer answers, or shows something else than after a repaint.
*/
import {setTimeout as wait} from 'node:timers/promises';
import process from 'node:process';
import fc from 'fast-check';
import type {DemoFault} from '../source/demo/knobs/faults.js';
import {startDemoServer} from '../source/demo/server.js';
import {runReelcat, startReelcat} from '../test/helpers/run-reelcat.js';
import {createHome, sitDown, type Person} from '../test/helpers/terminal.js';

const [rounds = 10, steps = 400, firstSeed = 1] = process.argv.slice(2).map(Number);

type Step = {keys: string} | {size: readonly [columns: number, rows: number]};

const escape = '\u{1B}';
const moves = ['\r', '\t', escape, ...['[A', '[B', '[C', '[D', '[H', '[F', '[Z', '[5~', '[6~', '[3~', '[1;5C', '[1;5D', 'b', 'f'].map(rest => escape + rest)];
const texts = ['/res:4k\r', '/a', '/"', '/(', '/sort:-size limit:5\r', '/@', '/actor:', '/title:/a+b/\r', `/x${escape}`, ':', ':library films\r', 'gg', 'G'];
const pastes = ['film size:>1GB', 'two\nlines\tand a tab'].map(text => `${escape}[200~${text}${escape}[201~`);
const key = fc.oneof(
	{weight: 4, arbitrary: fc.string({minLength: 1, maxLength: 1})},
	{weight: 4, arbitrary: fc.constantFrom(...moves)},
	// Ctrl-C and Ctrl-Z are left out: they end or stop the app.
	{weight: 1, arbitrary: fc.constantFrom(...'ABDEFGHJKLNOPQRSTUVWXY').map(letter => String.fromCodePoint(letter.codePointAt(0)! - 64))},
);
const click = fc.record({button: fc.constantFrom(0, 0, 0, 2, 8, 32, 64, 65), column: fc.integer({min: 1, max: 120}), row: fc.integer({min: 1, max: 40})})
	.map(({button, column, row}) => ['M', 'm'].map(end => `${escape}[<${button};${column};${row}${end}`).join(''));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
	{weight: 16, arbitrary: key.map(keys => ({keys}))},
	{weight: 2, arbitrary: fc.oneof(click, fc.constantFrom(...texts), fc.constantFrom(...pastes)).map(keys => ({keys}))},
	{weight: 1, arbitrary: fc.array(key, {minLength: 5, maxLength: 30}).map(keys => ({keys: keys.join('')}))},
	{weight: 1, arbitrary: fc.constantFrom([120, 40], [80, 24], [40, 10], [200, 60], [60, 15], [20, 5], [1, 1]).map(([columns, rows]) => ({size: [columns, rows] as const}))},
);

const usual = [120, 40] as const;
// None is as likely as all others together.
const anyFault: fc.Arbitrary<readonly DemoFault[]> = fc.option(fc.constantFrom<DemoFault>(
	{kind: 'status', status: 500},
	{kind: 'status', status: 401},
	{kind: 'status', status: 429, retryAfterSeconds: 1},
	{kind: 'html200'},
	{kind: 'truncatedJson'},
	{kind: 'silence'},
	{kind: 'reset'},
	{kind: 'cut'},
	{kind: 'slow', delayMs: 400},
	{kind: 'tokenRevoked'},
), {freq: 2, nil: undefined}).map(fault => fault === undefined ? [] : [fault]);

const stepsBetweenLooks = 40;
const stepsBetweenFaults = 15;
const longestEndMs = 15_000;

/**
Waits until a repaint changes nothing. What moves by itself may be caught at different moments, so there are several tries.
*/
const differenceOfRepaint = async (person: Person): Promise<string> => {
	let difference = '';
	let isAnswered = false;
	for (let look = 0; look < 12; look++) {
		await wait(250);
		const before = person.screen().split('\n');
		const {length} = person.written();
		person.type('\u{C}');
		await wait(250);
		isAnswered ||= person.written().length > length;
		const after = person.screen().split('\n');
		difference = before.flatMap((line, row) => line === after[row] ? [] : [`${row} < ${line}`, `${row} > ${after[row]}`]).join('\n');
		if (isAnswered && difference === '') {
			break;
		}
	}

	if (!isAnswered) {
		throw new Error('It does not answer.');
	}

	return difference;
};

const look = async (person: Person): Promise<void> => {
	person.resize(110, 35);
	await wait(50);
	person.resize(...usual);
	person.type(escape);
	await person.sees(screen => screen.trim() !== '', 15_000);
	const difference = await differenceOfRepaint(person);
	if (difference !== '') {
		throw new Error(`A repaint changes the screen:\n${difference}`);
	}

	if (person.wrappedRows().length > 0) {
		throw new Error(`A line is too wide:\n${person.screen()}`);
	}
};

/**
Who has left the screen is about to end, or paints it again.
*/
const endUnlessShown = async (person: Person) => {
	const endsAtMs = performance.now() + longestEndMs;
	while (!person.isAlternateScreen()) {
		const exit = await Promise.race([person.exit, wait(20)]);
		if (exit !== undefined) {
			return exit;
		}

		if (performance.now() > endsAtMs) {
			throw new Error('It has left the screen and does not end.');
		}
	}

	return undefined;
};

/**
The app may just be ending because of a key. Its terminal is gone then.
*/
const lookUnlessEnded = async (person: Person) => {
	try {
		await look(person);
		return undefined;
	} catch (error) {
		const exit = await Promise.race([person.exit, wait(1000)]);
		if (exit === undefined) {
			throw error;
		}

		return exit;
	}
};

type Start = {name: string; args: readonly string[]; isImported: boolean; hasDaemon?: boolean; hasFaults?: boolean};

const starts: readonly Start[] = [
	{name: 'the demo', args: ['--demo'], isImported: true},
	{name: 'a daemon', args: ['--demo', '--watch'], isImported: true},
	{name: 'nothing', args: [], isImported: false},
	{
		name: 'beside a daemon', args: ['--demo'], isImported: true, hasDaemon: true,
	},
	{
		name: 'a server with faults', args: [], isImported: true, hasFaults: true,
	},
];

/**
Plays one seed. A person may end the app, who then starts it again. `disturb` is called now and then.
*/
const play = async (begin: () => Promise<Person>, seed: number, disturb: (number: number) => void): Promise<void> => {
	let person = await begin();
	const pressed: string[] = [];
	try {
		for (const [number, step] of fc.sample(anyStep, {seed, numRuns: steps}).entries()) {
			pressed.push(JSON.stringify(step));
			if (number % stepsBetweenFaults === 0) {
				disturb(number / stepsBetweenFaults);
			}

			if ('keys' in step) {
				person.type(step.keys);
			} else {
				person.resize(...step.size);
			}

			const restMs = number % 10 === 0 ? 200 : 15;
			const isLookedAt = number % stepsBetweenLooks === stepsBetweenLooks - 1;
			const exit = await Promise.race([person.exit, wait(restMs)]) ?? await endUnlessShown(person) ?? await (isLookedAt ? lookUnlessEnded(person) : undefined);
			if (exit === undefined) {
				continue;
			}

			if (exit.exitCode !== 0 || person.written().includes('has a bug')) {
				throw new Error(`It ended with ${exit.exitCode}:\n${person.written().slice(-2000)}`);
			}

			person = await begin();
		}
	} catch (error) {
		throw new Error(`Seed ${seed}, after ${pressed.slice(-60).join(' ')}`, {cause: error});
	} finally {
		person.signal('SIGKILL');
		await person.exit;
	}
};

const playFrom = async (home: string, {args, isImported, hasDaemon, hasFaults}: Start, seed: number): Promise<void> => {
	const server = hasFaults === true ? await startDemoServer() : undefined;
	const env: Record<string, string> = server === undefined ? {} : {PLEX_URL: server.url, PLEX_TOKEN: server.token};
	let daemon: ReturnType<typeof startReelcat> | undefined;
	try {
		await (isImported ? runReelcat(home, ['import', '--all', ...server === undefined ? ['--demo'] : []], {env}) : undefined);
		daemon = hasDaemon === true ? startReelcat(home, ['--demo', '--watch']) : undefined;
		const faults = fc.sample(anyFault, {seed, numRuns: Math.ceil(steps / stepsBetweenFaults)});
		await play(async () => {
			const person = sitDown(home, {
				args, env, columns: usual[0], rows: usual[1],
			});
			await person.sees('? all');
			return person;
		}, seed, number => {
			server?.setFaults(faults[number]!);
		});
	} finally {
		daemon?.child.kill();
		await daemon?.finished;
		await server?.close();
	}
};

for (let round = 0; round < rounds; round++) {
	const start = starts[round % starts.length]!;
	const {home, remove} = await createHome();
	try {
		await playFrom(home, start, firstSeed + round);
		console.log(`seed ${firstSeed + round}, ${start.name}: ${steps} steps`);
	} finally {
		await remove();
	}
}
