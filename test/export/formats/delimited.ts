import {readFile} from 'node:fs/promises';
import test from 'ava';
import fc from 'fast-check';
import {delimitedText} from '../../../source/export/delimited.js';
import {cleanLines} from '../../../source/base/text/clean.js';
import {
	exported,
	exportToFile,
	hostileStore,
	hostileTitles,
	mixedStore,
	obeyed,
	readDelimited,
	twoServers,
} from '../_exports.js';
import {hasOffice, officeReads} from '../_office.js';

const texts = (text: string, delimiter?: string) => readDelimited(text, delimiter).map(row => row.map(cell => cell.text));

test('csv has a row for each item with the default columns, and types its cells by their quotes', async t => {
	const text = await exported(await mixedStore(), '--format', 'csv');
	const [head, ...rows] = readDelimited(text) as [Array<{text: string}>, ...Array<Array<{text: string; isQuoted: boolean}>>];
	t.is(rows.length, 13);
	t.true(rows.every(row => row.length === head.length));
	const full = new Map(rows.find(row => row[0]!.text === 'movie42')!.map((cell, index) => [head[index]!.text, cell]));
	t.deepEqual(full.get('title'), {text: 'Nosferatu', isQuoted: true});
	t.deepEqual(full.get('year'), {text: '1922', isQuoted: false});
	t.deepEqual(full.get('releaseDate'), {text: '1922-03-04', isQuoted: false});
	t.deepEqual(full.get('addedAt'), {text: '2021-01-02T12:00:00Z', isQuoted: false});
	t.deepEqual(full.get('userRating'), {text: '7.5', isQuoted: false});
	t.deepEqual(full.get('imdb'), {text: 'tt1; tt2', isQuoted: true});
	t.deepEqual(full.get('audioLanguages'), {text: 'Deutsch', isQuoted: true});
	t.deepEqual(full.get('path'), {text: '/films/n1.mkv; /films/n2.mkv', isQuoted: true});
	t.deepEqual(full.get('show'), {text: 'The Show', isQuoted: true});
	t.is(full.get('library')!.text, 'Films');
});

test('a column that is asked for by its name in records has the id that records have, and by its short name what people call it', async t => {
	const text = await exported(await twoServers(), '--format', 'csv', '--columns', 'libraryId,library,serverId,server', 'title:"of barn"');
	t.is(text, '"libraryId","library","serverId","server"\n"films-barn","Films@Barn","barn","Barn"\n');
	t.regex(await exported(await twoServers(), '--format', 'csv', '--columns', 'LibraryID', 'title:"of barn"'), /"films-barn"/v);
	const [all, ...rows] = texts(await exported(await twoServers(), '--format', 'csv', '--columns', 'all', 'title:"of barn"')) as [string[], ...string[][]];
	t.deepEqual(['libraryId', 'library', 'serverId', 'server'].map(name => rows[0]![all.indexOf(name)]), ['films-barn', 'Films@Barn', 'barn', 'Barn']);
	t.is(await exported(await mixedStore(), '--format', 'csv', '--columns', 'showId,show', 'type:season limit:1'), '"showId","show"\n"show1","The Show"\n');
});

test('--columns, --separator and --library choose what is written, and a query keeps its order', async t => {
	const store = await mixedStore();
	t.is(await exported(store, '--format', 'csv', '--columns', 'title, imdb,year', '--separator', ' / ', 'nosferatu'), '"title","imdb","year"\n"Nosferatu","tt1 / tt2",1922\n');
	t.is(await exported(store, '--format', 'tsv', '--columns', 'title,watched,season', '--library', 'Shows', 'type:season sort:-season'), '"title"\t"watched"\t"season"\n"Season 3"\tfalse\t3\n"Season 1"\tfalse\t1\n"Specials"\tfalse\t0\n');
});

test('rows can stand for versions and for files', async t => {
	const store = await mixedStore();
	const versions = texts(await exported(store, '--format', 'csv', '--rows', 'version', '--columns', 'title,version.resolution,version.aspectRatio,version.optimized,version.fileIds'));
	t.deepEqual(versions, [
		['title', 'version.resolution', 'version.aspectRatio', 'version.optimized', 'version.fileIds'],
		['Nosferatu', '1080', '1.85', 'true', 'file1; file2'],
		['Twin', '', '', '', 'file1'],
		['Episode 3', '', '', '', 'double'],
		['Episode 4', '', '', '', 'double'],
	]);
	const files = texts(await exported(store, '--format', 'csv', '--rows', 'file', '--columns', 'title,file.path,file.sizeBytes,file.part,version.id'));
	t.deepEqual(files.slice(1, 4), [
		['Nosferatu', '/films/n1.mkv', '20512000000', '1', 'media1'],
		['Nosferatu', '/films/n2.mkv', '', '2', 'media1'],
		['Twin', '/films/n1.mkv', '20512000000', '1', 'm'],
	]);
	const [head] = texts(await exported(store, '--format', 'csv', '--rows', 'file')) as [string[]];
	t.true(['title', 'version.bitrateKbps', 'file.path', 'file.unavailable'].every(name => head.includes(name)));
	t.false(head.includes('version.audio'));
});

test('all columns can be had, and no number that should be whole has a fraction', async t => {
	const [head, ...rows] = texts(await exported(await mixedStore(), '--format', 'csv', '--columns', 'all', '--rows', 'file')) as [string[], ...string[][]];
	t.is(new Set(head).size, head.length);
	const fractions = head.filter((_, index) => rows.some(row => /^\d+\.\d+$/v.test(row[index]!)));
	t.deepEqual(fractions.toSorted(), ['gbPerHour', 'rating', 'userRating', 'version.aspectRatio']);
	t.regex(rows[0]![head.indexOf('version.video')]!, /^\{"codec":"hevc"/v);
});

test('no hostile title becomes a formula, breaks a row or reaches a terminal as a command', async t => {
	for (const [format, delimiter] of [['csv', ','], ['tsv', '\t']] as const) {
		const text = await exported(await hostileStore(), '--format', format, '--columns', 'title,year');
		const rows = texts(text, delimiter).slice(1);
		t.deepEqual(rows.map(([, year]) => Number(year)), hostileTitles.map((_, index) => 1920 + index), `It is ${format}.`);
		for (const [index, [title]] of rows.entries()) {
			t.notRegex(title!, /^\s*[+\-=@\u{FF1D}]/v, `It is ${format}.`);
			t.is(title!.replace(/^'(?!Quoted)/v, ''), cleanLines(hostileTitles[index]!), `It is ${format}.`);
		}

		t.true(text.isWellFormed());
		t.notRegex(text, obeyed);
	}
});

test('--excel adds a byte order mark and CRLF', async t => {
	const store = await mixedStore();
	const text = await exported(store, '--format', 'csv', '--excel', '--columns', 'title,releaseDate', 'nosferatu');
	t.is(text, '\u{FEFF}"title","releaseDate"\r\n"Nosferatu",1922-03-04\r\n');
});

test('any clean text comes back from the cell that it was written to, except for the apostrophe of a formula', t => {
	const cell = fc.string({unit: 'binary'}).map(text => cleanLines(text));
	const law = fc.property(fc.array(fc.tuple(cell, fc.integer()), {minLength: 1}), fc.constantFrom(',', '\t', ';'), fc.boolean(), (rows, delimiter, isTextQuoted) => {
		const read = readDelimited(delimitedText(rows, {delimiter, isTextQuoted}), delimiter);
		t.deepEqual(read.map(([text, number]) => [text!.text.replace(/^'(?=\s*[+\-=@\u{FF0B}\u{FF0D}\u{FF1D}\u{FF20}])/v, ''), Number(number!.text)]), rows);
	});
	fc.assert(law);
});

for (const [format, delimiter] of [['csv', ','], ['tsv', '\t']] as const) {
	const filter = `CSV:${delimiter.codePointAt(0)},34,76,1,,0,true`;

	// LibreOffice is not everywhere.
	(hasOffice ? test : test.skip)(`LibreOffice reads ${format} as it was meant, with the filter that the documents name`, async t => {
		const hostile = await exportToFile(t, await hostileStore(), {name: `hostile.${format}`, args: ['--columns', 'title,year']});
		t.deepEqual(readDelimited(await officeReads(hostile.file, filter)), readDelimited(await readFile(hostile.file, 'utf8'), delimiter));
		const mixed = await exportToFile(t, await mixedStore(), {name: `mixed.${format}`, args: ['--columns', 'title,year,userRating,watched,releaseDate,addedAt', 'title:nosferatu']});
		// It takes no instant that ends with Z for one.
		t.is(await officeReads(mixed.file, filter), '"title","year","userRating","watched","releaseDate","addedAt"\n"Nosferatu",1922,7.5,TRUE,1922-03-04,"2021-01-02T12:00:00Z"\n');
	});
}
