import {Buffer} from 'node:buffer';
import path from 'node:path';
import {cpuUsage} from 'node:process';
import test from 'ava';
import fc from 'fast-check';
import {
	areParts,
	createPlaces,
	episodesInName,
	isMisread,
	placeBelow,
} from '../../../source/export/nfo/places.js';

const take = (places: ReturnType<typeof createPlaces>, folders: readonly string[], stem: string) => places.file(['Films'], folders, {stem, ending: '.nfo', orElse: 'i1'});

test('names that can be names stay as they are', t => {
	const places = createPlaces(false);
	t.deepEqual(take(places, ['Alien: Resurrection (1997)'], 'Alien: "Resurrection"?'), {names: ['Films', 'Alien: Resurrection (1997)', 'Alien: "Resurrection"?.nfo'], isChanged: false});
	t.deepEqual(take(places, ['...And Justice', String.raw`back\slash`], '.hidden '), {names: ['Films', '...And Justice', String.raw`back\slash`, '.hidden .nfo'], isChanged: false});
});

test('names that lead elsewhere, and those that no system takes, are changed', t => {
	for (const [isWindows, folders, stem, names] of [
		[false, ['..', '.', ''], 'a', ['__', '_', '_', 'a.nfo']],
		[false, ['a/b', 'c\0d'], 'e\u{1B}\n\u{9B}f', ['a_b', 'c_d', 'e___f.nfo']],
		[false, ['\u{D800}'], '\u{DC00}', ['\u{FFFD}', '\u{FFFD}.nfo']],
		[true, ['C:', '..', String.raw`a\b`], 'a:b', ['C_', '__', 'a_b', 'a_b.nfo']],
		[true, ['CON', 'lpt1.txt', 'dots...', 'blank '], 'nul', ['_CON', '_lpt1.txt', 'dots___', 'blank_', '_nul.nfo']],
		[true, ['Console'], 'a*?"<>|', ['Console', 'a______.nfo']],
	] as const) {
		t.deepEqual(take(createPlaces(isWindows), folders, stem), {names: ['Films', ...names], isChanged: true});
	}
});

test('the second file of one name gets a number, also if only the case or the form of accents differs', t => {
	const places = createPlaces(false);
	const names = (folders: readonly string[], stem: string) => take(places, folders, stem).names.slice(1).join('/');
	t.is(names(['a'], 'b'), 'a/b.nfo');
	t.is(names(['a'], 'b'), 'a/b (2).nfo');
	t.is(names(['A'], 'B'), 'A/B (3).nfo');
	t.is(names(['a'], 'b (2)'), 'a/b (2) (2).nfo');
	t.is(names([], '\u{E9}'), '\u{E9}.nfo');
	t.is(names([], 'e\u{301}'), 'e\u{301} (2).nfo');
});

test('a folder gets another name than a file that is there, and the same one each time', t => {
	const places = createPlaces(false);
	const names = (folders: readonly string[], stem: string) => take(places, folders, stem).names.slice(1).join('/');
	t.is(names([], 'a'), 'a.nfo');
	t.is(names(['a.nfo'], 'b'), 'a.nfo (2)/b.nfo');
	t.is(names(['a.nfo'], 'c'), 'a.nfo (2)/c.nfo');
	t.is(names(['d.nfo'], 'b'), 'd.nfo/b.nfo');
	t.is(names([], 'd'), 'd (2).nfo');
});

test('libraries of one title have a folder each', t => {
	const places = createPlaces(false);
	t.deepEqual([places.folder([], 'Films'), places.folder([], 'films'), places.folder([], '..'), places.folder([], '')], [['Films'], ['films (2)'], ['__'], ['_']]);
	t.deepEqual(places.folder(['Films'], 'disk'), ['Films', 'disk']);
	t.deepEqual(places.file(['Films'], ['disk'], {stem: 'a', ending: '.nfo', orElse: 'i1'}), {names: ['Films', 'disk (2)', 'a.nfo'], isChanged: true});
});

test('thousands of files that want one name do not take long', t => {
	const places = createPlaces(false);
	const before = cpuUsage();
	const last = Array.from({length: 20_000}, () => take(places, ['a'], 'b')).at(-1)!;
	t.is(last.names.at(-1), 'b (20000).nfo');
	t.true(cpuUsage(before).user < 5_000_000);
});

// What hostile servers may say, and what looks alike.
const name = fc.oneof(
	fc.string({unit: 'binary', maxLength: 8}),
	fc.constantFrom('..', '.', '', '...', 'a', 'A', 'a.nfo', 'a (2)', 'a (2).nfo', '/', '\\', 'C:', String.raw`C:\x`, '/etc', '../..', 'NUL', 'con.nfo', 'a ', 'a.', '\u{E9}', 'e\u{301}', '\0', '\u{D83D}', '日本'.repeat(60), 'x'.repeat(255), 'x'.repeat(300), '👨‍👩‍👧'.repeat(30)),
);
const wanted = fc.record({folders: fc.array(name, {maxLength: 6}), stem: name});

test('whatever a server says, a file lies in the folder, has names that a system takes, and shares its place with no other', t => {
	fc.assert(fc.property(fc.array(wanted, {maxLength: 30}), fc.boolean(), (all, isWindows) => {
		const system = isWindows ? path.win32 : path.posix;
		const target = isWindows ? String.raw`D:\out` : '/out';
		const places = createPlaces(isWindows);
		const root = places.folder([], 'Films');
		const files = all.map(({folders, stem}, index) => places.file(root, folders, {stem, ending: '.nfo', orElse: `i${index}`}).names);
		const seen = new Set<string>();
		const folderKeys = new Set(files.flatMap(names => names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join('/').normalize('NFC').toLowerCase())));
		for (const names of files) {
			const joined = system.join(target, ...names);
			t.true(joined.startsWith(system.join(target, 'Films') + system.sep));
			t.deepEqual(system.relative(target, joined).split(system.sep), [...names]);
			for (const one of names) {
				t.true(Buffer.byteLength(one) <= 255);
				t.true(one.isWellFormed());
				t.notRegex(one, isWindows ? /[\p{Control}"*\/:<>?\\\|]|[ .]$/v : /[\p{Control}\/]/v);
			}

			t.true(Buffer.byteLength(names.join('/')) <= 1000);
			const key = names.join('/').normalize('NFC').toLowerCase();
			t.false(seen.has(key));
			t.false(folderKeys.has(key));
			seen.add(key);
		}
	}));
});

test('a path is told from the innermost folder on, whatever system the server runs on', t => {
	t.deepEqual(placeBelow(['/srv/films', '/srv/films/4k'], '/srv/films/4k/Orsa/Orsa.mkv'), {index: 1, names: ['Orsa', 'Orsa.mkv']});
	t.deepEqual(placeBelow([String.raw`D:\TV`], String.raw`d:\tv\The Show\S01E01.mkv`), {index: 0, names: ['The Show', 'S01E01.mkv']});
	t.deepEqual(placeBelow([String.raw`\\nas\tv`], String.raw`\\nas\tv\The Show\a.mkv`), {index: 0, names: ['The Show', 'a.mkv']});
	t.deepEqual(placeBelow(['/srv/films/'], '/srv/films//a.mkv'), {index: 0, names: ['a.mkv']});
	t.is(placeBelow(['/srv/films'], '/srv/films-4k/a.mkv'), undefined);
	t.deepEqual(placeBelow(['/srv/films'], '/srv/films/../../etc/a.mkv'), {index: 0, names: ['..', '..', 'etc', 'a.mkv']});
});

test('films of which Kodi makes one are told from those that it keeps apart', t => {
	// Each pair was seen with Kodi 20.1 (findings/kodi-makes-one-film-of-bat-and-cat.sh has some of them).
	for (const [left, right, isOne] of [
		['Bat.mkv', 'Cat.mkv', true],
		['Plan A (2021).mkv', 'Plan B (2021).mkv', true],
		['Script 1 (2001).mkv', 'Script 2 (2001).mkv', true],
		['Abcd1.mkv', 'Abcd2.mkv', true],
		['Moor 1 (Part 1).mkv', 'Moor 1 (Part 2).mkv', true],
		['Kiln 1.mkv', 'Kiln 2.mkv', false],
		['Script 2 (2001).mkv', 'Script 3 (2003).mkv', false],
		['Wave Part 1 (2014).mkv', 'Wave Part 2 (2015).mkv', false],
		['Folk Part One.mkv', 'Folk Part Two.mkv', false],
		['Nook dvd.mkv', 'Nook dvd2.mkv', false],
	] as const) {
		t.is(areParts(left, right), isOne, `${left} and ${right}`);
	}
});

test('the episodes in the name of a file are those that Kodi finds there', t => {
	for (const [fileName, ...numbers] of [
		['S01E01-720p.mkv', 1, 720], ['S01E02_1080p.mkv', 2, 1080], ['S01E03-x264.mkv', 3, 264], ['S01E04x265.mkv', 4, 265], ['1x05-1080p.mkv', 5, 1080], ['S01E06-2024.mkv', 6, 2024], ['S01E07.720p.mkv', 7], ['S01E08 1080p x264.mkv', 8], ['S01E09-WEB-1080p.mkv', 9], ['S01E10 - 7 Days.mkv', 10], ['A show S01E06-E07.mkv', 6, 7], ['1984.mkv'],
	] as const) {
		t.deepEqual(episodesInName(fileName), [...numbers], `of ${fileName}`);
	}
});

test('a name in which Kodi finds no episode, or another one, is known', t => {
	// As Kodi 20.1 read them in a scan.
	for (const fileName of ['2021-03-05.mkv', 'Ep23.mkv', 'Harbour - 0023.mkv', 'Harbour 05.03.2021.mkv', 'Harbour 123.mkv', 'Harbour S1 E23.mkv', 'Harbour [1x23].mkv', 'Harbour part 23.mkv', 'Harbour.2021.03.06.mkv', 's01e23a.mkv', 'S01E23.5.mkv']) {
		t.false(isMisread(fileName, 23), `of ${fileName}`);
	}

	for (const fileName of ['Harbour - 05.mkv', 'Episode 26.mkv', 'Season 1 Episode 29.mkv', '30 - Harbour.mkv', 'Harbour - 1032.mkv']) {
		t.true(isMisread(fileName, 5), `of ${fileName}`);
	}
});
