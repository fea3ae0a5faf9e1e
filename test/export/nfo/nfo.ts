import test from 'ava';
import fc from 'fast-check';
import type {CatalogRecord, Item, Version} from '../../../source/catalog/types.js';
import {
	episodeNodes,
	isOwnNfo,
	movieNodes,
	nfoText,
	showNodes,
} from '../../../source/export/nfo/nfo.js';
import {node, xmlLines} from '../../../source/export/nfo/xml.js';
import {describeItem} from '../../../source/query/related.js';
import {createCatalogIndex} from '../../../source/query/catalog-index.js';
import type {ItemDetail} from '../../../source/query/types.js';
import {
	fullDetail,
	header,
	makeItem,
	records,
	showItems,
} from '../../query/_items.js';

const detailOf = (item: Item): ItemDetail => {
	const index = createCatalogIndex();
	index.put([...showItems(), item]);
	return describeItem(item, records, {header, index});
};

const bare: Version = {id: 'v', parts: []};

const movieText = (fields: Partial<Item>) => xmlLines(movieNodes(detailOf(makeItem('movie42', fields)), bare));

// MiniDLNA 1.3.0 reads nothing of a file that has a comment above its first element.
test('a film has everything that Kodi takes, once and in its form, and the comment of reelcat comes last', t => {
	const detail = fullDetail();
	const text = nfoText(movieNodes(detail, detail.item.versions[0]!));
	t.is(text.replace(/[\da-f]{16}/v, 'DIGEST'), `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<movie>
	<title>Nosferatu (Restored)</title>
	<originaltitle>Nosferatu, eine Symphonie des Grauens</originaltitle>
	<sorttitle>Nosferatu sorted</sorttitle>
	<ratings>
		<rating name="imdb" max="10" default="true">
			<value>7.9</value>
		</rating>
	</ratings>
	<userrating>8</userrating>
	<plot>A count
moves house.</plot>
	<runtime>94</runtime>
	<mpaa>PG</mpaa>
	<uniqueid type="imdb" default="true">tt1</uniqueid>
	<uniqueid type="tmdb">31</uniqueid>
	<uniqueid type="tvdb">32</uniqueid>
	<uniqueid type="anidb">33</uniqueid>
	<tagline>Beware</tagline>
	<premiered>1922-03-04</premiered>
	<genre>Horror</genre>
	<set>
		<name>Silent</name>
	</set>
	<tag>Keep</tag>
	<country>Germany</country>
	<credits>Galeen</credits>
	<director>Murnau</director>
	<studio>Prana</studio>
	<playcount>73</playcount>
	<lastplayed>2024-04-05 12:00:00</lastplayed>
	<resume>
		<position>74000</position>
		<total>5640</total>
	</resume>
	<dateadded>2021-01-02 12:00:00</dateadded>
	<fileinfo>
		<streamdetails>
			<video>
				<codec>hevc</codec>
				<aspect>1.85</aspect>
				<width>1920</width>
				<height>1036</height>
				<durationinseconds>5700</durationinseconds>
				<hdrtype>dolbyvision</hdrtype>
			</video>
			<audio>
				<codec>truehd</codec>
				<language>deu</language>
				<channels>8</channels>
			</audio>
			<subtitle>
				<language>fra</language>
			</subtitle>
		</streamdetails>
	</fileinfo>
	<actor>
		<name>Schreck</name>
		<role>Orlok</role>
		<order>0</order>
	</actor>
	<actor>
		<name>Murnau</name>
		<order>1</order>
	</actor>
</movie>
<!-- reelcat export DIGEST -->
`);
});

test('what is not known is left out, and a film of which only the year is known has that alone', t => {
	t.is(movieText({title: 'Bare', year: 1931}), '<movie>\n\t<title>Bare</title>\n\t<year>1931</year>\n</movie>\n');
	t.notRegex(movieText({year: 1931, releaseDate: '1931-05-06'}), /<year>/v);
	t.notRegex(movieText({viewState: {viewCount: 0, viewOffsetMs: 0}, durationMs: 0}), /playcount|resume|runtime/v);
});

test('a runtime is whole minutes and never none', t => {
	t.regex(movieText({durationMs: 5_729_000}), /<runtime>95<\/runtime>/v);
	t.regex(movieText({durationMs: 12_000}), /<runtime>1<\/runtime>/v);
});

test('exactly one id is the default, and each provider has one that looks like one of it', t => {
	const ids = (fields: Item['ids'], type: Item['type'] = 'movie') => {
		const detail = detailOf(makeItem('movie42', {type, ids: fields}));
		return xmlLines(type === 'movie' ? movieNodes(detail, bare) : showNodes(detail, new Map())).matchAll(/<uniqueid (?<attributes>[^>]*)>(?<id>[^<]*)</gv).map(({groups}) => `${groups!['attributes']} ${groups!['id']}`).toArray();
	};

	t.deepEqual(ids({imdb: [], tmdb: ['5', '6'], tvdb: []}), ['type="tmdb" default="true" 5']);
	t.deepEqual(ids({imdb: ['nonsense'], tmdb: ['x'], tvdb: ['7']}), ['type="tvdb" default="true" 7']);
	t.deepEqual(ids({imdb: ['tt5'], tmdb: [], tvdb: ['7']}, 'show'), ['type="tvdb" default="true" 7', 'type="imdb" tt5']);
	t.deepEqual(ids({
		imdb: [], tmdb: [], tvdb: [], other: [{source: 'Any"><x', id: '<1>'}, {source: 'anyx', id: '2'}, {source: '"<>', id: '3'}],
	}), ['type="anyx" default="true" &lt;1&gt;']);
	t.deepEqual(ids({imdb: [], tmdb: [], tvdb: []}), []);
});

test('ratings tell their scale and their source, and one is the default', t => {
	const text = movieText({
		ratings: [
			{source: 'rottentomatoes', kind: 'critic', value: 9.1},
			{source: 'rottentomatoes', kind: 'audience', value: 8},
			{source: 'tmdb', kind: 'audience', value: 7.25},
			{source: 'a"b', kind: 'critic', value: 0},
		],
	});
	t.deepEqual(text.matchAll(/<rating (?<attributes>[^>]*)>\s*<value>(?<value>[^<]*)</gv).map(({groups}) => `${groups!['attributes']} ${groups!['value']}`).toArray(), [
		'name="tomatometerallcritics" max="10" 9.1',
		'name="tomatometerallaudience" max="10" default="true" 8',
		'name="themoviedb" max="10" 7.25',
		'name="abcritics" max="10" 0',
	]);
});

test('a slash between blanks does not split a value in two, and the first collection is the set', t => {
	const index = createCatalogIndex();
	const item = makeItem('m1', {
		genres: ['g'], countries: ['h'], studios: ['g'], collections: ['c', 'd'], title: 'This / That', cast: [{personId: 'p', role: 'He / She'}],
	});
	const tag = (id: string, name: string) => [id, {
		id, kind: 'tag', tagKind: 'genre', name,
	} as const] as const;
	const detail = describeItem(item, new Map<string, CatalogRecord>([tag('g', 'A / B / C'), tag('h', 'A / / B\t/\nC'), tag('c', 'First'), tag('d', 'Second'), ['p', {id: 'p', kind: 'person', name: 'Ann'} as const]]), {header, index});
	const text = xmlLines(movieNodes(detail, bare));
	t.regex(text, /<genre>A\u{A0}\/ B\u{A0}\/ C<\/genre>/v);
	t.regex(text, /<country>A\u{A0}\/\u{A0}\/ B\u{A0}\/ C<\/country>/v);
	t.regex(text, /<studio>A\u{A0}\/ B\u{A0}\/ C<\/studio>/v);
	t.regex(text, /<set>\n\t\t<name>First<\/name>\n\t<\/set>\n\t<tag>Second<\/tag>/v);
});

test('a show has the names of its seasons by their numbers, and its collections are tags', t => {
	const text = xmlLines(showNodes(detailOf(makeItem('movie42', {type: 'show', title: 'The Show', collections: ['tx']})), new Map([[2, 'The End'], [0, 'Extras & more'], [1, '']])));
	t.is(text, '<tvshow>\n\t<title>The Show</title>\n\t<tag>Silent</tag>\n\t<namedseason number="0">Extras &amp; more</namedseason>\n\t<namedseason number="2">The End</namedseason>\n</tvshow>\n');
});

test('a show of which only the year is known has it in its title', t => {
	const titleOf = (fields: Partial<Item>) => /<title>(?<title>.*)<\/title>/v.exec(xmlLines(showNodes(detailOf(makeItem('s9', {type: 'show', title: 'Harbour', ...fields})), new Map())))!.groups!['title'];
	t.is(titleOf({year: 1978}), 'Harbour (1978)');
	t.is(titleOf({title: 'Harbour (1978)', year: 1978}), 'Harbour (1978)');
	t.is(titleOf({year: 1978, releaseDate: '1978-09-03'}), 'Harbour');
	t.is(titleOf({}), 'Harbour');
});

test('an episode has its place in its show, and the day on which it was shown', t => {
	const detail = detailOf({
		...makeItem('episode77', {
			type: 'episode', showId: 'show1', seasonNumber: 0, episodeNumber: 7, title: 'Seven', releaseDate: '2020-02-03', year: 2020,
		}),
	});
	t.is(xmlLines(episodeNodes({...detail, show: showItems()[0]}, bare)), '<episodedetails>\n\t<title>Seven</title>\n\t<showtitle>The Show</showtitle>\n\t<season>0</season>\n\t<episode>7</episode>\n\t<aired>2020-02-03</aired>\n</episodedetails>\n');
});

test('streams have the names of codecs and languages that Kodi has, and nothing else', t => {
	const text = xmlLines(movieNodes(detailOf(makeItem('m1')), {
		id: 'v',
		hdr: 'HDR10',
		audio: [{codec: 'dca', profile: 'ma', languageCode: 'deu'}, {codec: 'dca', profile: 'hra'}, {codec: 'dca'}, {codec: 'ac3', languageCode: 'German', languageTag: 'pt-BR'}],
		subtitles: [{codec: 'srt', languageCode: '<b>'}, {languageCode: 'eng'}],
		parts: [],
	}));
	t.deepEqual(text.matchAll(/<(?:codec|hdrtype|language)>(?<value>[^<]*)</gv).map(({groups}) => groups!['value']).toArray(), ['hdr10', 'dtshd_ma', 'deu', 'dtshd_hra', 'dca', 'ac3', 'pt', 'eng']);
	t.is(text.match(/<subtitle>/gv)?.length, 1);
});

test('whatever a text is, the file is XML with one element more than before', t => {
	fc.assert(fc.property(fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom('\u{FFFE}\u{FFFF}', ']]>', '<!--', '\u{D800}', '&#0;', '\r\n\t\0')), text => {
		const lines = xmlLines(node('movie', [...node('title', text), ...node('end', 'x')]));
		t.regex(lines, /^<movie>\n(?:\t<title>(?:[^&<>]|&(?:amp|lt|gt);)+<\/title>\n)?\t<end>x<\/end>\n<\/movie>\n$/v);
		t.notRegex(lines, /[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/v);
	}));
});

test('a file is known as our own until somebody changes it', t => {
	const text = nfoText(node('movie', node('title', 'A')));
	t.true(isOwnNfo(text));
	t.false(isOwnNfo(text.replace('>A<', '>B<')));
	t.false(isOwnNfo(`${text} `));
	t.false(isOwnNfo('<movie><title>A</title></movie>'));
	t.false(isOwnNfo(''));
});
