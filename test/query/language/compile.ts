import {cpuUsage} from 'node:process';
import test from 'ava';
import {compileQuery} from '../../../source/query/language/compile.js';
import {canonicalLanguage, isLanguage, languageCodes} from '../../../source/query/language/languages.js';
import {isQueryError, pointAt} from '../../../source/query/language/query-error.js';
import type {QueryWorld} from '../../../source/query/language/query-source.js';
import {hasWords} from '../../../source/query/language/text-tests.js';
import {isOneSlip} from '../../../source/query/engine/one-slip.js';
import {header} from '../_items.js';

const saved = new Map([['unseen', 'watched:no sort:-added'], ['big', 'size:>50GB @unseen'], ['loop', 'a @circle'], ['circle', '-@loop'], ['broken', 'title:"x'], ['odd', 'genr:x']]);

const world: QueryWorld = {
	now: new Date(2026, 5, 1, 12), libraries: header.libraries, servers: header.servers, saved: name => saved.get(name), savedNames: () => saved.keys().toArray(),
};

const conditionOf = async (query: string) => (await compileQuery(query, world)).where;

const range = (field: string, min: number, max: number, open: {isMinOpen?: true; isMaxOpen?: true} = {}) => ({
	kind: 'range', field, ranges: [{
		min, max, isMinOpen: false, isMaxOpen: false, ...open,
	}],
});

test('amounts have units, and a comparison is exact', async t => {
	t.deepEqual(await conditionOf('size:>50GB'), range('sizeBytes', 50e9, Infinity, {isMinOpen: true}) as never);
	t.deepEqual(await conditionOf('size:<=1GiB'), range('sizeBytes', -Infinity, 2 ** 30) as never);
	t.deepEqual(await conditionOf('size:1.5GB'), range('sizeBytes', 1.45e9, 1.55e9) as never);
	t.deepEqual(await conditionOf('sizeBytes:1000'), range('sizeBytes', 1000, 1000) as never);
	t.deepEqual(await conditionOf('len:1h30'), await conditionOf('len:90m'));
	t.deepEqual(await conditionOf('durationMs:>=5400000'), await conditionOf('len:>=90m'));
	t.deepEqual(await conditionOf('bitrate:<8Mbps'), range('bitrateKbps', -Infinity, 8000, {isMaxOpen: true}) as never);
	t.deepEqual(await conditionOf('res:<1080p'), range('resolution', -Infinity, 1080, {isMaxOpen: true}) as never);
	t.deepEqual(await conditionOf('res:4K'), await conditionOf('res:2160p'));
	t.deepEqual(await conditionOf('res:sd'), range('resolution', 0, 719) as never);
	t.deepEqual(await conditionOf('res:HD'), range('resolution', 720, 1080) as never);
	t.deepEqual(await conditionOf('res:>hd'), await conditionOf('res:>1080p'));
	t.deepEqual(await conditionOf('res:uhd'), await conditionOf('res:4k'));
	t.deepEqual(await conditionOf('channels:>5.1'), await conditionOf('channels:>6'));
	t.deepEqual(await conditionOf('year:1980s'), range('year', 1980, 1989) as never);
	t.deepEqual(await conditionOf('year:<1980s'), await conditionOf('year:<1980'));
	t.deepEqual(await conditionOf('imdb:tt0013442'), range('imdb', 13_442, 13_442) as never);
});

test('a year and a month begin and end', async t => {
	const day = (date: string) => Date.parse(date) / 86_400_000;
	t.deepEqual(await conditionOf('released:2024-02'), range('releaseDate', day('2024-02-01'), day('2024-02-29')) as never);
	t.deepEqual(await conditionOf('released:>2024'), range('releaseDate', day('2024-12-31'), Infinity, {isMinOpen: true}) as never);
	t.deepEqual(await conditionOf('released:2023..2024-05-01'), range('releaseDate', day('2023-01-01'), day('2024-05-01')) as never);
	t.deepEqual(await conditionOf('released:1920s'), await conditionOf('released:1920..1929'));
	t.deepEqual(await conditionOf('added:today'), await conditionOf('added:2026-06-01'));
	t.deepEqual(await conditionOf('released:>=Yesterday'), await conditionOf('released:>=2026-05-31'));
	t.deepEqual(await conditionOf('added:2024-05-01'), range('addedAt', new Date(2024, 4, 1).getTime() / 1000, (new Date(2024, 4, 2).getTime() / 1000) - 1) as never);
});

test('an age of less than a month is after a moment', async t => {
	t.deepEqual(await conditionOf('added:<30d'), range('addedAt', new Date(2026, 4, 2, 12).getTime() / 1000, Infinity, {isMinOpen: true}) as never);
	t.deepEqual(await conditionOf('added:>1y'), range('addedAt', -Infinity, new Date(2025, 5, 1, 12).getTime() / 1000, {isMaxOpen: true}) as never);
	t.deepEqual(await conditionOf('added:<1month'), await conditionOf('added:<1mo'));
	t.deepEqual(await conditionOf('added:>2Weeks'), await conditionOf('added:>2w'));
	t.deepEqual(await conditionOf('added:>=friday'), await conditionOf('added:>=2026-05-29'));
});

test('yes and no ask of a field that is neither whether it has a value', async t => {
	for (const field of ['dv', 'viewed', 'rating', 'len', 'res', 'imdb', 'hdr']) {
		t.deepEqual(await conditionOf(`${field}:yes`), await conditionOf(`has:${field}`));
		t.deepEqual(await conditionOf(`${field}:False`), await conditionOf(`missing:${field}`));
	}

	// A text can have these words, and Norwegian has the code "no".
	t.notDeepEqual(await conditionOf('title:yes'), await conditionOf('has:title'));
	t.deepEqual(await conditionOf('sub:no'), {kind: 'text', field: 'subtitleLanguages', tests: [{kind: 'language', code: 'no', name: 'no'}]} as never);
});

test('a saved query is a part of another, with its order', async t => {
	const {where, sort} = await compileQuery('@big limit:3', world);
	t.deepEqual(where, {kind: 'and', terms: [range('sizeBytes', 50e9, Infinity, {isMinOpen: true}), {kind: 'not', term: {kind: 'flag', field: 'isWatched'}}]} as never);
	t.deepEqual(sort, [{field: 'addedAt', isDescending: true}]);
	t.deepEqual((await compileQuery('@big sort:year', world)).sort, [{field: 'year', isDescending: false}]);
});

test('a library is named with its server as lists print it', async t => {
	const libraries = ['Attic', 'The "Barn" & Co'].map(name => ({...header.libraries[0]!, id: `of ${name}`, serverId: name}));
	const servers = libraries.map(({serverId}) => ({id: serverId, name: serverId}));
	const foundBy = async (query: string) => (await compileQuery(query, {...world, libraries, servers})).where as unknown;
	const only = (text: string) => ({kind: 'text', field: 'libraryId', tests: [{kind: 'is', text}]});
	t.deepEqual(await foundBy('library:films@attic'), only('of Attic'));
	t.deepEqual(await foundBy(String.raw`library:"Films@The \"Barn\" & Co"`), only('of The "Barn" & Co'));
	await t.throwsAsync(foundBy('library:films@cellar'), {message: 'There is no library "films@cellar".'});
});

test('a number such as S01E05 is looked for in the numbers and in the texts, and in quotes only there', async t => {
	const numbered = (word: string, ...numbers: ReadonlyArray<readonly [string, number]>) => ({
		kind: 'or', terms: [{kind: 'and', terms: numbers.map(([field, number]) => range(field, number, number))}, {kind: 'word', word, isExact: true}],
	});
	const episode = [['seasonNumber', 1], ['episodeNumber', 5]] as const;
	for (const word of ['S01E05', 's1e5', '1x05']) {
		t.deepEqual(await conditionOf(word) as unknown, numbered(word.toLowerCase(), ...episode));
	}

	t.deepEqual(await conditionOf('S02') as unknown, numbered('s02', ['seasonNumber', 2]));
	t.deepEqual(await conditionOf('S2019E0412') as unknown, numbered('s2019e0412', ['seasonNumber', 2019], ['episodeNumber', 412]));
	t.deepEqual(await conditionOf('S2019E041201') as unknown, numbered('s2019e041201', ['seasonNumber', 2019], ['episodeNumber', 41_201]));
	t.deepEqual(await conditionOf('"S01E05"'), {kind: 'phrase', phrase: 's01e05'});
	for (const word of ['4x4', '1920x1080', 's5', 'ss01e05', 's01e', '1984']) {
		t.deepEqual(await conditionOf(word), {kind: 'word', word});
	}
});

test('a show is asked for by its title or its id', async t => {
	const shows = (...tests: unknown[]): unknown => ({kind: 'text', field: 'showId', tests});
	t.deepEqual(await conditionOf('show:i32638ca892235037,harbour') as unknown, shows({kind: 'is', text: 'i32638ca892235037'}, {kind: 'words', text: 'harbour'}));
	t.deepEqual(await conditionOf('showId:="i32638ca892235037"') as unknown, shows({kind: 'is', text: 'i32638ca892235037'}));
});

test('errors say what is wrong, where, and what was probably meant', async t => {
	const errorOf = async (query: string) => {
		const error: unknown = await t.throwsAsync(compileQuery(query, world), undefined, query);
		return isQueryError(error) ? [error.message, ...pointAt(query, error.span)] : [];
	};

	t.deepEqual(await errorOf('a gener:drama'), ['There is no field gener; did you mean genre?', 'a gener:drama', '  ^^^^^']);
	t.deepEqual(await errorOf('size:>lots'), ['"lots" is not a size with its unit such as 50GB, 700MB or 50GiB; size needs one.', 'size:>lots', '      ^^^^']);
	const patterns: ReadonlyArray<readonly [string, RegExp, string]> = [
		['size:>50', /size with its unit/v, '      ^^'],
		['len:90', /length such as/v, '    ^^'],
		['type:moovie', /There is no type "moovie"; did you mean movie\?/v, '     ^^^^^^'],
		['library:filmz', /no library "filmz"; did you mean Films\?/v, '        ^^^^^'],
		['sub:dutsch', /no language "dutsch"; did you mean dutch\?/v, '    ^^^^^^'],
		['title:>a', /no order/v, '      ^^'],
		['watched:maybe', /neither yes nor no/v, '        ^^^^^'],
		['year:', /follows the colon/v, '    ^'],
		['year: 1984', /follows the colon/v, '    ^'],
		['added:30d', /An age is compared/v, '      ^^^'],
		['added:2024-02-30', /is not a date/v, '      ^^^^^^^^^^'],
		['dv:8.1', /profile of Dolby Vision, but not 8\.1/v, '   ^^^'],
		['imdb:abc', /not an id of imdb/v, '     ^^^'],
		['title:""', /is empty/v, '      ^^'],
		['title:/(a/', /regular expression cannot be used/v, '      ^^^^'],
		[String.raw`title:/(a)\1/`, /regular expression cannot be used/v, '      ^^^^^^^'],
		['title:/(?=a)/', /regular expression cannot be used/v, '      ^^^^^^^'],
		['title:/(?:a?){900}/', /too large/v, '      ^^^^^^^^^^^^^'],
		['sort:genre', /cannot be sorted by genre/v, '     ^^^^^'],
		['sort:-yaer', /no field yaer; did you mean year/v, '     ^^^^^'],
		['any(all(a))', /nothing below/v, '^^^^^^^^^^^'],
		['@unsen', /no saved query @unsen; did you mean @unseen\?/v, '^^^^^^'],
		['x @loop', /@loop → @circle → @loop/v, '  ^^^^^'],
		['@broken', /In the saved query @broken: This quotation mark/v, '^^^^^^^'],
		['@odd', /In the saved query @odd: There is no field genr/v, '^^^^'],
	];
	for (const [query, message, carets] of patterns) {
		const [told, , below] = await errorOf(query);
		t.regex(told!, message);
		t.is(below, carets, query);
	}
});

test('an expression that would backtrack for years takes no time', async t => {
	const before = cpuUsage();
	const {where} = await compileQuery('title:/^(a+)+$/ summary:/(x*x*x*)*y/', world);
	t.is(where.kind, 'and');
	t.true(cpuUsage(before).user < 2_000_000);
});

test('whole words end where letters end, and a language without spaces has no such ends', t => {
	t.true(hasWords('the last ferry', 'last ferry'));
	t.true(hasWords('x-ray', 'ray'));
	t.false(hasWords('aliens', 'alien'));
	t.false(hasWords('aliens', 'liens'));
	t.true(hasWords('東京物語', '物語'));
	t.true(hasWords('alien aliens', 'aliens'));
});

test('a language has codes of two and three letters, and names', async t => {
	t.is(canonicalLanguage('dut'), 'nl');
	t.is(canonicalLanguage('PT-br'), 'pt-BR');
	t.is(canonicalLanguage('nob'), canonicalLanguage('nor'));
	t.not(canonicalLanguage('nno'), canonicalLanguage('nor'));
	t.is(canonicalLanguage('no code'), undefined);
	t.true(isLanguage('dut\tNederlands', {code: 'nl', name: 'dutch'}));
	t.true(isLanguage('pt-BR', {code: 'pt', name: 'pt'}));
	t.is(languageCodes().get('norwegian bokmal'), canonicalLanguage('nor'));
	t.is(languageCodes().get('filipino'), canonicalLanguage('tgl'));
	t.false(isLanguage('pt', {code: 'pt-BR', name: 'pt-br'}));
	t.true(isLanguage('\tKlingon', {code: undefined, name: 'klingon'}));
	t.true(isLanguage('yue\t粵語', {code: undefined, name: 'cantonese'}));
	t.true(isLanguage('pt-BR\tPortuguês', {code: undefined, name: 'brazilian portuguese'}));
	t.false(isLanguage('pt-PT\tPortuguês', {code: undefined, name: 'brazilian portuguese'}));
	for (const name of ['Italiano', 'Português', 'Klingon', 'Aramaic', 'Dari', 'Tulu', 'Old English']) {
		await t.notThrowsAsync(compileQuery(`audio:"${name}"`, world));
	}
});

test('one slip is a letter more, less, another one, or two that changed places', t => {
	for (const typed of ['nosferat', 'nosferatuu', 'nosferadu', 'nosfertau', 'nosferatu', 'onsferatu']) {
		t.true(isOneSlip(typed, 'nosferatu'), `${typed} is near`);
	}

	for (const typed of ['nosfera', 'nosferadd', 'nosretafu', 'sonferatu']) {
		t.false(isOneSlip(typed, 'nosferatu'), `${typed} is far`);
	}
});
