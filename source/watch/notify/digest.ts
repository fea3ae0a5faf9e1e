import type {HistoryEvent} from '../../catalog/history.js';
import {bestVersion, resolutionRank, resolutionName} from '../../catalog/quality.js';
import type {Item, ItemType, Version} from '../../catalog/types.js';
import {netChanges, type Fields, type NetChange} from '../../history/net-changes.js';
import {clean} from '../../base/text/clean.js';
import {formatCount, formatNumbers, plural} from '../../base/text/format.js';

/**
Kinds in the order in which they are listed.
*/
const digestKinds = ['new', 'upgraded', 'removed', 'restored', 'downgraded'] as const;
type DigestKind = typeof digestKinds[number];

export type LibraryDigest = {
	id: string;
	title: string;
	groups: DigestGroup[];
};

/**
One line about a movie, or about all changes of one kind in one show.
*/
type DigestGroup = TitleGroup & {kind: DigestKind};

type DigestOptions = {
	libraryTitle: (id: string) => string | undefined;
	/**
	Returns an item as it is now. Without it, a digest cannot say whether a restored item is better or worse than before.
	*/
	item?: (id: string) => Item | undefined;
};

const told: ReadonlySet<HistoryEvent['kind']> = new Set(['added', 'restored', 'removed', 'upgraded', 'replaced', 'version-removed', 'baseline']);

/**
Sums up by library what is new, better, worse, gone or back. Several changes of one item count as one, and an item that ended as it began is left out. `events` are oldest first.
*/
export const digestChanges = (events: readonly HistoryEvent[], {libraryTitle, item = () => undefined}: DigestOptions): LibraryDigest[] => {
	const changes = netChanges(events.filter(({kind}) => told.has(kind)), item).filter(change => kindOf(change) !== undefined);
	const byLibrary = Map.groupBy(changes, ({event}) => event.libraryId);
	return Array.from(byLibrary, ([id, ofLibrary]) => ({id, title: clean(libraryTitle(id) ?? id).trim(), groups: groupsOf(ofLibrary)}))
		.toSorted((left, right) => left.title.localeCompare(right.title, 'en'));
};

const groupsOf = (changes: readonly NetChange[]): DigestGroup[] => digestKinds.flatMap(kind => {
	const titles = changes.filter(change => kindOf(change) === kind).map(change => titleOf(change));
	return groupTitles(kind, titles).map(group => ({...group, kind}));
});

const kindOf = ({kind, before, after, isReturn}: NetChange): DigestKind | undefined => {
	if (isReturn) {
		return betterOrWorse(before, after);
	}

	// A replacement by a better file is an event `upgraded`.
	return lossyKinds.has(kind) && betterOrWorse(before, after) === 'downgraded' ? 'downgraded' : plainKinds.get(kind);
};

const lossyKinds: ReadonlySet<NetChange['kind']> = new Set(['replaced', 'version-removed']);

const plainKinds: ReadonlyMap<NetChange['kind'], DigestKind> = new Map([
	['added', 'new'], ['removed', 'removed'], ['restored', 'restored'], ['upgraded', 'upgraded'],
]);

const resolutionOf = ({versions}: Fields) => bestVersion((versions ?? []) as Version[])?.resolution;

const betterOrWorse = (before: Fields, after: Fields): 'upgraded' | 'downgraded' | undefined => {
	const [then, now] = [resolutionRank(resolutionOf(before)) ?? 0, resolutionRank(resolutionOf(after)) ?? 0];
	if (then === 0 || now === 0 || then === now) {
		return undefined;
	}

	return now > then ? 'upgraded' : 'downgraded';
};

const titleOf = ({event: {type, title}, before, after}: NetChange) => {
	const [then, now] = [resolutionOf(before), resolutionOf(after)];
	const isTold = then !== undefined && now !== undefined && then !== now;
	return {type, title: clean(title), ...(isTold && {quality: `${resolutionName(then)} → ${resolutionName(now)}`})};
};

const sumOf = (groups: readonly DigestGroup[]) => groups.reduce((sum, {items}) => sum + items, 0);

const countsOf = (groups: readonly DigestGroup[]): string => digestKinds
	.map(kind => ({kind, items: sumOf(groups.filter(group => group.kind === kind))}))
	.filter(({items}) => items > 0)
	.map(({kind, items}) => `${formatCount(items)} ${kind}`)
	.join(', ');

/**
Returns counts such as `14 new, 1 upgraded, 2 removed`.
*/
export const digestTotals = (libraries: readonly LibraryDigest[]): string => countsOf(libraries.flatMap(({groups}) => groups));

const words: Readonly<Record<DigestKind, string>> = {
	new: 'New', upgraded: 'Upgraded', removed: 'Removed', restored: 'Back', downgraded: 'Downgraded',
};

/**
Returns a line for each library and below it as many groups as fit. The kinds of all libraries take turns, so that five hundred new items do not hide one that is gone.
*/
export const digestLines = (libraries: readonly LibraryDigest[], maxLines = 20): string[] => {
	const shown = libraries.slice(0, Math.max(1, maxLines - 1));
	const all = libraries.flatMap(({groups}) => groups);
	const room = maxLines - shown.length;
	const chosen = new Set(inTurns(shown).slice(0, all.length > room ? Math.max(0, room - 1) : room));
	const rest = sumOf(all.filter(group => !chosen.has(group)));
	return [
		...shown.flatMap(({title, groups}) => [
			`${title}: ${countsOf(groups)}`,
			...groups.filter(group => chosen.has(group)).map(({kind, text}) => `${words[kind]}: ${text}`),
		]),
		...rest === 0 ? [] : [`and ${formatCount(rest)} more`],
	];
};

const inTurns = (libraries: readonly LibraryDigest[]): DigestGroup[] => {
	const queues = libraries.flatMap(({groups}) => digestKinds.map(kind => groups.filter(group => group.kind === kind)));
	const longest = Math.max(0, ...queues.map(({length}) => length));
	const turns = Array.from({length: longest}, (_, turn) => queues.map(queue => queue[turn]));
	return turns.flat().filter(group => group !== undefined);
};

type DigestTitle = {
	type: ItemType;
	/**
	The title in the history, which has the show and the number of an episode.
	*/
	title: string;
	/**
	The change of the resolution, such as `1080p → 4K`.
	*/
	quality?: string;
};

type TitleGroup = {
	text: string;
	/**
	The number of movies or episodes. A show without episodes counts as one, and its seasons count if only they changed.
	*/
	items: number;
};

type Show = {
	title: string;
	isWhole: boolean;
	seasons: string[];
	/**
	Episode numbers by season.
	*/
	numbers: Map<number, number[]>;
	/**
	Dates or titles of episodes without a number.
	*/
	others: string[];
	qualities: Set<string | undefined>;
	episodes: number;
};

/**
Puts the episodes of one show into one line, by their titles in the history.

@example
```
groupTitles('new', [{type: 'episode', title: 'Severance – S02E01 Hello'}, {type: 'episode', title: 'Severance – S02E02 Goodbye'}]);
//=> [{text: 'Severance S02E01–E02', items: 2}]
```
*/
export const groupTitles = (kind: string, titles: readonly DigestTitle[]): TitleGroup[] => {
	const shows = new Map<string, Show>();
	const groups: TitleGroup[] = [];
	for (const entry of titles) {
		if (entry.type === 'movie') {
			groups.push({text: withQuality(entry.title, entry.quality), items: 1});
		} else {
			addToShow(shows, entry);
		}
	}

	return [...groups, ...Array.from(shows.values(), show => showGroup(kind, show))]
		.toSorted((left, right) => left.text.localeCompare(right.text, 'en', {numeric: true}));
};

const numbered = /^(?<show>.*?) – S(?<season>\d+)E(?<episode>\d+)(?: |$)/v;
const dated = /^(?<show>.*?) – (?<date>\d{4}-\d{2}-\d{2})(?: |$)/v;
const below = /^(?<show>.*) – (?<own>.*)$/v;

const addToShow = (shows: Map<string, Show>, {type, title, quality}: DigestTitle) => {
	const place = type === 'episode' ? (numbered.exec(title) ?? dated.exec(title) ?? below.exec(title))?.groups : undefined;
	const {show: showTitle = title, season, episode, date, own} = place ?? (type === 'season' ? below.exec(title)?.groups : undefined) ?? {};
	const show = shows.get(showTitle) ?? {
		title: showTitle, isWhole: false, seasons: [], numbers: new Map<number, number[]>(), others: [], qualities: new Set<string | undefined>(), episodes: 0,
	};
	shows.set(showTitle, show);
	if (type === 'show') {
		show.isWhole = true;
	} else if (type === 'season') {
		show.seasons.push(own ?? title);
	} else {
		show.episodes++;
		show.qualities.add(quality);
		if (season === undefined) {
			show.others.push(date ?? own ?? title);
		} else {
			show.numbers.set(Number(season), [...show.numbers.get(Number(season)) ?? [], Number(episode)]);
		}
	}
};

const mostParts = 4;

const showGroup = (kind: string, {title, isWhole, seasons, numbers, others, qualities, episodes}: Show): TitleGroup => {
	const [quality] = qualities.size === 1 ? qualities : [];
	if (episodes === 0) {
		return isWhole ? {text: title, items: 1} : {text: `${title} ${seasons.toSorted().join(', ')}`, items: seasons.length};
	}

	if (isWhole) {
		const what = kind === 'new' ? 'new show' : 'the whole show';
		return {text: withQuality(`${title}, ${what}, ${plural(episodes, 'episode')}`, quality), items: episodes};
	}

	const parts = [
		...[...numbers].toSorted(([left], [right]) => left - right).flatMap(([season, ofSeason]) => ranges(season, ofSeason)),
		...others.toSorted(),
	];
	const text = parts.length > mostParts
		? `${title}, ${plural(episodes, 'episode')}${numbers.size > 1 ? ` of ${plural(numbers.size, 'season')}` : ''}`
		: `${title} ${parts.join(', ')}`;
	return {text: withQuality(text, quality), items: episodes};
};

/**
@example
```
ranges(2, [1, 2, 4]); //=> ['S02E01–E02', 'S02E04']
```
*/
const ranges = (season: number, episodes: readonly number[]): string[] => {
	const sorted = [...new Set(episodes)].toSorted((left, right) => left - right);
	const place = `S${String(season).padStart(2, '0')}`;
	return formatNumbers(sorted).split(', ').map(run => `${place}${run.replaceAll(/\d+/gv, number => `E${number.padStart(2, '0')}`)}`);
};

const withQuality = (text: string, quality: string | undefined) => quality === undefined ? text : `${text} (${quality})`;
