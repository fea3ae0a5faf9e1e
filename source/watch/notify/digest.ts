import type {HistoryEvent} from '../../catalog/history.js';
import {bestVersion, resolutionRank, resolutionName} from '../../catalog/quality.js';
import type {Item, Version} from '../../catalog/types.js';
import {netChanges, type Fields, type NetChange} from '../../history/net-changes.js';
import {formatCount} from '../../base/text/format.js';
import {groupTitles, type TitleGroup} from './digest-groups.js';

/**
In the order in which they are told.
*/
const digestKinds = ['new', 'upgraded', 'removed', 'restored', 'downgraded'] as const;
type DigestKind = typeof digestKinds[number];

export type LibraryDigest = {
	id: string;
	title: string;
	groups: DigestGroup[];
};

/**
One line: a movie, or what there is of a show.
*/
type DigestGroup = TitleGroup & {kind: DigestKind};

type DigestOptions = {
	libraryTitle: (id: string) => string | undefined;
	/**
	As it is at the end: whether what went and came back is better than before can be told only of these.
	*/
	item?: (id: string) => Item | undefined;
};

const told: ReadonlySet<HistoryEvent['kind']> = new Set(['added', 'restored', 'removed', 'upgraded', 'replaced', 'baseline']);

/**
What is new, better or gone, by library; several changes of one item are one, and what ended as it began is left out. `events` are oldest first.
*/
export const digestChanges = (events: readonly HistoryEvent[], {libraryTitle, item = () => undefined}: DigestOptions): LibraryDigest[] => {
	const byLibrary = new Map<string, Map<DigestKind, NetChange[]>>();
	for (const change of netChanges(events.filter(({kind}) => told.has(kind)), item)) {
		const kind = kindOf(change);
		if (kind === undefined) {
			continue;
		}

		const {libraryId} = change.event;
		const kinds = byLibrary.get(libraryId) ?? new Map<DigestKind, NetChange[]>();
		byLibrary.set(libraryId, kinds);
		kinds.set(kind, [...kinds.get(kind) ?? [], change]);
	}

	return Array.from(byLibrary, ([id, kinds]) => ({id, title: libraryTitle(id)?.trim() ?? id, groups: groupsOf(kinds)}))
		.toSorted((left, right) => left.title.localeCompare(right.title, 'en'));
};

const groupsOf = (kinds: ReadonlyMap<DigestKind, readonly NetChange[]>): DigestGroup[] => digestKinds.flatMap(kind => {
	const titles = (kinds.get(kind) ?? []).map(change => titleOf(change));
	return groupTitles(kind, titles).map(group => ({...group, kind}));
});

const kindOf = ({kind, before, after, isReturn}: NetChange): DigestKind | undefined => {
	if (isReturn) {
		return betterOrWorse(before, after);
	}

	// What is better after a file was replaced has a kind of its own.
	return kind === 'replaced' && betterOrWorse(before, after) === 'downgraded' ? 'downgraded' : plainKinds.get(kind);
};

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
	return {type, title, ...(isTold && {quality: `${resolutionName(then)} → ${resolutionName(now)}`})};
};

const sumOf = (groups: readonly DigestGroup[]) => groups.reduce((sum, {items}) => sum + items, 0);

const countsOf = (groups: readonly DigestGroup[]): string => digestKinds
	.map(kind => ({kind, items: sumOf(groups.filter(group => group.kind === kind))}))
	.filter(({items}) => items > 0)
	.map(({kind, items}) => `${formatCount(items)} ${kind}`)
	.join(', ');

/**
@example
```
digestTotals(libraries); //=> '14 new, 1 upgraded, 2 removed'
```
*/
export const digestTotals = (libraries: readonly LibraryDigest[]): string => countsOf(libraries.flatMap(({groups}) => groups));

const words: Readonly<Record<DigestKind, string>> = {
	new: 'New', upgraded: 'Upgraded', removed: 'Removed', restored: 'Back', downgraded: 'Downgraded',
};

/**
A line for each library, and below it what there is room for: a line in turn from each kind of each library, so that five hundred new ones do not hide one that is gone.
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
	const byKind = (groups: readonly DigestGroup[]) => digestKinds.map(kind => groups.filter(group => group.kind === kind));
	const queues = libraries.flatMap(({groups}) => byKind(groups));
	const longest = Math.max(0, ...queues.map(({length}) => length));
	const turns = Array.from({length: longest}, (_, turn) => queues.map(queue => queue[turn]));
	return turns.flat().filter(group => group !== undefined);
};
