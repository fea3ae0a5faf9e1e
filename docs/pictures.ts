/**
Takes the pictures in `docs/pictures/`: every screen of the real binary, at each size and in each theme, as SVG, and the text of the screens beside them. The home, the clock and the library are made up and always the same.

Usage: npm run pictures [-- --check] [--png FOLDER]
`--check` writes nothing and fails when a picture is stale. `--png` puts a PNG of each picture into the folder.
*/
import {
	mkdir,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {Resvg} from '@resvg/resvg-js';
import {
	cellsWithoutPorts,
	screenTexts,
	screensWithoutScene,
	sizes,
	takeTour,
	textsFile,
	walks,
	type ShownScene,
} from '../test/helpers/screen-tour.js';
import {createScreenWorld} from '../test/helpers/screen-world.js';
import type {Person} from '../test/helpers/terminal.js';
import {screenSvg, type Palette} from './picture-svg.js';

/**
A theme of the pictures: the environment that makes the app choose it, and the colours of a terminal in which people use it.
*/
type PictureTheme = {name: string; env: Record<string, string>; palette: Palette};

const themes: readonly PictureTheme[] = [
	{
		name: 'dark', env: {}, palette: {
			background: '#0d1117', foreground: '#e6edf3', frame: '#30363d',
			colors: ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4', '#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'],
		},
	},
	{
		name: 'light', env: {}, palette: {
			background: '#ffffff', foreground: '#24292f', frame: '#d0d7de',
			colors: ['#24292f', '#cf222e', '#116329', '#4d2d00', '#0969da', '#8250df', '#1b7c83', '#6e7781', '#57606a', '#a40e26', '#1a7f37', '#633c01', '#218bff', '#a475f9', '#3192aa', '#8c959f'],
		},
	},
	{
		name: '16-colours', env: {}, palette: {
			background: '#000000', foreground: '#e5e5e5', frame: '#4d4d4d',
			colors: ['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5', '#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff'],
		},
	},
];

const {values: {check: isCheck = false, png}} = parseArgs({options: {check: {type: 'boolean'}, png: {type: 'string'}}});
const folder = fileURLToPath(new URL('pictures', import.meta.url));
const fontFolder = fileURLToPath(new URL('../node_modules/dejavu-fonts-ttf/ttf', import.meta.url));
const stale: string[] = [];
const kept = new Set<string>();

/**
@param isMoving - its content is never the same twice, so that only a missing one is stale
*/
const put = async (name: string, content: string, isMoving = false) => {
	kept.add(name);
	const file = path.join(folder, name);
	const before = await readFile(file, 'utf8').catch(() => undefined);
	if (before === content) {
		return;
	}

	if (!isCheck) {
		await writeFile(file, content);
	} else if (before === undefined || !isMoving) {
		stale.push(name);
	}
};

const writePng = async (name: string, svg: string) => {
	const image = new Resvg(svg, {
		// The fonts of the system have the scripts that these lack.
		font: {
			fontDirs: [fontFolder], loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono', monospaceFamily: 'DejaVu Sans Mono',
		},
		fitTo: {mode: 'zoom', value: 2},
	});
	await writeFile(path.join(png!, name), image.render().asPng());
};

// What a list selects is read after its rows are drawn.
const atRest = async (person: Person) => {
	do {
		person.takeBytes();
		await sleep(400);
	} while (person.takeBytes() > 0);
};

const missing = screensWithoutScene();
if (missing.length > 0) {
	throw new Error(`No picture shows: ${missing.join(', ')}. Add a scene to test/helpers/screen-tour.ts.`);
}

await mkdir(folder, {recursive: true});
if (png !== undefined) {
	await mkdir(png, {recursive: true});
}

const environments = [...new Map(themes.map(({env}) => [JSON.stringify(env), env])).values()];
const world = await createScreenWorld();
try {
	for (const [columns, rows] of sizes) {
		for (const [index, env] of environments.entries()) {
			const shown: ShownScene[] = [];
			await takeTour(world, {columns, rows, env}, async (scene, person) => {
				await atRest(person);
				shown.push({scene, text: person.screen()});
				const cells = cellsWithoutPorts(person.styledCells());
				for (const {name: theme, palette} of themes.filter(theme => JSON.stringify(theme.env) === JSON.stringify(env))) {
					const name = `${scene.name}-${columns}x${rows}-${theme}`;
					const svg = screenSvg(cells, palette, `reelcat: ${scene.name}, ${columns}×${rows}`);
					await put(`${name}.svg`, svg, scene.isMoving);
					if (png !== undefined) {
						await writePng(`${name}.png`, svg);
					}
				}
			});
			if (index === 0) {
				await put(textsFile(columns, rows), screenTexts(shown));
			}
		}
	}
} finally {
	await world.close();
}

for (const name of await readdir(folder)) {
	if (kept.has(name)) {
		continue;
	}

	if (isCheck) {
		stale.push(name);
	} else {
		await rm(path.join(folder, name));
	}
}

if (isCheck) {
	for (const name of stale) {
		console.error(`docs/pictures/${name} is stale. Run: npm run pictures`);
	}

	process.exitCode = stale.length === 0 ? 0 : 1;
} else {
	console.log(`${kept.size} files in docs/pictures, of ${walks.flatMap(({scenes}) => scenes).length} scenes`);
}
