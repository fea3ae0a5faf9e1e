import test from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {listAll, withDemo, type Container} from './_demo.js';

const size = 'X-Plex-Container-Size=1000';

const keysOf = ({Metadata: rows = []}: Container) => rows.map(({ratingKey}) => ratingKey).toSorted((a, b) => Number(a) - Number(b));

/**
The keys that a query leads to, and those of all full rows that it should lead to.
*/
const withFilter = async (t: Parameters<typeof withDemo>[0], sectionKey: string, type: number) => {
	const demo = await withDemo(t);
	const {rows} = await listAll(demo.page, sectionKey, type);
	const full = rows.map(({ratingKey}) => demo.server.library.row(ratingKey)!);
	return {
		...demo,
		full,
		async keys(query: string) {
			const container = await demo.read(`/library/sections/${sectionKey}/all?type=${type}&${query}&${size}`);
			t.is(container.totalSize, container.size);
			return keysOf(container);
		},
		meant: (isMeant: (row: PlexRow) => boolean) => full.filter(row => isMeant(row)).map(({ratingKey}) => ratingKey),
	};
};

test('films are limited to what a filter asks for', async t => {
	const {keys, meant, full} = await withFilter(t, '1', 1);
	const drama = full.flatMap(({Genre: genres = []}) => genres).find(({tag}) => tag === 'Drama')!;
	const withGenre = (name: string) => ({Genre: genres = []}: PlexRow) => genres.some(({tag}) => tag === name);
	const cases: ReadonlyArray<readonly [query: string, holds: (row: PlexRow) => boolean]> = [
		['unwatched=1', row => (row.viewCount ?? 0) === 0],
		['unwatched=0', row => (row.viewCount ?? 0) > 0],
		['unwatched!=1', row => (row.viewCount ?? 0) > 0],
		['inProgress=1', row => (row.viewOffset ?? 0) > 0],
		[`genre=${drama.id}`, withGenre('Drama')],
		['genre=Drama', withGenre('Drama')],
		['genre=Drama,War', row => withGenre('Drama')(row) || withGenre('War')(row)],
		['genre=Drama&genre=War', row => withGenre('Drama')(row) && withGenre('War')(row)],
		['genre!=Drama', row => !withGenre('Drama')(row)],
		['year=1925', row => row.year === 1925],
		['year=1925,1926', row => row.year === 1925 || row.year === 1926],
		['year>>=1990', row => (row.year ?? 0) > 1990],
		['year%3E%3E=1990', row => (row.year ?? 0) > 1990],
		['year>=1990', row => (row.year ?? 0) >= 1990],
		['year<<=1930', row => row.year !== undefined && row.year < 1930],
		['year<=1930', row => row.year !== undefined && row.year <= 1930],
		['year!=1925', row => row.year !== 1925],
		['decade=1920', row => row.year !== undefined && row.year >= 1920 && row.year < 1930],
		[`guid=${encodeURIComponent(full[3]!.guid!)}`, row => row.guid === full[3]!.guid],
		[`guid=${full[3]!.Guid![0]!.id}`, row => row.Guid?.[0]?.id === full[3]!.Guid![0]!.id],
		['collection=The%20Drama%20Shelf', row => row.Collection?.some(({tag}) => tag === 'The Drama Shelf') ?? false],
		['label=keep', row => row.Label?.some(({tag}) => tag === 'Keep') ?? false],
		['actor=Buster%20Keaton', row => row.Role?.some(({tag}) => tag === 'Buster Keaton') ?? false],
		['contentRating=gb/12', row => row.contentRating === 'gb/12'],
		['title=general', row => row.title.toLowerCase().includes('general')],
		['title==The%20General', row => row.title === 'The General'],
		['title%3D=The%20General', row => row.title === 'The General'],
		['title!==The%20General', row => row.title !== 'The General'],
		['title<=the', row => row.title.toLowerCase().startsWith('the')],
		['title>=general', row => row.title.toLowerCase().endsWith('general')],
		['resolution=4k', row => row.Media?.some(({videoResolution}) => videoResolution === '4k') ?? false],
		['duplicate=1', row => (row.Media?.length ?? 0) > 1],
		['trash=1', row => row.deletedAt !== undefined],
		['id=1000001,1000002', row => ['1000001', '1000002'].includes(row.ratingKey)],
		['addedAt>>=-2y', row => row.addedAt! > 1_750_000_000 - (2 * 31_536_000)],
		['addedAt>>=1700000000&year<<=1990', row => row.addedAt! > 1_700_000_000 && row.year !== undefined && row.year < 1990],
		['originallyAvailableAt<<=1930-01-01', row => row.originallyAvailableAt !== undefined && row.originallyAvailableAt < '1930-01-01'],
		['unwatched=1&genre=Comedy&year<<=1930', row => row.viewCount === undefined && withGenre('Comedy')(row) && row.year !== undefined && row.year < 1930],
		['push=1&year=1925&or=1&year=1926&pop=1&unwatched=1', row => (row.year === 1925 || row.year === 1926) && row.viewCount === undefined],
	];
	for (const [query, holds] of cases) {
		const expected = meant(holds);
		t.true(expected.length > 0 && expected.length < full.length, `${query} tells something`);
		t.deepEqual(await keys(query), expected, query);
	}
});

test('a query may ask for rows of another level', async t => {
	const {server, page, read, ...episodes} = await withFilter(t, '2', 4);
	const {rows: shows} = await listAll(page, '2', 2);
	t.deepEqual(await episodes.keys('show.year>=2000'), episodes.meant(row => (server.library.row(row.grandparentRatingKey!)?.year ?? 0) >= 2000));
	const played = new Set(episodes.full.filter(({viewCount}) => viewCount !== undefined).map(row => row.grandparentRatingKey));
	const withPlayed = await read(`/library/sections/2/all?type=2&episode.unwatched=0&${size}`);
	t.deepEqual(keysOf(withPlayed), shows.map(({ratingKey}) => ratingKey).filter(key => played.has(key)));
	const [show] = server.library.oddities('specials');
	t.deepEqual(await episodes.keys(`show.id=${show}&season.index=2`), episodes.meant(row => row.grandparentRatingKey === show && row.parentIndex === 2));
});

test('what is no filter limits nothing, and a value that fits nothing leaves nothing', async t => {
	const {read, server} = await withDemo(t, {movies: 0, shows: 0});
	const total = server.library.total('1', 1);
	const noFilters: readonly string[] = ['libtype=movie', 'maxresults=5', 'hologram=1', 'includeGuids=1', 'X-Plex-Language=de', '__proto__=1', 'constructor=1'];
	for (const query of noFilters) {
		t.is((await read(`/library/sections/1/all?type=1&${query}&${size}`)).totalSize, total, query);
	}

	const nothingFits: readonly string[] = ['year=never', 'genre=Nobody%20Has%20This', 'guid=plex://movie/0', 'id=5'];
	for (const query of nothingFits) {
		const container = await read(`/library/sections/1/all?type=1&${query}&${size}`);
		t.is(container.totalSize, 0, query);
		t.false('Metadata' in container);
	}
});

test('filtered lists follow what changes', async t => {
	const {read, server: {library}} = await withDemo(t, {movies: 0, shows: 0});
	const unwatched = async () => keysOf(await read(`/library/sections/1/all?type=1&unwatched=1&${size}`));
	const before = await unwatched();
	const [first, second] = before;
	library.changeItem(first!, row => {
		row.viewCount = 1;
	}, {isSilent: true});
	t.deepEqual(await unwatched(), before.slice(1));
	library.removeItem(second!);
	t.deepEqual(await unwatched(), before.slice(2));
	library.hide([before[2]!]);
	t.deepEqual(await unwatched(), before.slice(3));
	library.unhide();
	library.changeItem(first!, () => undefined);
	library.addItem('1', 1, {
		ratingKey: '999000123', key: '/library/metadata/999000123', type: 'movie', title: 'A Late Arrival',
	});
	t.deepEqual(await unwatched(), [first!, ...before.slice(2), '999000123']);
});

test('rows come in the order that is asked for', async t => {
	const {read} = await withDemo(t);
	const rowsBy = async (sort: string) => (await read(`/library/sections/1/all?type=1&sort=${sort}&${size}`)).Metadata!;
	const years = (await rowsBy('year:desc,titleSort')).map(({year = 0, titleSort, title}) => [year, (titleSort ?? title).toLowerCase()] as const);
	t.deepEqual(years, years.toSorted(([a, x], [b, y]) => a === b ? (x < y ? -1 : Number(x > y)) : b - a));
	const stamps = (await rowsBy('addedAt')).map(({addedAt}) => addedAt!);
	t.deepEqual(stamps, stamps.toSorted((a, b) => a - b));
	const unknown = (await rowsBy('hologram')).map(({ratingKey}) => ratingKey);
	t.is(new Set(unknown).size, stamps.length);
	const latest = await read(`/library/sections/1/recentlyAdded?${size}`);
	t.deepEqual(latest.Metadata!.map(({addedAt}) => addedAt!), stamps.toReversed());
	t.is((await read(`/library/sections/1/all?type=1&sort=year&limit=5&${size}`)).totalSize, 5);
});

type MetaType = {type: string; Filter: Array<{filter: string; key: string}>; Sort: Array<{key: string}>; Field: Array<{key: string; type: string}>};

type Meta = {Type: MetaType[]; FieldType: Array<{type: string; Operator: unknown[]}>};

test('includeMeta tells what can be filtered and sorted, and each of it works', async t => {
	const {read, ask} = await withDemo(t, {movies: 0, shows: 0});
	const {Meta: meta} = await read('/library/sections/1/all?type=1&includeMeta=1&X-Plex-Container-Size=0') as unknown as {Meta: Meta};
	const [films] = meta.Type;
	t.deepEqual(meta.Type.map(({type}) => type), ['movie', 'collection']);
	t.deepEqual([...new Set(films!.Field.map(({type}) => type))].toSorted(), meta.FieldType.map(({type}) => type).toSorted());
	for (const {filter, key} of films!.Filter) {
		const {Directory: values = []} = await read(key);
		for (const {fastKey, key: value} of values.slice(0, 3)) {
			const {totalSize} = await read(`${String(fastKey)}&${size}`);
			t.true(totalSize! > 0, `${filter}=${String(value)}`);
		}
	}

	for (const {key} of films!.Sort) {
		t.is((await ask(`/library/sections/1/all?type=1&sort=${key}&${size}`)).status, 200);
	}

	t.false('Meta' in await read(`/library/sections/1/all?type=1&${size}`));
	const {Meta: ofShows} = await read('/library/sections/2/all?includeMeta=1&X-Plex-Container-Size=0') as unknown as {Meta: {Type: MetaType[]}};
	t.deepEqual(ofShows.Type.map(({type}) => type), ['show', 'season', 'episode', 'collection']);
	t.true(ofShows.Type[2]!.Field.some(({key}) => key === 'episode.unwatched'));
	const {Directory: rows} = await read('/library/sections/1?includeDetails=1');
	t.is(rows![0]!['title'], 'Films');
	t.deepEqual((rows![0]!['Type'] as MetaType[]).map(({type}) => type), ['movie', 'collection']);
	t.is((await ask('/library/sections/99')).status, 404);
	t.is((await ask('/library/sections/99/genre')).status, 404);
});
