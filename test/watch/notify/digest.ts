import test from 'ava';
import fc from 'fast-check';
import type {HistoryEvent} from '../../../source/catalog/history.js';
import {
	digestChanges,
	digestLines,
	digestTotals,
	groupTitles,
	type LibraryDigest,
} from '../../../source/watch/notify/digest.js';
import {
	added,
	baseline,
	changed,
	removed,
	restored,
	version,
} from '../../helpers/events.js';
import {makeItem} from '../../query/_items.js';

const libraryTitle = (id: string) => new Map([['films', 'Films'], ['shows', 'Shows ']]).get(id);
const linesOf = (events: readonly HistoryEvent[]) => digestLines(digestChanges(events, {libraryTitle}));
const episode = (season: number, number: number, show = 'Severance') => {
	const place = `S${String(season).padStart(2, '0')}E${String(number).padStart(2, '0')}`;
	return {id: `${show} ${place}`, stamp: {libraryId: 'shows', type: 'episode' as const, title: `${show} – ${place} A title – with dashes`}};
};

const newEpisode = (season: number, number: number, show?: string) => {
	const {id, stamp} = episode(season, number, show);
	return added(id, stamp);
};

test('new, upgraded and removed are told apart, library by library', t => {
	t.deepEqual(linesOf([
		added('a', {title: 'Dune'}),
		changed('upgraded', 'b', [{versions: [version('1080', 'x')]}, {versions: [version('4k', 'y')]}], {title: 'Alien'}),
		removed(makeItem('c', {title: 'Heat'})),
		restored('d', {title: 'Ran'}),
		changed('replaced', 'e', [{versions: [version('4k', 'x')]}, {versions: [version('720', 'y')]}], {title: 'Tron'}),
		newEpisode(1, 1),
	]), [
		'Films: 1 new, 1 upgraded, 1 removed, 1 restored, 1 downgraded',
		'New: Dune',
		'Upgraded: Alien (1080p → 4K)',
		'Removed: Heat',
		'Back: Ran',
		'Downgraded: Tron (4K → 720p)',
		'Shows: 1 new',
		'New: Severance S01E01',
	]);
});

test('what is no news is not told', t => {
	t.deepEqual(linesOf([
		changed('watched', 'a', [{viewState: null}, {viewState: {viewCount: 1}}]),
		changed('edited', 'b', [{title: 'A'}, {title: 'B'}]),
		changed('refreshed', 'c', [{updatedAt: 1}, {updatedAt: 2}]),
		changed('replaced', 'd', [{versions: [version('1080', 'x')]}, {versions: [version('1080', 'y')]}]),
		added('e'),
		removed(makeItem('e')),
	]), []);
	t.deepEqual(linesOf([added('a'), baseline('films')]), [], 'a library that was counted for the first time is an import');
});

test('what went and came back is an upgrade if it is better, and nothing if it is as before', t => {
	const before = makeItem('a', {title: 'Alien', versions: [version('1080', 'x')]});
	const events = [removed(before), restored('a', {title: 'Alien', revision: 2})];
	const kinds = (resolution: string) => digestChanges(events, {libraryTitle, item: () => ({...before, versions: [version(resolution, 'y')]})}).flatMap(({groups}) => groups.map(({kind}) => kind));
	t.deepEqual(kinds('4k'), ['upgraded']);
	t.deepEqual(kinds('720'), ['downgraded']);
	t.deepEqual(kinds('1080'), []);
});

test('episodes of a show are one line, runs of them drawn together', t => {
	const titles = (...events: HistoryEvent[]) => linesOf(events).slice(1);
	t.deepEqual(titles(newEpisode(2, 3), newEpisode(2, 1), newEpisode(2, 2), newEpisode(2, 4)), ['New: Severance S02E01–E04']);
	t.deepEqual(titles(newEpisode(1, 1), newEpisode(1, 3), newEpisode(2, 1)), ['New: Severance S01E01, S01E03, S02E01']);
	t.deepEqual(titles(...[1, 3, 5, 7, 9].flatMap(number => [newEpisode(1, number), newEpisode(2, number)])), ['New: Severance, 10 episodes of 2 seasons']);
	t.deepEqual(titles(newEpisode(1, 1), newEpisode(1, 1, 'Andor')), ['New: Andor S01E01', 'New: Severance S01E01']);
});

test('a whole show is one line, whatever seasons and episodes came or went with it', t => {
	const ofShow = [
		added('show', {libraryId: 'shows', type: 'show', title: 'Severance'}),
		added('season', {libraryId: 'shows', type: 'season', title: 'Severance – Season 1'}),
		newEpisode(1, 1),
		newEpisode(1, 2),
	];
	t.deepEqual(linesOf(ofShow), ['Shows: 2 new', 'New: Severance, new show, 2 episodes']);
	t.deepEqual(groupTitles('removed', [{type: 'show', title: 'Severance'}]), [{text: 'Severance', items: 1}]);
	t.deepEqual(groupTitles('removed', [{type: 'season', title: 'Star Wars – Andor – Season 1'}]), [{text: 'Star Wars – Andor Season 1', items: 1}]);
});

test('an episode without a number goes by its date, or by its name', t => {
	t.deepEqual(groupTitles('new', [
		{type: 'episode', title: 'News – 2024-05-02 Thursday'},
		{type: 'episode', title: 'News – 2024-05-01 Wednesday'},
		{type: 'episode', title: 'News – Behind the scenes'},
	]), [{text: 'News 2024-05-01, 2024-05-02, Behind the scenes', items: 3}]);
});

test('episodes that were upgraded alike say how', t => {
	const upgraded = (number: number, to: string) => {
		const {id, stamp} = episode(1, number);
		return changed('upgraded', id, [{versions: [version('720', 'x')]}, {versions: [version(to, 'y')]}], stamp);
	};

	t.deepEqual(linesOf([upgraded(1, '1080'), upgraded(2, '1080')]), ['Shows: 2 upgraded', 'Upgraded: Severance S01E01–E02 (720p → 1080p)']);
	t.deepEqual(linesOf([upgraded(1, '1080'), upgraded(2, '4k')]), ['Shows: 2 upgraded', 'Upgraded: Severance S01E01–E02']);
});

test('five hundred new films do not hide the one that is gone', t => {
	const lines = linesOf([...Array.from({length: 500}, (_, index) => added(`a${index}`, {title: `Film ${index}`})), removed(makeItem('gone', {title: 'Heat'}))]);
	t.is(lines.length, 20);
	t.is(lines[0], 'Films: 500 new, 1 removed');
	t.true(lines.includes('Removed: Heat'));
	t.is(lines.at(-1), 'and 483 more');
	t.is(digestTotals(digestChanges([added('a'), newEpisode(1, 1)], {libraryTitle})), '2 new');
});

const anyGroup = fc.record({kind: fc.constantFrom('new' as const, 'upgraded' as const, 'removed' as const), text: fc.string(), items: fc.integer({min: 1, max: 50})});
const anyLibraries: fc.Arbitrary<LibraryDigest[]> = fc.array(fc.record({
	id: fc.string(),
	title: fc.string(),
	groups: fc.array(anyGroup, {minLength: 1, maxLength: 30}),
}), {minLength: 1, maxLength: 30});

test('whatever came, the lines are few enough, and every item is shown or counted', t => {
	fc.assert(fc.property(anyLibraries, fc.integer({min: 2, max: 40}), (libraries, maxLines) => {
		const lines = digestLines(libraries, maxLines);
		t.true(lines.length <= maxLines);
		const more = /^and (?<count>[\d,]+) more$/v.exec(lines.at(-1)!)?.groups?.['count'];
		const all = libraries.flatMap(({groups}) => groups);
		const hidden = Number(more?.replaceAll(',', '') ?? 0);
		const shown = lines.length - Math.min(libraries.length, maxLines - 1) - Number(hidden > 0);
		t.is(all.length === shown, hidden === 0);
		t.true(hidden >= all.length - shown);
	}));
});
