import {setImmediate} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import type {Item} from '../../source/catalog/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {summarize} from '../../source/query/summary.js';
import {sortChoices} from '../../source/query/list-fields.js';
import type {ItemSummary, ListQuery, SortField} from '../../source/query/types.js';
import {makeItem, showItems} from './_items.js';
import {naiveQuery} from './_naive-query.js';

const indexOf = (items: readonly Item[]) => {
	const index = createCatalogIndex();
	index.put(items);
	return index;
};

const planOf = async (text: string) => compileQuery(text, {now: new Date('2026-06-01T12:00:00Z'), libraries: [], servers: []});

const films = [
	makeItem('m1', {title: 'The Matrix', year: 1999, addedAt: '2020-01-01T00:00:00Z'}),
	makeItem('m2', {
		title: 'Alien', year: 1979, editionTitle: 'Director\'s Cut', addedAt: '2021-01-01T00:00:00Z',
	}),
	makeItem('m3', {title: 'Alien', year: 1979}),
	makeItem('m4', {title: 'Amélie', year: 2001, ratings: [{source: 'imdb', kind: 'audience', value: 8.3}]}),
	makeItem('m5', {title: 'Unknown'}),
];

test('movies are listed by title, then year, then id', async t => {
	t.deepEqual(await indexOf(films).list({libraryId: 'films', type: 'movie'}), ['m2', 'm3', 'm4', 'm1', 'm5']);
});

test('what is unknown comes last in both directions', async t => {
	const index = indexOf(films);
	t.deepEqual(await index.list({sort: 'year'}), ['m2', 'm3', 'm1', 'm4', 'm5']);
	t.deepEqual(await index.list({sort: 'year', descending: true}), ['m4', 'm1', 'm2', 'm3', 'm5']);
	t.deepEqual((await index.list({sort: 'added', descending: true})).slice(0, 2), ['m2', 'm1']);
	t.is((await index.list({sort: 'rating', descending: true}))[0], 'm4');
});

test('every word of a filter must occur in title, edition or year', async t => {
	const index = indexOf(films);
	t.deepEqual(await index.list({plan: await planOf('alien 1979')}), ['m2', 'm3']);
	t.deepEqual(await index.list({plan: await planOf('CUT ali')}), ['m2']);
	t.deepEqual(await index.list({plan: await planOf('amelie')}), ['m4']);
	t.deepEqual(await index.list({plan: await planOf('alien matrix')}), []);
	t.is((await index.list({plan: await planOf('  ')})).length, 5);
});

test('below a show the order is that of the numbers', async t => {
	const index = indexOf([...films, ...showItems()]);
	t.deepEqual(await index.list({showId: 'show1', type: 'season'}), ['season10', 'season11', 'season13']);
	t.deepEqual(await index.list({seasonId: 'season11'}), ['episode11', 'episode13', 'episode14', 'episode110']);
	t.deepEqual(await index.list({seasonId: 'season11', plan: await planOf('episode 10')}), ['episode110']);
	t.deepEqual(await index.list({seasonId: 'season11', descending: true}), ['episode110', 'episode14', 'episode13', 'episode11']);
});

test('episodes without a number are ordered by date', async t => {
	const episode = (id: string, releaseDate: string) => makeItem(id, {
		type: 'episode', libraryId: 'shows', showId: 'news', seasonId: 'n1', seasonNumber: 2024, releaseDate,
	});
	t.deepEqual(await indexOf([episode('e2', '2024-05-02'), episode('e1', '2024-05-01')]).list({seasonId: 'n1'}), ['e1', 'e2']);
});

test('counting needs no listing', t => {
	const index = indexOf([...films, ...showItems()]);
	t.is(index.count({}), 15);
	t.is(index.count({libraryId: 'films'}), 5);
	t.is(index.count({type: 'season'}), 3);
	t.is(index.count({showId: 'show1', type: 'episode'}), 6);
	t.is(index.count({seasonId: 'season11'}), 4);
	t.is(index.count({libraryId: 'none'}), 0);
});

test('an item is found by its id and by its ratingKey', t => {
	const index = indexOf(films);
	t.deepEqual(index.find('m3'), ['m3']);
	t.deepEqual(index.find('4'), ['m4']);
	t.deepEqual(index.find('99'), []);
});

test('the items of a file and the children of a parent follow changes', t => {
	const index = indexOf(showItems());
	t.deepEqual(index.itemsOfFile('double').toSorted(), ['episode13', 'episode14']);
	t.true(index.isSharing('episode13'));
	t.is(index.isSharing('nothing'), undefined);
	t.is(index.children('season11').length, 4);
	index.remove(['episode13', 'not there']);
	t.deepEqual(index.itemsOfFile('double'), ['episode14']);
	t.false(index.isSharing('episode14'));
	t.is(index.children('season11').length, 3);
	index.put([makeItem('episode14', {
		type: 'episode', libraryId: 'shows', showId: 'show1', seasonId: 'season13',
	})]);
	t.deepEqual(index.itemsOfFile('double'), []);
	t.is(index.children('season11').length, 2);
	t.is(index.children('season13').length, 2);
});

test('clear leaves nothing', async t => {
	const index = indexOf([...films, ...showItems()]);
	await index.list({type: 'movie'});
	index.clear();
	t.is(index.size(), 0);
	t.deepEqual(await index.list({type: 'movie'}), []);
	t.deepEqual(index.itemsOfFile('double'), []);
	t.is(index.count({}), 0);
});

test('__proto__ is a title and an id like any other', async t => {
	const index = indexOf([makeItem('__proto__', {title: '__proto__', libraryId: 'constructor'})]);
	t.deepEqual(await index.list({libraryId: 'constructor', plan: await planOf('__proto__')}), ['__proto__']);
	t.is(index.get('toString'), undefined);
});

test('an aborted list rejects with the reason', async t => {
	const controller = new AbortController();
	const listing = indexOf(films).list({type: 'movie'}, {signal: controller.signal});
	controller.abort(new Error('typed on'));
	await t.throwsAsync(listing, {message: 'typed on'});
});

test('what is removed while a list is made is not in it', async t => {
	const index = indexOf(Array.from({length: 20_000}, (_, number) => makeItem(`m${number}`)));
	const listing = index.list({type: 'movie'});
	await setImmediate();
	index.remove(['m7']);
	t.false((await listing).includes('m7'));
	t.is((await index.list({type: 'movie'})).length, 19_999);
});

test('a list that was not asked for during thousands of changes is still right', async t => {
	const index = indexOf(films);
	await index.list({type: 'movie'});
	for (let number = 0; number < 3000; number++) {
		index.put([makeItem('m5', {title: `Unknown ${number}`}), makeItem(`n${number % 7}`, {title: `Zorro ${number}`})]);
	}

	index.remove(['n3']);
	const anew = indexOf([
		...films.slice(0, 4),
		makeItem('m5', {title: 'Unknown 2999'}),
		// 2999 was n3.
		...[2993, 2994, 2995, 2996, 2997, 2998].map(number => makeItem(`n${number % 7}`, {title: `Zorro ${number}`})),
	]);
	t.deepEqual(await index.list({type: 'movie'}), await anew.list({type: 'movie'}));
	t.is(index.get('m5')!.title, 'Unknown 2999');
});

test('after any changes a list is what sorting everything anew would give', async t => {
	const someId = fc.nat(12).map(number => `m${number}`);
	const item = fc.record({
		id: someId,
		title: fc.constantFrom('Alien', 'Aliens', 'The Abyss', 'Saw 2', 'Saw 10'),
		year: fc.option(fc.constantFrom(1979, 1986), {nil: undefined}),
	});
	const change = fc.oneof(fc.record({put: item}), fc.record({remove: someId}));
	const step = fc.tuple(change, fc.boolean());
	const sorts: SortField[] = ['title', 'year'];
	const law = fc.asyncProperty(fc.array(step), async changes => {
		const index = createCatalogIndex();
		const truth = new Map<string, Item>();
		for (const [made, isAsked] of changes) {
			if ('put' in made) {
				const {id, title, year} = made.put;
				const film = makeItem(id, {title, ...(year !== undefined && {year})});
				truth.set(id, film);
				index.put([film]);
			} else {
				truth.delete(made.remove);
				index.remove([made.remove]);
			}

			if (!isAsked) {
				continue;
			}

			await index.list({type: 'movie'});
			await index.list({type: 'movie', plan: await planOf('a')});
		}

		for (const sort of sorts) {
			const fresh = indexOf(Array.from(truth, ([, made]) => made));
			const [changed, anew] = [await index.list({sort}), await fresh.list({sort})];
			if (changed.join(' ') !== anew.join(' ') || changed.length !== truth.size) {
				return false;
			}
		}

		const filtered = await index.list({plan: await planOf('s')});
		return filtered.length === Array.from(truth, ([, made]) => made.title).filter(title => title.toLowerCase().includes('s')).length;
	});
	await t.notThrowsAsync(async () => fc.assert(law, {numRuns: 200}));
});

type Plain = Map<string, {item: Item; summary: ItemSummary}>;

const valuesOf = (sort: SortField) => sortChoices.find(({field}) => field === sort)!.values;

const compareValues = (left: string | number | undefined, right: string | number | undefined, sign: 1 | -1) => {
	if (left === right) {
		return 0;
	}

	if (left === undefined || right === undefined) {
		return left === undefined ? 1 : -1;
	}

	return left < right ? -sign : sign;
};

type Asked = Omit<ListQuery, 'plan'> & {text?: string};

/**
The same answer from plain objects, without any index.
*/
const plainList = async (items: Plain, {text, sort, descending = false, ...scope}: Asked): Promise<string[]> => {
	const sign = descending ? -1 : 1;
	const field = sort ?? (scope.showId === undefined && scope.seasonId === undefined ? 'title' : 'number');
	const plan = text === undefined ? undefined : await planOf(text);
	// The words of a show are those of what is below it; here anything may stand in the place of a show.
	const withShow = ({showId, ...item}: Item): Item => ({...item, ...showId !== undefined && items.get(showId)?.item.type === 'show' && {showId}});
	const naive = naiveQuery(items.values().map(({item}) => withShow(item)).toArray(), new Map());
	const isWithin = (summary: ItemSummary) => Object.entries(scope).every(([name, value]) => value === undefined || summary[name as keyof ItemSummary] === value);
	if (plan !== undefined && sort === undefined) {
		return naive.ids(plan).filter(id => isWithin(items.get(id)!.summary));
	}

	return items.values()
		.filter(({summary, item}) => isWithin(summary) && (plan === undefined || naive.isMatch(plan.where, withShow(item))))
		.map(({summary}) => summary)
		.toArray()
		.toSorted((left, right) => {
			const differences = [
				...valuesOf(field).map(value => compareValues(value(left), value(right), sign)),
				compareValues(left.sortKey, right.sortKey, field === 'title' ? sign : 1),
				compareValues(left.year, right.year, 1),
				compareValues(left.id, right.id, 1),
			];
			return differences.find(difference => difference !== 0) ?? 0;
		})
		.map(({id}) => id);
};

const idsWithFile = (items: Plain, fileId: string) => items.values().map(({summary}) => summary).filter(({fileIds}) => fileIds.includes(fileId)).map(({id}) => id).toArray().toSorted().join(' ');

test('after any puts, removals and lists an index answers as plain objects do', async t => {
	const someId = fc.nat(30).map(number => `m${number}`);
	const item = fc.record({
		id: someId,
		title: fc.constantFrom('Alien', 'Aliens', 'The Abyss', 'Saw 2', 'Saw 10', 'Amélie', '\u{1F600}', '\u{FF5E}'),
		type: fc.constantFrom('movie' as const, 'show' as const, 'season' as const, 'episode' as const),
		libraryId: fc.constantFrom('films', 'shows'),
		year: fc.option(fc.constantFrom(0, 1979, 1986), {nil: undefined}),
		showId: fc.option(fc.constantFrom('m1', 'm2'), {nil: undefined}),
		seasonId: fc.option(fc.constantFrom('m3', 'm4'), {nil: undefined}),
		seasonNumber: fc.option(fc.nat(2), {nil: undefined}),
		episodeNumber: fc.option(fc.nat(300), {nil: undefined}),
		releaseDate: fc.option(fc.constantFrom('1979-05-25', '2024-01-01'), {nil: undefined}),
		addedAt: fc.option(fc.constantFrom('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'), {nil: undefined}),
		durationMs: fc.option(fc.integer({min: 0, max: 2 ** 40}), {nil: undefined}),
		trashedAt: fc.option(fc.constant('2020-01-01T00:00:00Z'), {nil: undefined}),
		versions: fc.array(fc.record({
			id: fc.constant('1'), resolution: fc.constantFrom('sd', '1080', '4k'), parts: fc.array(fc.record({fileId: fc.constantFrom('f1', 'f2', 'f3')}), {maxLength: 2}),
		}), {maxLength: 2}),
	});
	const query = fc.record({
		libraryId: fc.constantFrom('films', 'shows', 'none'),
		type: fc.constantFrom('movie', 'episode', 'season'),
		showId: fc.constantFrom('m1', 'm2'),
		seasonId: fc.constantFrom('m3', 'm4'),
		text: fc.constantFrom('a', 'ALI', 'saw 1', 'amelie 1979', ':trash', 'zzz'),
		sort: fc.constantFrom(...sortChoices.map(({field}) => field)),
		descending: fc.boolean(),
	}, {requiredKeys: []});
	const step = fc.oneof(fc.record({put: item}), fc.record({remove: someId}), fc.record({query}), fc.constant({isPacked: true}));
	await t.notThrowsAsync(async () => fc.assert(fc.asyncProperty(fc.array(step, {maxLength: 60}), async steps => {
		let index = createCatalogIndex();
		const plain: Plain = new Map();
		for (const made of steps) {
			if ('put' in made) {
				const fields = Object.fromEntries(Object.entries(made.put).filter(([, value]) => value !== undefined));
				const film = makeItem(made.put.id, fields);
				index.put([film]);
				plain.set(film.id, {item: film, summary: summarize(film)});
			} else if ('remove' in made) {
				index.remove([made.remove]);
				plain.delete(made.remove);
			} else if ('query' in made) {
				const asked = made.query as Asked;
				const {text, sort: _, descending: __, ...scope} = asked;
				const {text: ___, ...listed} = asked;
				const [found, wanted] = [await index.list({...listed, ...text !== undefined && {plan: await planOf(text)}}), await plainList(plain, asked)];
				if (found.join(' ') !== wanted.join(' ') || index.count(scope) !== (await plainList(plain, scope)).length) {
					return false;
				}
			} else {
				const saved = await index.save();
				index = createCatalogIndex();
				index.restore(name => saved.get(name)!);
			}
		}

		const shared = new Set(['f1', 'f2', 'f3'].filter(fileId => index.itemsOfFile(fileId).length > 1));
		const isSharingRight = index.summaries().every(({id, fileIds}) => index.isSharing(id) === fileIds.some(fileId => shared.has(fileId)));
		const areFilesRight = ['f1', 'f2', 'f3'].every(fileId => index.itemsOfFile(fileId).toSorted().join(' ') === idsWithFile(plain, fileId));
		return areFilesRight && isSharingRight
			&& index.size() === plain.size && [...plain].every(([id, {summary}]) => isDeepStrictEqual(index.get(id), summary) && index.value(id, 'title') === summary.title);
	}), {numRuns: 300}));
});

test('an index whose items have come and gone for long is still right', async t => {
	const index = createCatalogIndex();
	for (let number = 0; number < 20_000; number += 10) {
		index.put(Array.from({length: 10}, (_, offset) => makeItem(`m${number + offset}`)));
		index.remove(Array.from({length: 10}, (_, offset) => `m${number + offset - 10}`));
	}

	t.is(index.size(), 10);
	t.is((await index.list({type: 'movie', plan: await planOf('m1999')})).length, 10);
	t.true(index.summaries().every(({id}) => id.startsWith('m1999')));
});

test('an index holds the same summary that summarize gives', t => {
	t.deepEqual(indexOf(films).get('m2'), summarize(films[1]!));
});

test('the event loop has its turns while 50,000 movies are sorted', async t => {
	const index = createCatalogIndex();
	for (let start = 0; start < 50_000; start += 500) {
		index.put(Array.from({length: 500}, (_, offset) => makeItem(`m${start + offset}`, {title: `Film ${(start + offset) * 7919 % 50_000}`})));
	}

	let turns = 0;
	const timer = setInterval(() => {
		turns++;
	}, 1);
	const ids = await index.list({libraryId: 'films', type: 'movie'});
	clearInterval(timer);
	t.is(ids.length, 50_000);
	t.true(turns >= 3, `${turns} turns`);
	t.deepEqual(await index.list({libraryId: 'films', type: 'movie', plan: await planOf('film 49999')}), ids.slice(-1));
});

test('others have their turn while an index is saved', async t => {
	const index = createCatalogIndex();
	index.put(Array.from({length: 12_000}, (_, number) => makeItem(`i${number}`, {title: `Film ${number}`, genres: [`g${number % 7}`], directors: [`p${number % 900}`]})));
	let turns = 0;
	const saving = new AbortController();
	const others = async () => {
		while (!saving.signal.aborted) {
			turns++;
			await setImmediate();
		}
	};

	const counting = others();
	const saved = await index.save();
	saving.abort();
	await counting;
	t.true(turns > 3, `${turns} turns`);
	const again = createCatalogIndex();
	again.restore(name => saved.get(name)!);
	t.deepEqual(again.get('i11999'), index.get('i11999'));
});
