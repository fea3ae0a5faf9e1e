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
	It shows speeds and times, which are never the same twice.
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

const loaded = (screen: string) => /Films/v.test(screen) && !/[Ll]oading|Asking| \?(?! all)/v.test(screen);

export const walks: readonly Walk[] = [
	{
		home: 'empty',
		scenes: [
			{name: 'connect', screen: 'connect', steps: [['', 'Sign in with Plex']]},
			{name: 'sign-in', screen: 'sign-in', steps: [['\r', /P ?L ?A ?Y/v]], isMoving: true},
		],
		leaves: 'Q',
	},
	{
		home: 'full',
		scenes: [
			{name: 'libraries', screen: 'libraries', steps: [['', loaded], ['\u{1B}', screen => !screen.includes('Gone from')]]},
			{name: 'movies', screen: 'browse', steps: [['l', /\b1 of 194/v], ['5j', /\b6 of 194/v]]},
			{name: 'movies-odd', screen: 'browse', steps: [['G', '194 of 194']]},
			{name: 'sort', screen: 'sort', steps: [['s', 'Sort by']]},
			{name: 'help', screen: 'help', steps: [['q', ' of 194'], ['?', 'Keys of the list']]},
			{name: 'filter', screen: 'browse', steps: [['q', ' of 194'], ['/the', / of \d+ \(194\)/v]]},
			{name: 'detail', screen: 'detail', steps: [[`${clearText}metropolis`, '1 of 1 (194)'], ['\r\r', '› Detail']]},
			{name: 'timeline', screen: 'timeline', steps: [['t', /› Metropolis +\d of \d/v]]},
			{name: 'shows', screen: 'browse', steps: [['q', '› Detail'], ['q', '1 of 1 (194)'], ['q', /› \[.\] Films/v], ['j', /› \[.\] Series/v], ['l', /\b1 of 16/v], ['4j', '5 of 16']]},
			{name: 'seasons', screen: 'browse', steps: [['l', /› Series › [^›\n]+ 1 of \d+/v]]},
			{name: 'episodes', screen: 'browse', steps: [['l', /› Season 1 +1 of 13/v]]},
			{name: 'changes', screen: 'changes', steps: [['qqq', /› \[.\] Series/v], ['C', /7 days +1 of \d+/v]]},
			{name: 'runs', screen: 'runs', steps: [['q', /› \[.\] Series/v], ['H', /1 of 3/v]]},
			{name: 'run', screen: 'run', steps: [['\r', /› Run [^\n]*1 of \d+/v]]},
			{name: 'log', screen: 'log', steps: [['L', /› Log +1 of \d+/v], ['G', /› Log +(?<last>\d+) of \k<last>/v]]},
			{name: 'text', screen: 'text', steps: [['\r', /› Line \d+/v]]},
			{name: 'held', screen: 'held', steps: [['qqqq', /› \[.\] Series/v], ['M', /1 of \d/v]]},
		],
		leaves: 'Q',
	},
	{
		home: 'stalled',
		scenes: [
			{name: 'libraries-new', screen: 'libraries', steps: [['', loaded]]},
			{name: 'import-running', screen: 'import', steps: [['a', '[x] Films'], ['\r', /Series +(?:importing|\d+ %)/v]], isMoving: true},
			{name: 'quit', screen: 'quit', steps: [['q', /1 of 188|› \[x\] Films/v], ['q', '› [x] Films'], ['q', /Quit and cancel\s+it\?/v]]},
		],
		leaves: 'y',
	},
	{
		home: 'broken',
		scenes: [
			{name: 'import', screen: 'import', steps: [['', loaded], ['I', /Ended with 1 problem/v]]},
			{name: 'problem', screen: 'problem', steps: [['\r', /› Problem/v]]},
		],
		leaves: 'Q',
	},
	{
		home: 'full',
		args: ['--watch', '--api', '127.0.0.1:0'],
		scenes: [
			{name: 'watch', screen: 'watch', steps: [['', /✓ done/v]], isMoving: true},
		],
		leaves: 'Q',
	},
];

export const sizes = [[120, 40], [80, 24], [40, 10]] as const;

export type Size = {columns: number; rows: number};

/**
Walks through all screens at one size and shows each to `look`.
*/
export const takeTour = async (
	world: ScreenWorld,
	{columns, rows, env = {}, spareColumns = 0, only}: Size & {env?: Record<string, string>; spareColumns?: number; only?: readonly string[]},
	look: (scene: Scene, person: Person) => void | Promise<void>,
): Promise<void> => {
	for (const walk of walks) {
		const wanted = walk.scenes.findLastIndex(({name}) => only?.includes(name) ?? true);
		if (wanted === -1) {
			continue;
		}

		const {home, remove, env: homeEnv} = await world.enter(walk.home);
		const person = sitDown(home, {
			columns, rows, spareColumns, args: walk.args ?? [], env: {...homeEnv, ...env},
		});
		try {
			for (const scene of walk.scenes.slice(0, wanted + 1)) {
				for (const [keys, sees] of scene.steps) {
					person.type(keys);
					await person.sees(sees);
				}

				await look(scene, person);
			}

			person.type(walk.leaves);
			await person.exit;
		} finally {
			person.signal('SIGKILL');
			await remove();
		}
	}
};

/**
Screens of the registry that no scene shows.
*/
export const screensWithoutScene = (): string[] => {
	const shown = new Set(walks.flatMap(({scenes}) => scenes.map(({screen}) => screen)));
	return screens.map(({name}) => name).filter(name => !shown.has(name));
};

export type ShownScene = {scene: Scene; text: string};

// A port is any of those with five digits.
const port = /(?<=127\.0\.0\.1:)\d{5}/gv;
const shownPort = '32400';

/**
A screen with the same port each time.
*/
export const withoutPorts = (text: string): string => text.replaceAll(port, shownPort);

export const cellsWithoutPorts = (rows: ReadonlyArray<readonly StyledCell[]>): StyledCell[][] => rows.map(cells => {
	const text = cells.map(cell => cell.text.length === 1 ? cell.text : ' ').join('');
	const masked = withoutPorts(text);
	return cells.map((cell, column) => masked[column] === text[column] ? cell : {...cell, text: masked[column]!});
});

/**
Below `docs/pictures/`: the texts of all screens of one size, beside their pictures.
*/
export const textsFile = (columns: number, rows: number): string => `screens-${columns}x${rows}.txt`;

/**
What the screens of one size say, without those that are never the same twice.
*/
export const screenTexts = (shown: readonly ShownScene[]): string => shown
	.filter(({scene: {isMoving}}) => isMoving !== true)
	.map(({scene: {name}, text}) => sectionOf(name, text))
	.join('\n');

const sectionOf = (name: string, text: string) => `== ${name}\n${withoutPorts(text).replaceAll(/ +$/gmv, '')}\n`;

/**
Whether the screen is what the text of its picture says; always true for one that is never the same twice.
*/
export const isPictured = (texts: string, {name, isMoving}: Scene, screen: string): boolean => isMoving === true || texts.includes(sectionOf(name, screen));
