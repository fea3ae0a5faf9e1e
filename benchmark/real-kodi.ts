/**
Lets a real Kodi scan the NFO files of an export of the demo library, and compares what it has then with the catalogue: `npm run check:kodi`. Kodi and Xvfb are installed by hand, on Debian with apt-get install kodi xvfb. Kodi gets a home of its own, no network but the loopback device, and "local information only" as its only source. With `-- --keep` the folder with all of it stays.
*/
import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {runProgram} from '../source/base/run-program.js';
import {clean, cleanLines} from '../source/base/text/clean.js';
import {
	exportRun,
	hostileRecords,
	hostileTitles,
	storeWith,
} from '../test/export/_exports.js';
import {
	expectedEpisode,
	expectedFilm,
	expectedShow,
	stem,
	type CatalogueItem,
} from './real-kodi/expected.js';
import {scanWithKodi, whyAbsent, type Source} from './real-kodi/kodi.js';
import {readLibrary, type Seen} from './real-kodi/seen.js';

const {values: {keep: isKept}} = parseArgs({options: {keep: {type: 'boolean', default: false}}});

const reelcat = async (home: string, ...args: readonly string[]): Promise<void> => {
	const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
	const {end, stderr} = await runProgram({
		argv: [process.execPath, cli, ...args], env: {PATH: process.env['PATH'], HOME: home, REELCAT_NO_DISCOVERY: '1'}, timeoutMs: 300_000, isOutputKept: true,
	});
	if (end.kind !== 'exited' || end.exitCode !== 0) {
		throw new Error(`reelcat ${args.join(' ')} has failed: ${stderr}`);
	}
};

/**
Puts a file with some bytes beside each NFO file, in the place of the film or episode. Kodi takes its streams from the NFO file, because it cannot play it.
*/
const addMedia = async (tree: string): Promise<string[]> => {
	const names = (await readdir(tree, {recursive: true})).filter(name => name.endsWith('.nfo') && path.basename(name) !== 'tvshow.nfo');
	const media = names.map(name => `${name.slice(0, -'.nfo'.length)}.mkv`);
	for (const name of media) {
		await writeFile(path.join(tree, name), 'no film');
	}

	return media;
};

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 300) ?? 'nothing';

type Difference = {what: string; field: string; kodi: unknown; catalogue: unknown};

const createComparison = () => {
	const differences: Difference[] = [];
	let compared = 0;
	return {
		differences,
		compared: () => compared,
		compare(what: string, kodi: Seen | undefined, catalogue: Seen) {
			compared++;
			if (kodi === undefined) {
				differences.push({
					what, field: 'all', kodi: 'missing', catalogue: 'there',
				});
				return;
			}

			for (const [field, value] of Object.entries(catalogue)) {
				if (JSON.stringify(kodi[field]) !== JSON.stringify(value)) {
					differences.push({
						what, field, kodi: kodi[field], catalogue: value,
					});
				}
			}
		},
	};
};

const isBelow = (file: string, sources: readonly Source[]) => sources.some(({folder}) => file.startsWith(`${folder}/`));

// The catalogue names files as the server does, and the tree has them below the folder of a location.
const belowLocation = (file: string, {folder}: Source) => `/${file.slice(folder.length + 1)}`;

/**
Films whose titles and genres are what programs misread.
*/
const exportHostile = async (tree: string) => {
	const {exitCode, stderr} = await exportRun(await storeWith(hostileRecords()), ['--format', 'nfo', '-o', tree]);
	if (exitCode !== 0) {
		throw new Error(`The export of hostile titles has failed: ${stderr}`);
	}
};

/**
A title and a genre as Kodi should have them: as people see them, and each of them one value.
*/
const expectedHostile = (nfo: string): Seen => {
	const year = Number(/<year>(?<year>\d+)</v.exec(nfo)?.groups!['year']);
	const title = hostileTitles[year - 1920]!;
	const genre = clean(title).replaceAll(/\s(?=\/\s)/gv, '\u{A0}').trim();
	return {...cleanLines(title).trim() !== '' && {title: cleanLines(title).trim()}, genres: genre === '' ? [] : [genre]};
};

const check = async (folder: string) => {
	const home = path.join(folder, 'home');
	const tree = path.join(folder, 'tree');
	const all = path.join(folder, 'all.json');
	await reelcat(home, 'import', '--demo', '--all');
	await reelcat(home, 'export', '--demo', '--format', 'nfo', '--artwork', '-o', tree);
	await reelcat(home, 'export', '--demo', '-o', all);
	const hostile = path.join(folder, 'hostile');
	await exportHostile(hostile);
	// Kodi shows no file whose name begins with a dot, and none whose path has a backslash.
	const hostileMedia = (await addMedia(hostile)).filter(name => !name.includes('\\') && !path.basename(name).startsWith('.')).map(name => path.join(hostile, name));
	const items = JSON.parse(await readFile(all, 'utf8')) as CatalogueItem[];
	const media = (await addMedia(tree)).map(name => path.join(tree, name));
	const films = (name: string, hasFolders: boolean): Source => ({folder: path.join(tree, name), content: 'movies', hasFolders});
	const shows = (name: string): Source => ({folder: path.join(tree, name), content: 'tvshows', hasFolders: false});
	const sources = [films('Films/films', true), films('Films/films-4k', false), films('Classics', false), films('Home Clips', false), shows('Series'), shows('Anime & Nightly/anime'), shows('Anime & Nightly/nightly'), {folder: hostile, content: 'movies', hasFolders: false} satisfies Source];
	const kodi = readLibrary(await scanWithKodi(path.join(folder, 'kodi'), sources));

	const comparison = createComparison();
	const sourceOf = (file: string) => sources.find(source => file.startsWith(`${source.folder}/`))!;
	const itemsOf = (file: string, type: string) => items.filter(item => item.type === type && item.files.some(({path: known}) => known !== undefined && stem(known).endsWith(belowLocation(stem(file), sourceOf(file)))));
	const scanned = media.filter(file => isBelow(file, sources));
	for (const file of scanned) {
		const {content} = sourceOf(file);
		if (content === 'movies') {
			const [film] = itemsOf(file, 'movie');
			comparison.compare(file, kodi.films.get(file), expectedFilm(film!, {file, end: belowLocation(stem(file), sourceOf(file))}));
			continue;
		}

		for (const episode of itemsOf(file, 'episode')) {
			const seen = kodi.episodes.get(file)?.find(({season, episode: number}) => Number(season) === episode.seasonNumber && Number(number) === (episode.episodeNumber ?? -1));
			comparison.compare(`${file} S${episode.seasonNumber}E${episode.episodeNumber}`, seen, expectedEpisode(episode, {file, end: belowLocation(stem(file), sourceOf(file))}));
		}
	}

	const catalogued = items.filter(item => item.type === 'show');
	for (const file of hostileMedia) {
		const nfo = await readFile(`${file.slice(0, -'.mkv'.length)}.nfo`, 'utf8');
		comparison.compare(file, kodi.films.get(file), expectedHostile(nfo));
	}

	for (const show of catalogued) {
		for (const known of show.folders ?? []) {
			const below = [...kodi.shows].find(([at]) => `${known.replaceAll('\\', '/')}/`.endsWith(belowLocation(at, sourceOf(at))));
			const seasons = items.filter(item => item.type === 'season' && item.show?.id === show.id);
			comparison.compare(known, below?.[1], expectedShow(show, {folder: below?.[0] ?? '', seasons}));
		}
	}

	return comparison;
};

const reason = await whyAbsent();
if (reason === undefined) {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-kodi-'));
	try {
		const {differences, compared} = await check(folder);
		for (const [field, all] of Map.groupBy(differences, ({field}) => field)) {
			console.log(`${field}: ${all.length} differ, for instance`);
			for (const {what, kodi, catalogue} of all.slice(0, 5)) {
				console.log(`  ${path.relative(folder, what)}: Kodi has ${shown(kodi)}, the catalogue ${shown(catalogue)}`);
			}
		}

		console.log(`${compared()} films, episodes and shows compared, ${differences.length} differences.`);
		process.exitCode = differences.length === 0 ? 0 : 1;
	} finally {
		if (isKept) {
			console.log(`Kept: ${folder}`);
		} else {
			await rm(folder, {recursive: true, force: true});
		}
	}
} else {
	console.log(`Skipped: ${reason}.`);
}
