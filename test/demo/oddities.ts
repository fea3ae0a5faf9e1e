import test from 'ava';
import type {Oddity} from '../../source/demo/library/shelf.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {listAll, withDemo} from './_demo.js';

const parts = (row: PlexRow) => row.Media?.flatMap(({Part}) => Part ?? []) ?? [];
const files = (row: PlexRow) => parts(row).map(({file}) => file);

const haveOne = (values: unknown[]) => values.length > 1 && new Set(values).size === 1;

/**
What the rows of each odd case must show.
*/
const proofs: Record<Oddity, (rows: PlexRow[]) => boolean> = {
	'two-versions': ([row]) => row!.Media!.length > 1 && new Set(row!.Media!.map(media => media.videoResolution)).size > 1,
	'optimised-copy': ([row]) => row!.Media!.some(({proxyType}) => proxyType === 42),
	'editions-share-guid': rows => haveOne(rows.map(({guid}) => guid)) && new Set(rows.map(row => row.editionTitle)).size === rows.length,
	'stacked-parts': ([row]) => row!.Media![0]!.Part!.length === 2 && row!.Media![0]!.Part![1]!.duration === undefined,
	'duplicate-guid': rows => haveOne(rows.map(({guid}) => guid)) && haveOne(rows.map(row => row.librarySectionID)),
	'merged-same-file': ([row]) => haveOne(files(row!)),
	'legacy-imdb': ([row]) => row!.guid!.startsWith('com.plexapp.agents.imdb://tt') && row!.Guid === undefined,
	'legacy-themoviedb': ([row]) => row!.guid!.startsWith('com.plexapp.agents.themoviedb://'),
	'legacy-themoviedb-show': ([row]) => row!.type === 'show' && row!.guid!.startsWith('com.plexapp.agents.themoviedb://'),
	'legacy-thetvdb': ([row]) => row!.guid!.startsWith('com.plexapp.agents.thetvdb://'),
	'legacy-hama': ([row]) => row!.guid!.startsWith('com.plexapp.agents.hama://anidb-'),
	'legacy-none': rows => rows.every(({guid}) => guid!.startsWith('com.plexapp.agents.none://')),
	'unmatched-local': rows => rows.every(({guid, ratingKey, Guid}) => guid === `local://${ratingKey}` && Guid === undefined),
	'no-year': ([row]) => row!.year === undefined,
	'no-duration': ([row]) => row!.duration === undefined,
	'no-updated-at': rows => rows.every(({updatedAt}) => updatedAt === undefined),
	'no-media': ([row]) => row!.Media === undefined,
	'media-only-id': rows => rows.every(({Media}) => Object.keys(Media![0]!).join(',') === 'id'),
	'media-without-part': ([row]) => row!.Media!.length === 1 && row!.Media![0]!.Part === undefined,
	'no-file-path': ([row]) => parts(row!).length === 1 && parts(row!)[0]!.file === undefined,
	'no-summary': ([row]) => row!.summary === '',
	trashed: rows => rows.every(({deletedAt}) => deletedAt! > 0) && new Set(rows.map(({type}) => type)).size === 2,
	'future-added': ([row]) => row!.addedAt! > 2_000_000_000,
	'negative-added': ([row]) => row!.addedAt! < 0,
	'cjk-title': rows => rows.every(({title}) => /\p{Script=Han}/v.test(title)),
	'emoji-title': ([row]) => row!.title.includes('👩‍🚀'),
	'rtl-title': rows => rows.some(({title}) => /\p{Script=Arabic}/v.test(title)) && rows.some(({title}) => /\p{Script=Hebrew}/v.test(title)),
	'bidi-override-title': ([row]) => row!.title.includes('\u{202E}'),
	'escape-title': ([row]) => row!.title.startsWith('\u{1B}]0;') && row!.title.includes('\u{1B}[2J'),
	'proto-title': ([row]) => row!.title === '__proto__',
	'title-with-newline': ([row]) => row!.title.includes('\r\n') && row!.title.trim() !== row!.title,
	'huge-summary': ([row]) => row!.summary!.length > 100_000,
	'quoted-names': ([row]) => row!.Director!.some(({tag}) => tag.includes('"') && tag.includes(',')),
	'decomposed-path': ([row]) => files(row!)[0]!.normalize('NFC') !== files(row!)[0],
	'locked-and-labelled': ([row]) => row!.Field!.length === 2 && row!.Label!.length === 2 && row!.Collection!.length === 3,
	'same-file-in-two-sections': rows => haveOne(rows.flatMap(row => files(row))) && new Set(rows.map(row => row.librarySectionID)).size === 2,
	'same-guid-in-two-sections': rows => rows.length === 3,
	'several-ids': rows => rows.every(({Guid}) => Guid!.filter(({id}) => id.startsWith('tvdb://')).length === 2),
	'long-cast': ([row]) => row!.Role!.length === 200,
	'home-video': rows => rows.every(({subtype, guid}) => subtype === 'clip' && guid!.startsWith('tv.plex.agents.none://')) && rows.some(({year}) => year === 2036),
	'junk-rating': ([row]) => row!.rating === 2049,
	specials: ([row]) => row!.seasonCount === row!.childCount! - 1,
	'season-without-episodes': ([row]) => row!.childCount === 2 && row!.leafCount === 10,
	'show-without-episodes': ([row]) => row!.leafCount === 0 && row!.childCount === 0,
	'number-gap': ([row]) => row!.index === 5,
	'episode-zero': ([row]) => row!.index === 0,
	'multi-episode-file': rows => rows.length === 2 && haveOne(rows.flatMap(row => files(row))),
	'split-episode': ([row]) => row!.Media!.length === 1 && parts(row!).length === 2,
	'episode-versions': ([row]) => row!.Media!.length === 2,
	'date-based': rows => rows.every(({skipChildren}) => skipChildren === true),
	'hidden-seasons': rows => rows.every(({flattenSeasons}) => flattenSeasons === '1'),
	'unlisted-season': ([row]) => row!.childCount === 1,
	'show-not-listed': ([row]) => row!.type === 'show',
	'show-unknown': rows => rows.length === 0,
	'absolute-numbers': ([row]) => row!.leafCount! > 100,
	'windows-path': ([row]) => row!.Location![0]!.path.startsWith('D:\\'),
	'part-watched': ([row]) => row!.viewOffset! > 0 && row!.viewCount === undefined,
	watched: ([row]) => row!.viewCount === 3 && row!.userRating === 9,
};

test('the default library has every odd case', async t => {
	const {server, ask, details} = await withDemo(t);
	for (const [name, holds] of Object.entries(proofs)) {
		const keys = server.library.oddities(name as Oddity);
		t.true(keys.length > 0, name);
		const response = await ask(`/library/metadata/${keys.join(',')}`);
		const rows = response.ok ? await details(...keys) : [];
		t.true(holds(rows), `${name}: ${JSON.stringify(rows).slice(0, 300)}`);
	}
});

test('episodes of a nightly show have a date and no number, and do not name their hidden season', async t => {
	const {server, page} = await withDemo(t);
	const [nightly, morning] = server.library.oddities('date-based');
	const {rows} = await listAll(page, '4', 4);
	const episodes = rows.filter(row => row.grandparentRatingKey === nightly || row.grandparentRatingKey === morning);
	t.is(episodes.length, 90);
	for (const episode of episodes) {
		t.is(episode.index, undefined);
		t.is(episode.parentRatingKey, undefined);
		t.true(episode.skipParent);
		t.true(episode.parentIndex! > 2000);
		t.regex(episode.originallyAvailableAt!, /^\d{4}-\d{2}-\d{2}$/v);
	}

	const seasons = await listAll(page, '4', 3);
	t.deepEqual(seasons.rows.filter(row => row.parentRatingKey === nightly).map(({index}) => index), [2023, 2024]);
	t.deepEqual(seasons.rows.filter(row => row.parentRatingKey === morning), []);
});

test('some episodes belong to a show that no list has: details know the one, nobody the other', async t => {
	const {server, page, ask} = await withDemo(t);
	const [unlisted] = server.library.oddities('show-not-listed');
	const [unknown] = server.library.oddities('show-unknown');
	const shows = await listAll(page, '2', 2);
	const episodes = await listAll(page, '2', 4);
	for (const [key, status] of [[unlisted, 200], [unknown, 404]] as const) {
		t.false(shows.rows.some(({ratingKey}) => ratingKey === key));
		t.true(episodes.rows.some(row => row.grandparentRatingKey === key));
		t.is((await ask(`/library/metadata/${key}`)).status, status);
	}
});

test('rows that nobody can keep are there only on request', async t => {
	const plain = await withDemo(t);
	const broken = await withDemo(t, {brokenRows: true});
	const {rows: kept} = await listAll(plain.page, '1', 1);
	const {rows, total} = await listAll(broken.page, '1', 1);
	t.true(kept.every(({ratingKey}) => /^\d+$/v.test(ratingKey)));
	t.is(total, kept.length + 4);
	t.deepEqual(rows.slice(kept.length).map(row => typeof row as string), ['object', 'string', 'object', 'object']);
	t.is(JSON.stringify(rows.at(-2)), 'null');
});
