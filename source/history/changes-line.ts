import type {ChangeKind} from '../catalog/history.js';
import {formatCount} from '../base/text/format.js';

/**
The order in which kinds of change are shown everywhere.
*/
export const kindOrder = [
	'added',
	'restored',
	'split',
	'upgraded',
	'replaced',
	'version-added',
	'version-removed',
	'moved',
	'rematched',
	'edited',
	'readded',
	'merged',
	'removed',
	'watched',
	'viewer',
	'refreshed',
	'collection-added',
	'collection-changed',
	'collection-removed',
	'playlist-added',
	'playlist-changed',
	'playlist-removed',
] as const satisfies readonly ChangeKind[];

const words: Readonly<Partial<Record<ChangeKind, string>>> = {
	'version-added': 'version added',
	'version-removed': 'version removed',
	rematched: 're-matched',
	readded: 're-added',
	viewer: 'marked by another viewer',
	'collection-added': 'collection added',
	'collection-removed': 'collection removed',
	'collection-changed': 'collection changed',
	'playlist-added': 'playlist added',
	'playlist-removed': 'playlist removed',
	'playlist-changed': 'playlist changed',
};

/**
The word for a kind of change in tables.
*/
export const kindWord = (kind: ChangeKind): string => words[kind] ?? kind;

/**
The word for it beside a sign, which tells whether something came, went or changed: "version" and "collection" where `kindWord` says "version added" and "collection changed". It has at most ten letters.
*/
export const signedKindWord = (kind: ChangeKind): string => kindWord(kind).replace(/^(?<what>version|collection|playlist) .*$/v, '$<what>');

/**
Numbers of changes by kind in one line, always in the same order. Kinds without a change are left out.

@example
```
changesLine({watched: 40, added: 12, upgraded: 3}); //=> '12 added, 3 upgraded, 40 watched'
changesLine({removed: 1, 'collection-changed': 2}); //=> '1 removed, 2 collections changed'
changesLine({}); //=> 'no changes'
```
*/
export const changesLine = (counts: Readonly<Partial<Record<string, number>>>): string => {
	const parts = kindOrder.filter(kind => (counts[kind] ?? 0) > 0).map(kind => countedKind(kind, counts[kind]!));
	return parts.length === 0 ? 'no changes' : parts.join(', ');
};

const countedKind = (kind: ChangeKind, count: number) =>
	`${formatCount(count)} ${count === 1 ? kindWord(kind) : kindWord(kind).replace(/^(?:collection|playlist)/v, '$&s')}`;
