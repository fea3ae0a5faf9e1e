import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {armsOf} from '../../docs/picture-shapes.js';
import {screens} from '../../source/ui/screens/registry.js';
import {looksAsRepainted, looksAs, lookOf} from '../helpers/screen-look.js';
import {
	screensWithoutScene,
	sectionOf,
	sizeName,
	sizes,
	takeWalk,
	textsFile,
	walks,
	type Size,
} from '../helpers/screen-tour.js';
import {createScreenWorld, type ScreenWorld} from '../helpers/screen-world.js';
import {promptShell, sitDown, type Person} from '../helpers/terminal.js';

let world: ScreenWorld;

test.before(async () => {
	world = await createScreenWorld();
});

test.after.always(async () => {
	await world.close();
});

// A scroll bar takes the place of a border.
const armsAt = (cell = '') => cell === '▐' ? {up: true, down: true} : armsOf(cell);

/**
Where a vertical piece of a border goes on neither above nor below, and so stands beside the others.
*/
const loosePieces = (rows: readonly string[][]): string[] => rows.flatMap((cells, row) => cells.flatMap((cell, column) => {
	const arms = armsOf(cell);
	if (arms === undefined || !(arms.up || arms.down)) {
		return [];
	}

	const isJoinedAbove = arms.up && armsAt(rows[row - 1]?.[column])?.down === true;
	const isJoinedBelow = arms.down && armsAt(rows[row + 1]?.[column])?.up === true;
	return isJoinedAbove || isJoinedBelow ? [] : [`${cell} at ${row + 1}:${column + 1}`];
}));

// The emulator has these on the right of what the program knows of.
const spareColumns = 20;

const controls = /[\p{Control}--\n]/v;

const textsOf = async (size: Size) => readFile(path.resolve('docs', 'pictures', textsFile(size)), 'utf8');

const stale: string[] = [];
let compared = 0;

for (const walk of walks) {
	// eslint-disable-next-line @typescript-eslint/no-loop-func -- the walks follow each other in one world
	test.serial(`at every size no screen is wider than the terminal, and its borders are straight beside any title: ${walk.scenes.map(({name}) => name).join(', ')}`, async t => {
		t.timeout(120_000);
		const texts = new Map<Size, string>(await Promise.all(sizes.map(async size => [size, await textsOf(size)] as const)));
		await takeWalk(world, walk, {theme: 'dark', spareColumns}, async (scene, person, size) => {
			const [columns, rows] = size;
			const where = `${scene.name} at ${sizeName(size)}`;
			if (scene.isMoving !== true) {
				compared += 1;
				// What a list selects is read after its rows are drawn. After some stale pictures it is clear what is wrong.
				await person.sees(screen => texts.get(size)!.includes(sectionOf(scene, screen)), stale.length < 3 ? 15_000 : 100).catch(() => {
					stale.push(where);
				});
			}

			const beyond = () => person.cells().map(row => row.slice(columns).join('').trim()).filter(Boolean);
			const isRight = () => beyond().length === 0 && person.wrappedRows().length === 0 && loosePieces(person.cells()).length === 0;
			// Otherwise what follows tells where.
			await person.sees(isRight, 15_000).catch(() => undefined);
			const text = person.screen();
			const cells = person.cells();
			t.is(cells.length, rows);
			t.deepEqual(beyond(), [], `${where} is too wide:\n${text}`);
			t.deepEqual(person.wrappedRows(), [], `${where} has a line that goes on in the next row`);
			t.deepEqual(loosePieces(cells), [], `${where} has a crooked border:\n${text}`);
			t.notRegex(text, controls, where);
			t.not(person.title(), 'owned');
		});
	});
}

test.serial('the pictures in docs/ show what the screens show', t => {
	t.deepEqual(screensWithoutScene(), [], 'These screens have no picture; add a scene to test/helpers/screen-tour.ts.');
	t.deepEqual(stale, [], 'Run: npm run pictures');
	t.true(compared > screens.length);
});

const escape = '\u{1B}';

/**
Sits down in a home with the whole catalogue, at the list of its films.
*/
const atFilms = test.macro(async (t, {shell}: {shell: boolean}, body: (person: Person, t: ExecutionContext) => Promise<void>) => {
	// With a theme, the home has no pictures: posters come when they like.
	const {home, env, remove} = await world.enter('full', 'dark');
	const person = sitDown(home, {
		columns: 80, rows: 24, env, ...shell && {shell: promptShell},
	});
	try {
		if (shell) {
			await person.sees('prompt>');
			person.type('stty -a > before; reelcat\r');
		}

		await person.sees(/Films +Movies +194 +194/v);
		await person.sees(screen => !screen.includes('oading'));
		person.type('l');
		await person.sees('1/194');
		await body(person, t);
	} finally {
		person.signal('SIGKILL');
		await remove();
	}
});

test('after a storm of sizes the screen is what a repaint shows', atFilms, {shell: false}, async (person, t) => {
	person.type('20j');
	await person.sees('21/194');
	let seed = 20_261_128;
	const roll = (below: number) => {
		seed = ((seed * 48_271) % 2_147_483_647);
		return seed % below;
	};

	for (let turn = 0; turn < 30; turn++) {
		person.resize(20 + roll(180), 5 + roll(55));
		await new Promise(resolve => {
			setTimeout(resolve, 30);
		});
	}

	person.resize(120, 40);
	await person.sees(screen => screen.split('\n').some(line => line.length > 110) && screen.includes('21/194') && screen.trimEnd().endsWith('? all'));
	await looksAsRepainted(t, person);
	t.deepEqual(loosePieces(person.cells()), []);
});

test('what a terminal cut is drawn again though its size is back before anybody has read it', atFilms, {shell: false}, async (person, t) => {
	for (const [columns, rows] of [[40, 10], [80, 5], [20, 5]] as const) {
		await person.rests();
		const shown = lookOf(person);
		person.signal('SIGSTOP');
		person.resize(columns, rows);
		person.resize(80, 24);
		t.not(person.screen(), shown.text, 'this emulator cuts the screen');
		person.signal('SIGCONT');
		await person.rests();
		looksAs(t, person, shown);
	}
});

test('control characters in what is pasted into a filter reach neither the terminal nor the keys', atFilms, {shell: false}, async (person, t) => {
	person.type('/');
	await person.sees(/^\/ /v);
	person.type(`${escape}[200~\u{7}metro${escape}[31m${escape}]0;owned\u{7}\u{3}\u{1A}${escape}[201~`);
	const screen = await person.sees('/metro');
	t.notRegex(screen, controls);
	t.not(person.title(), 'owned');
	t.false(person.written().includes('\u{7}'));
	t.true(person.isAlternateScreen());
	person.type('\u{15}metropolis');
	await person.sees('1/1 (194)');
});

test('q gives the terminal back as it was', atFilms, {shell: true}, async (person, t) => {
	person.type('q');
	await person.sees(/› \[.\] Films/v);
	person.type('q');
	await person.sees(screen => screen.trimEnd().endsWith('prompt>'));
	t.false(person.isAlternateScreen());
	const {1049: isAlternate, 25: hasCursor, 2004: isPasting, 1000: hasMouse = false} = person.modes();
	t.deepEqual({
		isAlternate, hasCursor, isPasting, hasMouse,
	}, {
		isAlternate: false, hasCursor: true, isPasting: true, hasMouse: false,
	});
	person.type('stty -a | diff - before && echo "the $((40 + 2)) same"\r');
	await person.sees('the 42 same');
	person.type('exit\r');
	await person.exit;
});
