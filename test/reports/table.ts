import test from 'ava';
import {createLibraryNames} from '../../source/catalog/library-names.js';
import {itemColumns} from '../../source/query/item-columns.js';
import {itemsReport} from '../../source/reports/items/items-report.js';
import {surplusOf} from '../../source/sync/library-record.js';
import {librariesReport} from '../../source/reports/libraries/libraries-report.js';
import {reportTable, tableLines, type ReportColumn} from '../../source/reports/printers/table.js';
import {summarize} from '../../source/query/summary.js';
import {colorPaint} from '../../source/base/text/style.js';
import {displayWidth} from '../../source/base/text/width.js';
import {makeItem, showItems} from '../query/_items.js';

const oneServer = createLibraryNames({libraries: [], servers: []});

const columns = [{heading: 'Title', isFlexible: true}, {heading: 'Year', align: 'right' as const}];

test('wide characters do not break a column', t => {
	t.deepEqual(tableLines(columns, [['東京物語', '1953'], ['Alien', '1979'], ['👨‍👩‍👧', '99']], {columns: 80}), [
		'Title     Year',
		'東京物語  1953',
		'Alien     1979',
		'👨👩👧      99',
	]);
});

test('hostile cells are cleaned', t => {
	t.deepEqual(tableLines(columns, [['a\u{1B}[2J\nb\u{202E}', '1']]), ['Title  Year', 'a b       1']);
});

test('lines that are too long give way in the flexible column, without a limit nothing is cut', t => {
	const rows = [['A very long title indeed, with 東京物語', '1953']];
	const limited = tableLines(columns, rows, {columns: 20});
	t.deepEqual(limited.map(line => displayWidth(line)), [20, 20]);
	t.is(limited[1], 'A very long t…  1953');
	t.true(tableLines(columns, rows)[1]!.includes('東京物語  1953'));
});

test('a table may have more rows than a call takes arguments', t => {
	t.is(tableLines(columns, Array.from({length: 150_000}, () => ['a', 'b'])).length, 150_001);
});

test('a list of movies has no columns that are empty', t => {
	const film = makeItem('m7', {title: 'Alien', year: 1979, durationMs: 7_020_000});
	t.deepEqual(itemsReport.text({items: [summarize(film)], titleOf: () => undefined, names: oneServer}, {}), [
		'Key  Type   Title  Year      Length  Id',
		'  7  movie  Alien  1979  1 h 57 min  m7',
	]);
});

test('a list of episodes names show and number', t => {
	const items = showItems().filter(({id}) => id === 'episode13').map(item => summarize(item));
	const [heading, line] = itemsReport.text({items, titleOf: () => 'The Show', names: oneServer}, {});
	t.regex(heading!, /^Key +Type +Show +Number +Title/v);
	t.regex(line!, /^ *13 +episode +The Show +S01E03 +Episode 3/v);
});

test('the libraries show what is chosen, what is there and why not', t => {
	const row = {
		id: 'f', key: '1', title: 'Films', type: 'movie', disabledReason: undefined, isChosen: true, serverCount: 1200, catalogCount: 0, lastImport: undefined,
	};
	const songs = {
		...row, title: 'Songs', type: 'artist', disabledReason: 'Music is not imported.', isChosen: false, serverCount: undefined,
	};
	const lines = librariesReport.text({server: {id: 's', name: 'Attic'}, libraries: [row, songs], isOneOfSeveral: false}, {});
	t.regex(lines[1]!, /^\* +1 +Films +movie +1,200 +0 +never$/v);
	t.regex(lines[2]!, /^ +1 +Songs +artist +– +– +Music is not imported\.$/v);
	const types = [{scanner: 'Plex Movie'}, {scanner: 'Plex Video Files Scanner'}, {hidden: 1}, {scanner: 'Mine', hidden: 2}].map(facts => ({...row, ...facts}));
	const cells = librariesReport.text({server: {id: 's', name: 'Attic'}, libraries: types, isOneOfSeveral: false}, {}).slice(1).map(line => /Films +(?<type>\S.*?) {2}/v.exec(line)?.groups?.['type']);
	t.deepEqual(cells, ['movie', 'movie, Plex Video Files Scanner', 'movie, not on the home screen', 'movie, Mine, hidden']);
});

test('where the catalogue has more than the server, it is said why', t => {
	const surplus = (serverCount: number | undefined, held: number) => surplusOf({serverCount, catalogCount: 16, held});
	t.is(surplus(14, 2), 'The catalogue has 2 more than the server: 2 items are gone from the server and held until they are accepted or come back.');
	t.is(surplus(14, 0), 'The catalogue has 2 more than the server: a sync shows what became of the rest.');
	t.is(surplusOf({
		serverCount: 14, catalogCount: 16, held: 0, placeholders: 1, unlisted: 1,
	}), 'The catalogue has 2 more than the server: 1 is a placeholder for what the server does not give, although it has episodes of it; 1 is not in the list of the server, which gives it for its episodes.');
	t.deepEqual([surplus(16, 0), surplus(20, 2), surplus(undefined, 2)], [undefined, undefined, undefined]);
	const films = {
		id: 'f', key: '1', title: 'Films', type: 'movie', disabledReason: undefined, isChosen: true, serverCount: 14, catalogCount: 16, surplus: surplus(14, 0)!, lastImport: undefined,
	};
	t.is(librariesReport.text({server: {id: 's', name: 'Attic'}, libraries: [films], isOneOfSeveral: false}, {}).at(-1), 'Films: The catalogue has 2 more than the server: a sync shows what became of the rest.');
});

const withoutColors = (line: string) => line.replaceAll(/\u{1B}\[\d+m/gv, ''); // eslint-disable-line no-control-regex, regexp/no-control-character -- that is what colours are

test('on a terminal headings are bold and cells have the colour of what they mean, and nothing else changes', t => {
	const rows = [['東京物語', ['1953', 'warn'] as const], [['Alien', 'good'] as const, '1979']];
	const plain = tableLines(columns, rows, {columns: 14});
	const painted = tableLines(columns, rows, {columns: 14, paint: colorPaint});
	t.deepEqual(painted.map(line => withoutColors(line)), plain);
	t.is(painted[0], '\u{1B}[1mTitle\u{1B}[22m     \u{1B}[1mYear\u{1B}[22m');
	t.is(painted[1], '東京物語  \u{1B}[33m1953\u{1B}[39m');
	t.is(painted[2], '\u{1B}[32mAlien\u{1B}[39m     1979');
});

test('a cell cannot bring colours of its own', t => {
	t.is(tableLines(columns, [['a\u{1B}[31mb', '1']], {paint: colorPaint})[1], 'ab        1');
});

test('a list on a narrow terminal leaves out the key and the length, and keeps the titles', t => {
	const film = summarize(makeItem('m7', {title: 'A title of thirty characters..', year: 1979, durationMs: 7_020_000}));
	const lines = (width: number) => itemsReport.text({items: [film], titleOf: () => undefined, names: oneServer}, {columns: width});
	t.deepEqual(lines(80), [
		'Type   Title                           Year  Id',
		'movie  A title of thirty characters..  1979  m7',
	]);
	t.regex(lines(90)[0]!, /^Key +Type +Title +Year +Length +Id$/v);
});

test('at 80 columns the id goes before the show gets narrow, and the title has 24 cells', t => {
	const episode = showItems().find(({id}) => id === 'episode13')!;
	const item = summarize({...episode, id: 'i0a1b2c3d4e5f6071', title: 'An episode with a title of some length'});
	const lines = (width: number) => itemsReport.text({items: [item], titleOf: () => 'A show whose title is rather long', names: oneServer}, {columns: width});
	t.deepEqual(lines(80), [
		'Type     Show                             Number  Title',
		'episode  A show whose title is rather l…  S01E03  An episode with a title of so…',
	]);
	t.regex(lines(120)[0]!, / {2}Title .* {2}Id$/v);
	t.regex(lines(40)[0]!, /^Type +Show +Number +Title/v);
});

test('columns that were asked for and have no room are named below the table', t => {
	const items = [summarize(makeItem('i0a1b2c3d4e5f6071', {title: 'A title of thirty characters..', year: 1979}))];
	const lines = (names: readonly string[], width: number) => itemsReport.text({
		items, titleOf: () => undefined, names: oneServer, columns: itemColumns(names),
	}, {columns: width});
	t.deepEqual(lines(['id', 'title', 'year', 'key'], 40), [
		'Title                           Year',
		'A title of thirty characters..  1979',
		'No room for Catalogue id, ratingKey: a wider terminal, a file or --format csv has all columns.',
	]);
	t.deepEqual(lines(['id', 'title', 'year'], 80), ['Catalogue id       Title                           Year', 'i0a1b2c3d4e5f6071  A title of thirty characters..  1979']);
	// Without a title, the first column stays.
	t.deepEqual(lines(['id', 'key'], 10).slice(0, 2), ['Catalogue…', 'i0a1b2c3d…']);
});

test('no line is longer than the terminal: columns that have no room go, and are named', t => {
	const wide: ReadonlyArray<ReportColumn<string>> = ['One', 'Two', 'Three'].map(heading => ({heading, isFlexible: heading === 'Two', cell: text => text}));
	t.deepEqual(reportTable(wide, ['ten cells.'], {columns: 24}), ['One         Two', 'ten cells.  ten cells.', 'No room for Three: a wider terminal or a file has them.']);
	t.is(reportTable([{heading: 'Four', minColumns: 25, cell: () => ''}, ...wide], ['ten cells.'], {columns: 24}).at(-1), 'No room for Four, Three: a wider terminal or a file has them.');
	t.deepEqual(reportTable(wide, ['ten cells.'], {columns: 32}), ['One         Two       Three', 'ten cells.  ten cel…  ten cells.']);
});
