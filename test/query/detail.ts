import test from 'ava';
import * as schema from '../../source/catalog/schema.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {detailSections} from '../../source/query/detail-sections.js';
import {describeItem, relatedIds} from '../../source/query/related.js';
import {
	fullDetail,
	fullItem,
	header,
	makeItem,
	records,
	showItems,
} from './_items.js';

test('an item refers to people, tags, files and parents, each once', t => {
	t.deepEqual(relatedIds(fullItem).toSorted(), ['file1', 'file2', 'pa', 'pd', 'pp', 'pw', 'season11', 'show1', 'tc', 'tg', 'tl', 'ts', 'tx']);
});

test('an item is described with everything that it refers to', t => {
	const detail = fullDetail();
	t.is(detail.server?.name, 'Attic');
	t.is(detail.library?.title, 'Films');
	t.is(detail.show?.title, 'The Show');
	t.is(detail.season?.title, 'Season 1');
	t.is(detail.people.get('pa')?.name, 'Schreck');
	t.is(detail.tags.get('tg')?.name, 'Horror');
	t.deepEqual(Array.from(detail.files, ([id]) => id), ['file1', 'file2']);
	t.deepEqual([...detail.sharedWith], [['file1', ['movie43']]]);
	t.deepEqual(detail.gaps, []);
});

test('what is not in the catalogue is left out, not an error', t => {
	const detail = describeItem(fullItem, new Map(), {header: {servers: [], libraries: []}, index: createCatalogIndex()});
	t.is(detail.people.size, 0);
	t.is(detail.show, undefined);
	t.true(detailSections(detail).length > 0);
});

test('a season shows its missing episodes, a show its missing seasons, specials nothing', t => {
	const index = createCatalogIndex();
	index.put(showItems());
	const gaps = (id: string) => describeItem(showItems().find(item => item.id === id)!, records, {header, index}).gaps;
	t.deepEqual(gaps('season11'), [2, 5, 6, 7, 8, 9]);
	t.deepEqual(gaps('show1'), [2]);
	t.deepEqual(gaps('season10'), []);
	t.deepEqual(gaps('episode11'), []);
});

const allText = () => detailSections(fullDetail())
	.flatMap(({heading, fields}) => [heading, ...fields.flatMap(({label, value}) => [label, value])])
	.join('\n');

test('the details tell every value that an item can have', t => {
	const text = allText();
	const values = [
		'Nosferatu',
		'Nosferatu sorted',
		'eine Symphonie',
		'Restored',
		'clip',
		'1922',
		'1922-03-04',
		'moves house',
		'Beware',
		'PG',
		'1 h 34 min',
		'The Show',
		'Season 1',
		'61',
		'62',
		'71',
		'72',
		'a placeholder: the server does not give it',
		'plex://movie/1',
		'tt1, tt2',
		'31',
		'32',
		'AniDB\n33',
		'42',
		'movie42',
		'7.9',
		'imdb, audience',
		'Horror',
		'Germany',
		'Prana',
		'Silent',
		'Keep',
		'Murnau',
		'Galeen',
		'Grau',
		'Schreck',
		'Orlok',
		'/i/poster',
		'/i/background',
		'/i/logo',
		'/i/banner',
		'/i/square',
		'/i/thumb',
		'lockedfield',
		'The ferry leaves\n0:00 to 10:01',
		'Chapter 2\nfrom 10:01',
		'Credits\n1:30:01 to 1:31:42',
		'Deleted scene\nA lost scene, 1:33, played before the film',
		'/films/folder',
		'dvd',
		'newest-first',
		'nosferatu-1922',
		'/i/theme',
		'epoch,local',
		'+2:00',
		'Watched episodes\n70',
		'as a proxy of another version',
		'Mobile',
		'Kanal Nord, channel 7.1, from 2024-06-07',
		'2021-01-02',
		'2022-02-03',
		'2023-03-04',
		'2024-04-05',
		'2024-05-06',
		'73',
		'20 h 33 min',
		'7.5',
		'media1',
		'Blue-ray rip',
		'optimised copy',
		'1080',
		'1920 × 1036',
		'1.85',
		'HEVC, main 10',
		'profile 8.1, over HDR10',
		'23.976 frames per second, progressive',
		'10 bit, 4:2:0, bt2020, smpte2084',
		'24p',
		'Dolby Vision',
		'Dolby Digital Plus, 5.1',
		'mkv',
		'12345 kbps',
		'1 h 35 min',
		'Deutsch (commentary), TrueHD Atmos, 7.1, Director speaks',
		'French (SDH, forced), SRT, Songs, in a file of its own',
		'/films/n1.mkv',
		'/films/n2.mkv',
		'20.5 GB',
		'50 min',
		'part 1 of 2',
		'part 2 of 2',
		'part81',
		'the server cannot find or read this file',
		'/library/parts/81/file.mkv',
		'matroska',
		'movie43',
		'Films',
		'Attic',
	];
	t.deepEqual(values.filter(value => !text.includes(value)), []);
});

test('the item that proves this has every field of the schema', t => {
	// The fingerprints say nothing to a person.
	t.deepEqual(Object.keys(fullItem).toSorted(), Object.keys(schema.itemSchema().shape).filter(key => key !== 'fingerprints').toSorted());
	t.deepEqual(Object.keys(fullItem.images).toSorted(), Object.keys(schema.imagesSchema().shape).toSorted());
	t.deepEqual(Object.keys(fullItem.viewState!).toSorted(), Object.keys(schema.viewStateSchema().shape).toSorted());
	const [version] = fullItem.versions;
	t.deepEqual(Object.keys(version!).toSorted(), Object.keys(schema.versionSchema().shape).toSorted());
	t.deepEqual(Object.keys(version!.parts[0]!).toSorted(), Object.keys(schema.partSchema().shape).toSorted());
	t.notThrows(() => schema.itemSchema().parse(fullItem));
});

test('an item of which little is known has short details', t => {
	const detail = describeItem(makeItem('movie1'), new Map(), {header, index: createCatalogIndex()});
	t.deepEqual(detailSections(detail).map(({heading}) => heading), ['Overview', 'Ids']);
});

test('the items that share a file can be named by title', t => {
	const fields = detailSections(fullDetail(), {titleOf: id => id === 'movie43' ? 'Twin' : undefined}).flatMap(section => section.fields);
	t.is(fields.find(({label}) => label === 'Also in this file')?.value, 'Twin');
});
