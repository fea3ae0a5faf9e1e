import {screens} from '../../source/ui/screens/registry.js';
import type {HomeName, ScreenWorld} from './screen-world.js';
import {sitDown, type Person, type StyledCell} from './terminal.js';

export type Seen = string | RegExp | ((screen: string) => boolean);

/**
A picture of a screen: how a person comes there from the scene before.
*/
export type Scene = {
	name: string;
	/**
	The name of its module in the registry.
	*/
	screen: string;
	/**
	Keys, and what is seen before the next ones are typed.
	*/
	steps: ReadonlyArray<[keys: string, sees: Seen]>;
	/**
	It shows what goes on, which is never the same twice.
	*/
	isMoving?: true;
};

/**
One sitting at the app. Its scenes follow each other.
*/
export type Walk = {
	home: HomeName;
	args?: readonly string[];
	scenes: readonly Scene[];
	/**
	Ends the app from the last scene.
	*/
	leaves: string;
};

// `q` closes where Esc would: an Esc and a letter that arrive together are Alt with that letter.
const clearText = '\u{15}';

const isLoaded = (screen: string) => screen.includes('Films') && !/[Ll]oading|Asking| \?(?! all)/v.test(screen);

// Each row has its records: none shows the mark for what has still to be read.
const isRead = (screen: string) => /🎞 The[^\n]+\d{4}/v.test(screen) && !/ {2}… {2,}/v.test(screen);

export const walks: readonly Walk[] = [
	{
		home: 'empty',
		scenes: [
			{name: 'connect', screen: 'connect', steps: [['', 'Sign in with Plex']]},
			{name: 'sign-in', screen: 'sign-in', steps: [['\r', /expires in 15:00/v]]},
		],
		leaves: 'Q',
	},
	{
		home: 'full',
		scenes: [
			{name: 'libraries', screen: 'libraries', steps: [['', isLoaded], ['\u{1B}', screen => !screen.includes('Gone from')]]},
			{name: 'movies', screen: 'browse', steps: [['l', /\b1\/194/v], ['5j', /\b6\/194/v], ['', /Title +Bellreach: The Hushed/v]]},
			{name: 'movies-odd', screen: 'browse', steps: [['G', '194/194'], ['', /Title +🎞/v]]},
			{name: 'sort', screen: 'sort', steps: [['s', 'Sort by']]},
			{name: 'theme', screen: 'theme', steps: [['q', '/194'], ['T', 'Contrast:']]},
			{name: 'wall', screen: 'wall', steps: [['q', '/194'], ['v', /\/194/v]]},
			{name: 'copy', screen: 'copy', steps: [['v', 'Title↑'], ['y', '─ Copy']]},
			{name: 'columns', screen: 'columns', steps: [['q', '/194'], ['c', '─ Columns']]},
			{name: 'column-presets', screen: 'column-presets', steps: [['p', '─ Presets']]},
			{name: 'more-columns', screen: 'browse', steps: [['\u{1B}[B\u{1B}[B\u{1B}[B\u{1B}[B\u{1B}[B\u{1B}[B\r', '─ Columns'], ['q', screen => isRead(screen) && screen.includes('Genres')]]},
			{name: 'standard-columns', screen: 'browse', steps: [['c', '─ Columns'], ['p\r', /\[x\] Year/v]]},
			{name: 'facets', screen: 'facets', steps: [['q', '/194'], ['f', /─ Facets {2}Genre[\s\S]+\[ \]/v]]},
			{name: 'names', screen: 'names', steps: [['q', '/194'], ['i', /Director +\S/v]]},
			{name: 'palette', screen: 'palette', steps: [['q', '/194'], [':', '─ Actions']]},
			{
				name: 'app-log', screen: 'app-log', steps: [['\u{1B}', screen => !screen.includes('─ Actions')], ['@', '─ Log']], isMoving: true,
			},
			{name: 'help', screen: 'help', steps: [['q', '/194'], ['?', 'Keys of the list']]},
			{name: 'filter', screen: 'browse', steps: [['q', '/194'], ['/the', /\/\d+ \(194\)/v], ['', /│More/v]]},
			{name: 'detail', screen: 'detail', steps: [[`${clearText}metropolis`, '1/1 (194)'], ['\r\r', /› Metropolis[\s\S]+More/v]]},
			{name: 'timeline', screen: 'timeline', steps: [['t', /Timeline [ ─]+\d\/\d/v]]},
			{name: 'shows', screen: 'browse', steps: [['q', screen => !screen.includes('Timeline')], ['2', /\b1\/16/v], ['4j', '5/16'], ['', /Title +Forgotten Cradle/v]]},
			{name: 'seasons', screen: 'browse', steps: [['l', /by number [^\n]+ 1\/\d+/v], ['', /Title +Season 1/v]]},
			{name: 'episodes', screen: 'browse', steps: [['l', / 1\/13/v]]},
			{name: 'collections', screen: 'collections', steps: [['gc', /Collections [ ─]+1\/\d+/v]]},
			{name: 'members', screen: 'members', steps: [['l', /The [^\n]+ Shelf [ ─]+1\/\d+/v]]},
			{name: 'playlists', screen: 'playlists', steps: [['gp', /Playlists [ ─]+1\/\d+/v]]},
			{name: 'changes', screen: 'changes', steps: [['C', /7 days [ ─]+1\/\d+/v]]},
			{name: 'runs', screen: 'runs', steps: [['H', /1\/3/v]]},
			{name: 'run', screen: 'run', steps: [['\r', /Run [ ─]+1\/\d+/v]]},
			{name: 'log', screen: 'log', steps: [['L', /Log [ ─]+1\/\d+/v], ['G', /Log [ ─]+(?<last>\d+)\/\k<last>/v]]},
			{name: 'text', screen: 'text', steps: [['\r', /› Line \d+/v]]},
			{name: 'held', screen: 'held', steps: [['q', '› Log'], ['M', /1\/\d/v]]},
			{name: 'confirm', screen: 'confirm', steps: [['A', /╭─ [^╮][\s\S]+ y /v]]},
		],
		leaves: 'Q',
	},
	{
		home: 'stalled',
		scenes: [
			{name: 'libraries-new', screen: 'libraries', steps: [['', isLoaded]]},
			{
				name: 'import-running', screen: 'import', steps: [['\r', /2 Series 0[^\n]+ TB/v]], isMoving: true,
			},
			{
				name: 'quit', screen: 'quit', steps: [['q', /1\/188|› \[x\] Films/v], ['q', '› [x] Films'], ['q', /Quit and cancel\s+it\?/v]], isMoving: true,
			},
		],
		leaves: 'y',
	},
	{
		home: 'broken',
		scenes: [
			{
				name: 'import', screen: 'import', steps: [['', isLoaded], ['I', /Ended with 1 problem/v], ['', /● connected[^\n]+ GB/v]], isMoving: true,
			},
			{
				name: 'problem', screen: 'problem', steps: [['\r', /› Problem/v]], isMoving: true,
			},
		],
		leaves: 'Q',
	},
	{
		home: 'full',
		args: ['--watch', '--api', '127.0.0.1:0'],
		scenes: [
			{
				name: 'watch', screen: 'watch', steps: [['', screen => screen.includes('✓ done') && screen.includes('nothing to do')], ['', isLoaded], ['', /\d{2} requests sent/v]], isMoving: true,
			},
		],
		leaves: 'Q',
	},
];

export type Size = readonly [columns: number, rows: number];

/**
The sizes of the pictures. A walk is made at the first, and each screen is seen at all of them.
*/
export const sizes = [[120, 40], [80, 24], [40, 10]] as const satisfies readonly Size[];

export const sizeName = ([columns, rows]: Size): string => `${columns}x${rows}`;

export type WalkOptions = {
	/**
	Added to the environment.
	*/
	env?: Record<string, string>;
	/**
	A theme of the app.
	*/
	theme?: string;
	/**
	Columns that the emulator has and the app does not know of.
	*/
	spareColumns?: number;
};

const resizeTo = async (person: Person, [columns, rows]: Size) => {
	person.takeBytes();
	person.resize(columns, rows);
	await person.sees(() => person.takeBytes() > 0);
};

/**
Goes through the screens of a walk and shows each to `look`, at each size.
*/
export const takeWalk = async (
	world: ScreenWorld,
	{home: homeName, args = [], scenes, leaves}: Walk,
	{env = {}, theme, spareColumns = 0}: WalkOptions,
	look: (scene: Scene, person: Person, size: Size) => Promise<void>,
): Promise<void> => {
	if (scenes.length === 0) {
		return;
	}

	const [first, ...others] = sizes;
	const [columns, rows] = first;
	const {home, remove, env: homeEnv} = await world.enter(homeName, theme);
	const person = sitDown(home, {
		columns, rows, spareColumns, args, env: {...homeEnv, ...env},
	});
	try {
		for (const scene of scenes) {
			for (const [keys, sees] of scene.steps) {
				person.type(keys);
				await person.sees(sees);
			}

			await look(scene, person, first);
			for (const size of others) {
				await resizeTo(person, size);
				await look(scene, person, size);
			}

			await resizeTo(person, first);
		}

		person.type(leaves);
		await person.exit;
	} finally {
		person.signal('SIGKILL');
		await remove();
	}
};

/**
Screens of the registry that no scene shows.
*/
export const screensWithoutScene = (): string[] => {
	const shown = new Set(walks.flatMap(({scenes}) => scenes.map(({screen}) => screen)));
	return screens.map(({name}) => name).filter(name => !shown.has(name));
};

// A port is any of those with five digits. A revision counts how often something was told, and the requests are those until something was told the last time.
const chance = /(?<=127\.0\.0\.1:)\d{5}|(?<=revision )\d+|\d+(?= requests sent)/gv;

/**
The text with the same port, revision and number of requests each time.
*/
export const withoutChance = (text: string): string => text.replaceAll(chance, ({length}) => length === 5 ? '32400' : '6'.repeat(length));

export const cellsWithoutChance = (rows: ReadonlyArray<readonly StyledCell[]>): StyledCell[][] => rows.map(cells => {
	const text = cells.map(cell => cell.text.length === 1 ? cell.text : ' ').join('');
	const masked = withoutChance(text);
	return cells.map((cell, column) => masked[column] === text[column] ? cell : {...cell, text: masked[column]!});
});

/**
Below `docs/pictures/`: what all screens of one size say.
*/
export const textsFile = (size: Size): string => `screens-${sizeName(size)}.txt`;

/**
The part of that file for one screen.
*/
export const sectionOf = ({name}: Scene, screen: string): string => `== ${name}\n${withoutChance(screen).replaceAll(/ +$/gmv, '')}\n`;
