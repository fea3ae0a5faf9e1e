import test from 'ava';
import fc from 'fast-check';
import {startDemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {SyncEvent} from '../../source/sync/events.js';
import {importLibraries} from '../../source/sync/sync.js';

const now = new Date('2026-11-28T12:00:00Z');
const nowSeconds = now.getTime() / 1000;

const keep = (fields: Readonly<Record<string, unknown>>, at: Date | undefined = now) => {
	const result = normalize({
		ratingKey: '1', type: 'movie', title: 'Film', ...fields,
	}, {serverId: 's', libraryId: 'l', ...at !== undefined && {now: at}});
	if (!result.ok) {
		throw new Error(result.problem.message);
	}

	return result.value;
};

test('what cannot be is left out and named, and what can be stays', t => {
	const cases: Array<[Record<string, unknown>, string[]]> = [
		[{year: 30_828}, ['the year 30828']],
		[{year: '30828', originallyAvailableAt: '30828-09-14'}, ['the year 30828', 'the release date in 30828']],
		[{year: 2036, originallyAvailableAt: '2036-02-07'}, ['the year 2036', 'the release date in 2036']],
		[{year: 1873, originallyAvailableAt: '1601-01-01'}, ['the year 1873', 'the release date in 1601']],
		[{addedAt: 2_085_978_496}, ['the date of addition 2036-02-07T06:28:16Z']],
		[{addedAt: 1_750_000_000_000}, ['the date of addition 1750000000000']],
		[{rating: 2049}, ['the rating 2049']],
		[{userRating: -3, Rating: [{image: 'imdb://image.rating', type: 'audience', value: '11'}]}, ['the rating -3', 'the rating 11']],
		[{
			year: 1874, originallyAvailableAt: '2031-12-21', addedAt: nowSeconds + 3600, rating: 10, audienceRating: 0, userRating: -1,
		}, []],
		[{year: 0, originallyAvailableAt: '', addedAt: -1}, []],
	];
	for (const [fields, junk] of cases) {
		t.deepEqual(keep(fields).junk, junk);
	}

	t.like(keep(cases[8]![0]).item, {year: 1874, releaseDate: '2031-12-21', addedAt: '2026-11-28T13:00:00Z'});
});

test('a clock that is years behind takes no date of today for the future', t => {
	t.deepEqual(keep({year: 2025, addedAt: 1_760_000_000}, new Date(0)).junk, []);
});

/**
Values around every bound, as numbers and as text.
*/
const wire = (value: fc.Arbitrary<number>) => fc.oneof(value, value.map(String));
const years = fc.oneof(fc.integer({min: -5, max: 40_000}), fc.integer({min: 1870, max: 1890}), fc.integer({min: 2024, max: 2040}));
const seconds = fc.oneof(fc.integer({min: -2, max: 4_000_000_000}), fc.integer({min: nowSeconds - 200_000, max: nowSeconds + 200_000}), fc.constant(1_750_000_000_000));
const scores = fc.oneof(fc.double({min: -20, max: 20, noNaN: true}), fc.integer({min: -2, max: 3000}));
const strangeRow = fc.record({
	year: wire(years),
	originallyAvailableAt: fc.tuple(years.filter(year => year >= 0), fc.integer({min: 1, max: 12})).map(([year, month]) => `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-03`),
	addedAt: wire(seconds),
	rating: wire(scores),
	audienceRating: wire(scores),
	userRating: wire(scores),
	Rating: fc.array(fc.record({image: fc.constantFrom('imdb://image.rating', 'themoviedb://image.rating'), type: fc.constantFrom('audience', 'critic'), value: wire(scores)}), {maxLength: 3}),
}, {requiredKeys: []});

const isYear = (year: number) => year >= 1874 && year <= 2031;
const isScore = (value: unknown) => Number(value) >= 0 && Number(value) <= 10;

test('no value that cannot be is kept, none that can be is lost, and nothing is left out without a word', t => {
	fc.assert(fc.property(strangeRow, row => {
		const {item, junk} = keep(row);
		const [year, added] = [Number(row.year ?? 0), Number(row.addedAt ?? 0)];
		t.is(item.year, isYear(year) ? year : undefined);
		const releaseYear = Number(/^\d+/v.exec(row.originallyAvailableAt ?? '')?.[0] ?? 0);
		t.is(item.releaseDate, isYear(releaseYear) ? row.originallyAvailableAt : undefined);
		t.is(item.addedAt === undefined, added <= 0 || added > nowSeconds + 86_400);
		t.true([...item.ratings.map(({value}) => value), item.viewState?.userRating ?? 0].every(value => isScore(value)));
		t.is(item.viewState?.userRating, row.userRating !== undefined && isScore(row.userRating) ? Number(row.userRating) + 0 : undefined);

		const sent = [row.rating, row.audienceRating, row.userRating, ...row.Rating?.map(({value}) => value) ?? []].map(value => Number(value ?? 0));
		const dates = [year > 0 && !isYear(year), releaseYear > 0 && !isYear(releaseYear), added > nowSeconds + 86_400];
		t.is(junk.length, dates.filter(Boolean).length + new Set(sent.filter(score => !isScore(score) && score !== -1)).size);
	}), {numRuns: 1500});
});

test('an item with a date that cannot be is imported without it, and that is said once', async t => {
	const server = await startDemoServer({movies: 3, shows: 2});
	t.teardown(server.close);
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0',
	});
	t.teardown(plex.close);
	const store = createMemoryStore();
	await store.load();
	const events: SyncEvent[] = [];
	const result = await importLibraries({
		plex, store, normalize, server: {...await plex.identity(), name: 'Demo'}, signal: new AbortController().signal, now: () => now,
		targets: (await plex.sections()).filter(({type}) => type === 'movie' || type === 'show').map(section => ({section})),
		report(event) {
			events.push(event);
		},
	});
	t.true(result.ok);
	t.true(result.libraries.every(({failed}) => failed === 0));
	const clip = server.library.oddities('home-video').find(key => server.library.row(key)!.title === 'MVI_0042');
	t.deepEqual(events.filter(event => event.type === 'remark').map(({text}) => text).filter(text => text.includes('2036')), [
		`"MVI_0042" (ratingKey ${clip!}): the server says the year 2036 and the release date in 2036. That cannot be right, so it is left out.`,
	]);
});
