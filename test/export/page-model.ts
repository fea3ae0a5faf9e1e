import test from 'ava';
import * as fc from 'fast-check';
import {noRevision, type CodedLists, type PageData} from '../../source/export/page/page-data.js';
import {createPageModel} from '../../source/export/page/page-model.js';
import {
	parseRoute,
	printRoute,
	startRoute,
	togglePick,
	type PageRoute,
} from '../../source/export/page/page-route.js';

const words = ['amber', 'Ferry', 'Élan', 'orsa', 'night'] as const;
const genres = ['Drama', 'Comedy', 'War'] as const;
const codecs = ['hevc', 'h264'] as const;

const lists = (texts: readonly string[], codes: number[][]): CodedLists => ({texts: [...texts], codes});

type Row = {type: number; title: string; genres: number[]; codecs: number[]; people: number[]; rank: number};

const codesOf = (texts: readonly string[]) => fc.uniqueArray(fc.nat({max: texts.length - 1}), {maxLength: texts.length});

const row: fc.Arbitrary<Row> = fc.record({
	type: fc.nat({max: 3}),
	title: fc.array(fc.constantFrom(...words), {minLength: 1, maxLength: 3}).map(parts => parts.join(' ')),
	genres: codesOf(genres),
	codecs: codesOf(codecs),
	people: codesOf(['Ada Orsa', 'Bo']),
	rank: fc.integer({min: -1, max: 5}),
});

const dataOf = (rows: readonly Row[]): PageData => ({
	libraries: ['Films'],
	notes: [],
	ids: rows.map((_, index) => `i${index}`),
	types: rows.map(({type}) => type),
	titles: rows.map(({title}) => title),
	subtitles: rows.map(() => ''),
	parents: rows.map(() => -1),
	searched: rows.map(() => ''),
	people: lists(['Ada Orsa', 'Bo'], rows.map(({people}) => people)),
	badges: lists([], rows.map(() => [])),
	states: lists([], rows.map(() => [])),
	facets: [
		{name: 'genre', label: 'Genre', ...lists(genres, rows.map(entry => entry.genres))},
		{name: 'codec', label: 'Codec', ...lists(codecs, rows.map(entry => entry.codecs))},
	],
	sorts: [{
		name: 'title', label: 'Title', types: [0, 1, 2, 3], startsDescending: false, ranks: rows.map(({rank}) => rank),
	}],
	columns: [],
	blockSize: 200,
	revision: noRevision,
	pictured: [],
});

const route: fc.Arbitrary<PageRoute> = fc.record({
	item: fc.constant(''),
	type: fc.integer({min: -1, max: 3}),
	text: fc.array(fc.constantFrom('amb', 'ÉLAN', 'elan', 'orsa', 'x', 'ar', 'Hevc', 'h26'), {maxLength: 2}).map(parts => parts.join(' ')),
	view: fc.constantFrom('wall', 'list'),
	sort: fc.constant('title'),
	isDescending: fc.boolean(),
	picks: fc.record({genre: fc.subarray([...genres]), codec: fc.subarray([...codecs])}).map(picks => new Map(Object.entries(picks).filter(([, values]) => values.length > 0))),
});

const plain = (text: string) => text.toLowerCase().replaceAll('é', 'e');

const isFound = (entry: Row, text: string) => plain(text).split(' ').every(word => plain(entry.title).includes(word)
	|| entry.people.some(code => plain(['Ada Orsa', 'Bo'][code]!).includes(word))
	|| entry.genres.some(code => plain(genres[code]!).includes(word))
	|| entry.codecs.some(code => codecs[code] === word));

const isPicked = (entry: Row, {picks}: PageRoute, facet: 'genre' | 'codec') => {
	const wanted = picks.get(facet) ?? [];
	return wanted.length === 0 || (facet === 'genre' ? entry.genres.map(code => genres[code]!) : entry.codecs.map(code => codecs[code]!)).some(value => wanted.includes(value));
};

const sorted = (counts: ReadonlyArray<readonly [value: string, count: number]>) => counts.toSorted(([one], [other]) => one < other ? -1 : 1);

test('a route finds what its words and picks say, in its order; the counts of a facet are those without its own picks', t => {
	fc.assert(fc.property(fc.array(row, {maxLength: 20}), route, (rows, asked) => {
		const {rows: found, facets, type, typeCounts} = createPageModel(dataOf(rows)).find(asked);
		const matching = rows.keys().filter(index => isFound(rows[index]!, asked.text)).toArray();
		t.deepEqual(typeCounts, [0, 1, 2, 3].map(one => matching.filter(index => rows[index]!.type === one).length));
		const ofType = matching.filter(index => rows[index]!.type === type);
		const passing = ofType.filter(index => isPicked(rows[index]!, asked, 'genre') && isPicked(rows[index]!, asked, 'codec'));
		t.deepEqual(found.toSorted((one, other) => one - other), passing);
		for (const [place, index] of found.entries()) {
			// The last one is followed by itself, so that there is nothing to say of it.
			const next = found[place + 1] ?? index;
			const [one, other] = [rows[index]!.rank, rows[next]!.rank];
			const isOrdered = one === -1 ? other === -1 : other === -1 || (asked.isDescending ? one >= other : one <= other);
			t.true(isOrdered && (one !== other || index <= next));
		}

		const countsOf = (facet: 'genre' | 'codec', other: 'genre' | 'codec', codes: (entry: Row) => number[], texts: readonly string[]) => texts
			.map((value, code) => [value, ofType.filter(index => isPicked(rows[index]!, asked, other) && codes(rows[index]!).includes(code)).length] as const)
			.filter(([value, count]) => count > 0 || (asked.picks.get(facet) ?? []).includes(value));
		t.deepEqual(sorted(facets[0]!.map(({value, count}) => [value, count])), sorted(countsOf('genre', 'codec', entry => entry.genres, genres)));
		t.deepEqual(sorted(facets[1]!.map(({value, count}) => [value, count])), sorted(countsOf('codec', 'genre', entry => entry.codecs, codecs)));
	}));
});

test('an address gives the route that it was made of', t => {
	const anyRoute = fc.record({
		item: fc.constant(''),
		type: fc.integer({min: -1, max: 3}),
		text: fc.string({unit: 'grapheme'}),
		view: fc.constantFrom('wall' as const, 'list' as const),
		sort: fc.string(),
		isDescending: fc.boolean(),
		picks: fc.array(fc.tuple(fc.string(), fc.array(fc.string({unit: 'grapheme'}), {minLength: 1})), {maxLength: 3}).map(picks => new Map<string, string[]>(picks)),
	});
	fc.assert(fc.property(anyRoute, asked => {
		const read = parseRoute(printRoute(asked));
		t.deepEqual({...read, picks: [...read.picks]}, {...asked, picks: [...asked.picks]});
	}));
	fc.assert(fc.property(fc.string({unit: 'grapheme', minLength: 1}), item => {
		t.is(parseRoute(printRoute({...startRoute, item})).item, item);
	}));
});

test('whatever stands behind the # gives a route', t => {
	fc.assert(fc.property(fc.string(), text => {
		t.notThrows(() => parseRoute(text));
	}));
	t.is(parseRoute('#/item/%E0%A4%A').item, '%E0%A4%A');
	t.deepEqual(parseRoute(''), startRoute);
});

test('a value is picked and let go', t => {
	const once = togglePick(startRoute, 'genre', 'Drama');
	t.deepEqual([...togglePick(once, 'genre', 'War').picks], [['genre', ['Drama', 'War']]]);
	t.deepEqual(togglePick(once, 'genre', 'Drama'), startRoute);
});

test('a search chooses the first type of which something is found, unless a type is asked for', t => {
	const entry: Row = {
		type: 0, title: 'amber', genres: [], codecs: [], people: [], rank: 0,
	};
	const model = createPageModel(dataOf([entry, {...entry, type: 3, title: 'orsa'}]));
	t.is(model.find({...startRoute, text: 'orsa'}).type, 3);
	t.is(model.find({...startRoute, text: 'orsa', type: 0}).type, 0);
	t.is(model.find({...startRoute, text: 'nowhere'}).type, 0);
	t.is(createPageModel(dataOf([])).find(startRoute).type, 0);
});

test('what is new are films and the last episode of each show, the newest first', t => {
	const at = (type: number, rank: number) => ({
		type, title: 'x', genres: [], codecs: [], people: [], rank,
	});
	// A film, a show with a season and two episodes, a film without a date, and another film.
	const data = dataOf([at(0, 1), at(1, 9), at(2, 9), at(3, 2), at(3, 4), at(0, -1), at(0, 3)]);
	const added = {...data.sorts[0]!, name: 'added'};
	const {newest} = createPageModel({...data, sorts: [...data.sorts, added], parents: [-1, -1, 1, 2, 2, -1, -1]});
	t.deepEqual(newest(10), [{row: 4, top: 1}, {row: 6, top: 6}, {row: 0, top: 0}]);
	t.deepEqual(newest(1), [{row: 4, top: 1}]);
	t.deepEqual(createPageModel(data).newest(10), []);
});
