/**
Takes the pictures in `docs/pictures/` of every screen of the real binary, and writes down what each says at each size; a test compares that with the app. The home, the clock and the library are made up and always the same.

Usage: npm run pictures [-- --all FOLDER]
`--all` also puts SVG and PNG of every screen, size and theme into a folder.
*/
import {
	mkdir,
	readdir,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {Resvg} from '@resvg/resvg-js';
import {
	cellsWithoutChance,
	screensWithoutScene,
	sectionOf,
	sizeName,
	sizes,
	takeWalk,
	textsFile,
	walks,
	type Scene,
	type Size,
} from '../test/helpers/screen-tour.js';
import {createScreenWorld} from '../test/helpers/screen-world.js';
import type {Person} from '../test/helpers/terminal.js';
import {screenSvg, type Palette} from './picture-svg.js';

/**
A theme of the pictures: what makes the app choose it, and the colours of a terminal in which people use it.
*/
type PictureTheme = {name: string; theme: string; env: Record<string, string>; palette: Palette};

const themes: readonly PictureTheme[] = [
	{
		name: 'dark', theme: 'dark', env: {COLORTERM: 'truecolor'}, palette: {
			background: '#0d1117', foreground: '#e6edf3', frame: '#30363d',
			colors: ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4', '#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'],
		},
	},
	{
		name: 'light', theme: 'light', env: {COLORTERM: 'truecolor'}, palette: {
			background: '#ffffff', foreground: '#24292f', frame: '#d0d7de',
			colors: ['#24292f', '#cf222e', '#116329', '#4d2d00', '#0969da', '#8250df', '#1b7c83', '#6e7781', '#57606a', '#a40e26', '#1a7f37', '#633c01', '#218bff', '#a475f9', '#3192aa', '#8c959f'],
		},
	},
	{
		name: '16-colours', theme: 'terminal', env: {TERM: 'xterm', COLORFGBG: '15;0'}, palette: {
			background: '#000000', foreground: '#e5e5e5', frame: '#4d4d4d',
			colors: ['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5', '#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff'],
		},
	},
];

// Of most screens one picture is kept, so that the repository stays small: the others are made on request.
const moreKept = new Set(['movies', 'episodes', 'detail', 'import-running', 'changes', 'watch']);

const isKept = ({name}: Scene, size: Size, theme: PictureTheme) =>
	sizeName(size) === '80x24' ? theme.name === 'dark' : sizeName(size) === '120x40' && moreKept.has(name) && (theme.name === 'dark' || name === 'movies');

const {values: {all}} = parseArgs({options: {all: {type: 'string'}}});
const folder = fileURLToPath(new URL('pictures', import.meta.url));
const fontFolder = fileURLToPath(new URL('../node_modules/dejavu-fonts-ttf/ttf', import.meta.url));
const written = new Set<string>();

const put = async (name: string, content: string) => {
	written.add(name);
	await writeFile(path.join(folder, name), content);
};

const png = (svg: string) => new Resvg(svg, {
	// The fonts of the system have the scripts that these lack.
	font: {
		fontDirs: [fontFolder], loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono', monospaceFamily: 'DejaVu Sans Mono',
	},
	fitTo: {mode: 'zoom', value: 2},
}).render().asPng();

/**
What is seen when nothing more comes. What a list selects is read after its rows are drawn, and lines that are too wide are of the size before.
*/
const atRest = async (person: Person, isLong: boolean) => {
	do {
		person.takeBytes();
		await sleep(isLong ? 500 : 250);
	} while (person.takeBytes() > 0 || person.wrappedRows().length > 0);
};

// By size and scene: what the first theme showed. The others must say the same.
const sections = new Map<string, string>();

const settle = async (scene: Scene, person: Person, size: Size) => {
	const key = `${sizeName(size)} ${scene.name}`;
	const before = sections.get(key);
	if (before === undefined || scene.isMoving === true || scene.screen === 'theme') {
		await atRest(person, size === sizes[0]);
		sections.set(key, before ?? sectionOf(scene, person.screen()));
		return;
	}

	await person.sees(screen => sectionOf(scene, screen) === before, 10_000);
};

const missing = screensWithoutScene();
if (missing.length > 0) {
	throw new Error(`No picture shows: ${missing.join(', ')}. Add a scene to test/helpers/screen-tour.ts.`);
}

await mkdir(folder, {recursive: true});
if (all !== undefined) {
	await mkdir(all, {recursive: true});
}

const world = await createScreenWorld();
try {
	for (const picture of themes) {
		for (const walk of walks) {
			// The first theme shows everything, because the texts are its own.
			const isWhole = all !== undefined || picture === themes[0];
			const end = isWhole ? walk.scenes.length : walk.scenes.findLastIndex(scene => sizes.some(size => isKept(scene, size, picture))) + 1;
			await takeWalk(world, {...walk, scenes: walk.scenes.slice(0, end)}, picture, async (scene, person, size) => {
				await settle(scene, person, size);
				if (all === undefined && !isKept(scene, size, picture)) {
					return;
				}

				const name = `${scene.name}-${sizeName(size)}-${picture.name}`;
				const svg = screenSvg(cellsWithoutChance(person.styledCells()), picture.palette, `reelcat: ${scene.name}, ${size.join('×')}`);
				if (isKept(scene, size, picture)) {
					await put(`${name}.svg`, svg);
				}

				if (all === undefined) {
					return;
				}

				await writeFile(path.join(all, `${name}.svg`), svg);
				await writeFile(path.join(all, `${name}.png`), png(svg));
			});
		}
	}
} finally {
	await world.close();
}

const still = walks.flatMap(({scenes}) => scenes).filter(({isMoving}) => isMoving !== true);
for (const size of sizes) {
	await put(textsFile(size), still.map(({name}) => sections.get(`${sizeName(size)} ${name}`)!).join('\n'));
}

for (const name of await readdir(folder)) {
	if (!written.has(name)) {
		await rm(path.join(folder, name));
	}
}

console.log(`${written.size} files in docs/pictures`);
