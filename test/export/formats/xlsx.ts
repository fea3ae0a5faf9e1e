import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {inflateRawSync} from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import exceljs, {type CellValue, type Worksheet} from 'exceljs';
import {cleanLines} from '../../../source/base/text/clean.js';
import {createSheetNames, xlsxSerial, xlsxText} from '../../../source/export/formats/xlsx.js';
import {makeItem, makeLibrary} from '../../query/_items.js';
import {commit} from '../../commands/_past.js';
import {
	exportToFile,
	hostileStore,
	hostileTitles,
	mixedStore,
	readDelimited,
	storeWith,
	twoServers,
} from '../_exports.js';
import {hasOffice, officeReads} from '../_office.js';

const open = async (file: string) => {
	const workbook = new exceljs.Workbook();
	await workbook.xlsx.readFile(file);
	return workbook;
};

/**
A file of an archive, by its last mention, which is in the directory of the archive.
*/
const entryOf = async (file: string, name: string) => {
	const archive = await readFile(file);
	const place = archive.lastIndexOf(name) - 46;
	const header = archive.readUInt32LE(place + 42);
	const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
	return inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(place + 20))).toString();
};

// Some text is rich text.
const plainValue = (value: CellValue) => value !== null && typeof value === 'object' && 'richText' in value ? value.richText.map(({text}) => text).join('') : value;

const valuesOf = (sheet: Worksheet): CellValue[][] => sheet.getSheetValues().slice(1).map(row => (row as CellValue[]).slice(1).map(value => plainValue(value)));

test('each library has a sheet with a frozen heading and filters, and cells have types', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.xlsx', args: ['--columns', 'title,year,userRating,watched,releaseDate,addedAt,imdb,tmdb,tagline']});
	const workbook = await open(file);
	t.deepEqual(workbook.worksheets.map(({name}) => name), ['Films', 'Shows']);
	const [films] = workbook.worksheets as [Worksheet];
	t.like(films.views[0], {state: 'frozen', ySplit: 1});
	t.is(films.autoFilter, 'A1:I4');
	t.is(workbook.worksheets[1]!.autoFilter, 'A1:I11');
	t.true((await entryOf(file, 'xl/workbook.xml')).includes('<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">\'Shows\'!$A$1:$I$11</definedName></definedNames>'));
	const [head, , nosferatu] = valuesOf(films) as [CellValue[], CellValue[], CellValue[]];
	t.deepEqual(head, ['title', 'year', 'userRating', 'watched', 'releaseDate', 'addedAt', 'imdb', 'tmdb', 'tagline']);
	t.deepEqual(nosferatu, [
		'Nosferatu', 1922, 7.5, true, new Date('1922-03-04'), new Date('2021-01-02T12:00:00Z'), 'tt1; tt2', {formula: 'HYPERLINK("https://www.themoviedb.org/movie/31","31")', result: '31'}, 'Beware',
	]);
	t.is(films.getCell('F3').numFmt, 'yyyy-mm-dd hh:mm:ss');
});

test('a day before March 1900, which Excel cannot show, is text', async t => {
	const store = await storeWith([makeItem('m1', {title: 'The Arrival of a Train', releaseDate: '1896-01-25'}), makeItem('m2', {title: 'The Big Swallow', releaseDate: '1901-10-01'})]);
	const {file} = await exportToFile(t, store, {name: 'old.xlsx', args: ['--columns', 'releaseDate']});
	const [sheet] = (await open(file)).worksheets as [Worksheet];
	t.deepEqual(valuesOf(sheet).slice(1), [['1896-01-25'], [new Date('1901-10-01')]]);
	t.deepEqual(['A1', 'A2', 'A3'].map(cell => sheet.getCell(cell).numFmt), [undefined, undefined, 'yyyy-mm-dd']);
});

test('a query with an order of its own still has a sheet for each library', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'sorted.xlsx', args: ['--columns', 'title', 'sort:-title']});
	const workbook = await open(file);
	t.deepEqual(workbook.worksheets.map(sheet => [sheet.name, sheet.rowCount]), [['Films', 4], ['Shows', 11]]);
	t.deepEqual(valuesOf(workbook.worksheets[0]!).slice(1).flat(), ['Twin', 'Nosferatu', 'Älg']);
});

test('sheets follow by the titles of the libraries, whatever their order on the server and that of a query is', async t => {
	const store = await storeWith([makeItem('m1', {libraryId: 'zoo', title: 'Bee'}), makeItem('m2', {libraryId: 'zoo', title: 'Ape'}), makeItem('m3', {title: 'Cat'}), makeItem('m4', {libraryId: 'alps', title: 'Ant'})]);
	await commit(store, {libraries: [makeLibrary('zoo', 'A Zoo'), makeLibrary('alps', 'The Alps')]});
	const sheets = async (...query: string[]) => {
		const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title', ...query]});
		return (await open(file)).worksheets.map(sheet => [sheet.name, ...valuesOf(sheet).slice(1).flat()]);
	};

	t.deepEqual(await sheets(), [['The Alps', 'Ant'], ['Films', 'Cat'], ['A Zoo', 'Ape', 'Bee']]);
	t.deepEqual(await sheets('sort:-title'), [['The Alps', 'Ant'], ['Films', 'Cat'], ['A Zoo', 'Bee', 'Ape']]);
});

test('sheets of libraries with one title on several servers tell the server', async t => {
	const {file} = await exportToFile(t, await twoServers(), {name: 'all.xlsx', args: ['--columns', 'title']});
	t.deepEqual((await open(file)).worksheets.map(sheet => [sheet.name, sheet.getCell('A2').value]), [['Films@Barn', 'Of barn'], ['Films@Attic', 'Of server']]);
});

test('an export of nothing is a workbook, too', async t => {
	const {file} = await exportToFile(t, await storeWith([]), {name: 'empty.xlsx', args: ['--columns', 'title,year']});
	t.deepEqual((await open(file)).worksheets.map(sheet => [sheet.name, sheet.rowCount, sheet.autoFilter]), [['Library', 1, 'A1:B1']]);
});

test('hostile titles are text, never formulas, and hostile names of libraries are names of sheets', async t => {
	const store = await hostileStore();
	await commit(store, {libraries: [makeLibrary('films', '=[Films]/*?:\\ \'of a very long name, 映画\u{202E}\''), makeLibrary('again', '=Films')], put: [makeItem('m9', {libraryId: 'again', title: 'x'.repeat(40_000)})]});
	const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title,year']});
	const workbook = await open(file);
	t.deepEqual(workbook.worksheets.map(({name}) => name), ['=Films', '= Films       \'of a very long n']);
	const [again, films] = workbook.worksheets as [Worksheet, Worksheet];
	t.is((again.getCell('A2').value as string).length, 32_767);
	const rows = valuesOf(films).slice(1);
	t.deepEqual(rows.map(row => row[1]), hostileTitles.map((_, index) => 1920 + index));
	// The reader of exceljs takes entities for characters twice.
	t.deepEqual(rows.map(row => row[0] ?? ''), hostileTitles.map(title => cleanLines(title).replaceAll('&amp;', '&')));
});

test('a field with nothing to say is an empty cell, not a text without characters', async t => {
	const store = await storeWith([makeItem('m1', {title: '\u{1B}[1m', genres: []})]);
	const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title,genres,tagline,type']});
	const xml = await entryOf(file, 'xl/worksheets/sheet1.xml');
	t.deepEqual(xml.matchAll(/<c r="(?<cell>[A-Z]2)"/gv).map(({groups}) => groups!['cell']).toArray(), ['D2']);
});

test('blanks at the edges of a text are kept, and line breaks', async t => {
	const store = await storeWith([makeItem('m1', {title: ' Two blanks  '}), makeItem('m2', {title: 'A\nbreak'}), makeItem('m3', {title: 'None'})]);
	const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title']});
	// A reader drops them where the file does not say that they count.
	const xml = await entryOf(file, 'xl/worksheets/sheet1.xml');
	t.deepEqual(xml.matchAll(/<t xml:space="preserve">(?<text>[^<]*)<\/t>/gv).map(({groups}) => groups!['text']).toArray(), ['A\nbreak', ' Two blanks  ']);
	t.notRegex(xml, /<v>\s|\s<\/v>/v);
});

test('a character that XML forbids does not damage the workbook', async t => {
	const store = await storeWith([makeItem('m1', {title: 'Not\u{FFFE} a\u{FFFF} character \u{B}\u{1}\u{1FFFE}', libraryId: 'odd'})]);
	await commit(store, {libraries: [makeLibrary('odd', 'Odd\u{FFFF}')]});
	const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title']});
	const {worksheets} = await open(file);
	t.deepEqual(worksheets.map(({name}) => name), ['Odd']);
	t.is(valuesOf(worksheets[0]!)[1]![0], 'Not a character \n\u{1FFFE}');
});

test('any text fits into a cell, and any titles make names of sheets', t => {
	fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 40_000, size: 'max'}), text => {
		t.true(xlsxText(text).length <= 32_767);
		t.true(xlsxText(text).isWellFormed());
		t.notRegex(xlsxText(text), /[\u{FFFE}\u{FFFF}]/v);
	}), {numRuns: 20});
	fc.assert(fc.property(fc.array(fc.string({unit: 'binary', maxLength: 60})), titles => {
		const names = titles.map(createSheetNames());
		t.is(new Set(names.map(name => name.toLowerCase())).size, names.length);
		t.true(names.every(name => name.length > 0 && name.length <= 31 && name.isWellFormed() && !/[*\/:?\[\\\]]|^'|'$/v.test(name)));
	}));
	t.is(xlsxText('_x0041_'), '_x005F_x0041_');
});

// LibreOffice is a reader that shares no code with the writer; it is not everywhere.
(hasOffice ? test : test.skip)('LibreOffice reads hostile titles as the text that they are', async t => {
	const {file} = await exportToFile(t, await hostileStore(), {name: 'all.xlsx', args: ['--columns', 'title,year']});
	const [head, ...rows] = readDelimited(await officeReads(file));
	t.deepEqual(head!.map(({text}) => text), ['title', 'year']);
	t.deepEqual(rows.map(([, year]) => year), hostileTitles.map((_, index) => ({text: String(1920 + index), isQuoted: false})));
	t.deepEqual(rows.map(([title]) => title), hostileTitles.map(title => ({text: cleanLines(title), isQuoted: title !== ''})));
});

(hasOffice ? test : test.skip)('LibreOffice reads what looks like an escape as the text that it is', async t => {
	const titles = ['_x0041_', 'a_x000D_b', '_x005F_x0041_'];
	const store = await storeWith(titles.map((title, index) => makeItem(`m${index}`, {title, titleSort: String(index)})));
	const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title']});
	t.deepEqual(readDelimited(await officeReads(file)).slice(1).map(([title]) => title!.text), titles);
});

(hasOffice ? test : test.skip)('LibreOffice reads numbers, truth values, days, instants and links', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.xlsx', args: ['--columns', 'title,year,userRating,watched,releaseDate,addedAt,imdb,tmdb', 'title:nosferatu']});
	t.is(await officeReads(file), '"title","year","userRating","watched","releaseDate","addedAt","imdb","tmdb"\n"Nosferatu",1922,7.5,TRUE,1922-03-04,2021-01-02 12:00:00,"tt1; tt2","31"\n');
});

(hasOffice ? test : test.skip)('LibreOffice has the filters of each sheet, whatever its name is', async t => {
	const store = await mixedStore();
	await commit(store, {libraries: [makeLibrary('films', 'It\'s <&">'), makeLibrary('shows', '=1!$A', 'show')]});
	const {file} = await exportToFile(t, store, {name: 'all.xlsx', args: ['--columns', 'title,year']});
	await officeReads(file);
	const content = await entryOf(path.join(path.dirname(file), 'read', 'all.ods'), 'content.xml');
	const ranges = content.matchAll(/<table:database-range [^>]*table:target-range-address="(?<range>[^"]*)"[^>]*table:display-filter-buttons="true"/gv).map(({groups}) => groups!['range']).toArray();
	t.deepEqual(ranges, ['&apos;=1!$A&apos;.A1:&apos;=1!$A&apos;.B11', '&apos;It&apos;&apos;s &lt;&amp;&quot;&gt;&apos;.A1:&apos;It&apos;&apos;s &lt;&amp;&quot;&gt;&apos;.B4']);
});

test('an instant is read as the same second by whoever cuts off and whoever rounds, in days or in the time of a day', t => {
	const day = 86_400_000;
	const readers: ReadonlyArray<(serial: number) => number> = [
		serial => Math.trunc((serial - 25_569) * day),
		serial => Math.trunc((serial - 25_569) * 86_400 * 1000),
		serial => Math.trunc((serial * day) - (25_569 * day)),
		serial => Math.round((serial - 25_569) * day),
		serial => ((Math.floor(serial) - 25_569) * day) + Math.floor(day * (serial - Math.floor(serial))),
		serial => ((Math.floor(serial) - 25_569) * day) + (1000 * Math.floor(86_400 * (serial - Math.floor(serial)))),
	];
	fc.assert(fc.property(fc.integer({min: Date.UTC(1990, 0) / 1000, max: Date.UTC(2150, 0) / 1000}), seconds => {
		const instant = new Date(seconds * 1000);
		t.deepEqual(readers.map(read => read(xlsxSerial(instant))), readers.map(() => instant.getTime()));
	}), {numRuns: 2000});
	t.is(xlsxSerial(new Date('2026-12-01T00:00:00Z')), 46_357);
});
