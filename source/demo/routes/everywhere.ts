import {readSelection} from '../library/collections.js';
import type {DemoLibrary} from '../library/library.js';
import type {PlexRow} from '../library/row.js';

const typeNumbers = new Map([['movie', 1], ['show', 2], ['season', 3], ['episode', 4]]);

/**
Keys of a type that satisfy a query, of all libraries.
*/
export const keysOfAll = (library: DemoLibrary, type: string, query: string): number[] =>
	library.sections().flatMap(({key}) => library.select(key, typeNumbers.get(type)!, readSelection(query)));

export const listedRows = (library: DemoLibrary, keys: readonly number[]): PlexRow[] => keys.map(key => library.listed(key)).filter(row => row !== undefined);

/**
Films and episodes, the newest first, as Plex shows them on its home page.
*/
export const recentlyAddedRows = (library: DemoLibrary, types: readonly string[] = ['movie', 'episode']): PlexRow[] =>
	listedRows(library, types.flatMap(type => keysOfAll(library, type, 'sort=addedAt:desc'))).toSorted((a, b) => (b.addedAt ?? 0) - (a.addedAt ?? 0));

/**
What somebody would play next: what was begun, and the episode after the one that was watched last.
*/
export const onDeckRows = (library: DemoLibrary): PlexRow[] => {
	const begun = listedRows(library, ['movie', 'episode'].flatMap(type => keysOfAll(library, type, 'inProgress=1')));
	const taken = new Set(begun.map(row => row.grandparentRatingKey).filter(key => key !== undefined));
	const latest = new Map<string, PlexRow>();
	for (const row of listedRows(library, keysOfAll(library, 'episode', 'viewCount>>=0&lastViewedAt>>=0'))) {
		const show = row.grandparentRatingKey!;
		if (!taken.has(show) && (latest.get(show)?.lastViewedAt ?? 0) < row.lastViewedAt!) {
			latest.set(show, row);
		}
	}

	const next = [...latest].map(([show, {ratingKey, lastViewedAt}]) => {
		const {episodes} = library.children(show);
		const key = episodes[episodes.indexOf(ratingKey) + 1];
		const row = key === undefined ? undefined : library.listed(Number(key));
		return row !== undefined && row.viewCount === undefined ? {row, at: lastViewedAt!} : undefined;
	}).filter(found => found !== undefined);
	return [...begun.map(row => ({row, at: row.lastViewedAt ?? 0})), ...next].toSorted((a, b) => b.at - a.at).map(({row}) => row);
};
