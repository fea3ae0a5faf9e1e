import type {ListEdits} from '../knobs/list-knobs.js';
import {createCollections, type DemoCollections, type MemberFacts} from './collections.js';
import type {Relatives} from './filter.js';
import {createPlaylists, type DemoPlaylists} from './playlists.js';
import type {PlexRow} from './row.js';
import type {DemoSection} from './section.js';
import {createSelections, type Selection} from './selection.js';
import type {Shelf} from './shelf.js';
import {tagsOf} from './tags.js';

/**
Rows in other orders than that of their ids: filtered, in collections, in playlists.
*/
export type DemoLists = {
	/**
	Keys of a type in a section that satisfy a filter, in the order asked for.
	*/
	select: (sectionKey: string, type: number, selection: Selection) => readonly number[];
	/**
	A row as lists have it, without streams.
	*/
	listed: (key: number) => PlexRow | undefined;
	collections: DemoCollections;
	playlists: DemoPlaylists;
};

type ListSources = {
	sections: () => DemoSection[];
	shelves: readonly Shelf[];
	listed: (key: number) => PlexRow | undefined;
	/**
	Keys of rows that are not as they were built, whether they are there or not.
	*/
	touchedKeys: (sectionKey: string, type: number) => readonly number[];
	isTouched: (key: number) => boolean;
	isListed: (key: number) => boolean;
	children: (ratingKey: string) => {seasons: string[]; episodes: string[]};
	edits: ListEdits;
};

export const createLists = ({sections, shelves, listed, touchedKeys, isTouched, isListed, children, edits}: ListSources): DemoLists & {forget: () => void} => {
	function * untouched(sectionKey: string, type: number): Generator<readonly [key: number, row: PlexRow]> {
		for (const shelf of shelves) {
			if (shelf.sectionKey !== sectionKey || shelf.type !== type) {
				continue;
			}

			for (let index = 0; index < shelf.count; index++) {
				if (shelf.isUnlisted?.(index) !== true) {
					yield [shelf.firstKey + index, shelf.build(index)];
				}
			}
		}
	}

	const touched = (sectionKey: string, type: number) => touchedKeys(sectionKey, type)
		.filter(key => isListed(key))
		.map(key => [key, listed(key)] as const)
		.filter((entry): entry is readonly [number, PlexRow] => entry[1] !== undefined);

	const rowsOf = (keys: ReadonlyArray<string | undefined>) => keys.filter(key => key !== undefined).map(key => listed(Number(key))).filter(row => row !== undefined);

	const relatives: Relatives = (row, type) => {
		const isEpisode = row.type === 'episode';
		switch (type) {
			case 'show': {
				return rowsOf([isEpisode ? row.grandparentRatingKey : row.parentRatingKey]);
			}

			case 'season': {
				return rowsOf(isEpisode ? [row.parentRatingKey] : children(row.ratingKey).seasons);
			}

			case 'episode': {
				return rowsOf(children(row.ratingKey).episodes);
			}

			default: {
				return [];
			}
		}
	};

	const selections = createSelections({
		untouched,
		touched,
		isListed,
		isTouched,
		relatives,
	});

	const firstTags = new Map<string, Map<string, number[]>>();

	/**
	The members by title, as the rows were built.
	*/
	const firstTagged = (sectionKey: string, type: number): ReadonlyMap<string, number[]> => {
		const name = `${sectionKey}/${type}`;
		const known = firstTags.get(name) ?? groupByTag(untouched(sectionKey, type));
		firstTags.set(name, known);
		return known;
	};

	// A row is built at each call, and every answer about a collection asks for the members of all. Both are kept until something changes.
	const facts = new Map<number, MemberFacts | undefined>();
	const collected = new Map<string, ReturnType<typeof collectedNow>>();

	const factsOf = (key: number): MemberFacts | undefined => {
		if (!facts.has(key)) {
			const row = listed(key);
			facts.set(key, row && {year: row.year, originallyAvailableAt: row.originallyAvailableAt, duration: row.duration});
		}

		return facts.get(key);
	};

	const tagged = (sectionKey: string, type: number) => {
		const name = `${sectionKey}/${type}`;
		const known = collected.get(name) ?? collectedNow(sectionKey, type);
		collected.set(name, known);
		return known;
	};

	const collectedNow = (sectionKey: string, type: number) => {
		const first = firstTagged(sectionKey, type);
		const moved = groupByTag(touched(sectionKey, type));
		const titles = new Set([...first.keys(), ...moved.keys()]);
		return new Map(titles.values().map(title => {
			const before = first.get(title) ?? [];
			const kept = before.filter(key => isListed(key) && !isTouched(key));
			const keys = [...kept, ...moved.get(title) ?? []].toSorted((a, b) => a - b);
			const moves = keys.filter(key => !before.includes(key)).length + before.filter(key => !keys.includes(key)).length;
			return [title, {id: tagsOf('collection', [title])[0]!.id!, keys, moves}] as const;
		}));
	};

	return {
		select: selections.keys,
		listed,
		collections: createCollections({
			sections, tagged, select: selections.keys, factsOf, edits: edits.collections, added: edits.smart, removed: edits.removed, orders: edits.orders,
		}),
		playlists: createPlaylists({
			select: selections.keys, factsOf, edits: edits.playlists, added: edits.named, removed: edits.removed,
		}),
		forget() {
			selections.forget();
			facts.clear();
			collected.clear();
		},
	};
};

const groupByTag = (rows: Iterable<readonly [key: number, row: PlexRow]>): Map<string, number[]> => {
	const groups = new Map<string, number[]>();
	for (const [key, {Collection: collections = []}] of rows) {
		for (const {tag} of collections) {
			const keys = groups.get(tag) ?? [];
			keys.push(key);
			groups.set(tag, keys);
		}
	}

	return groups;
};

/**
The row with the collections that a test put it into or took it out of.
*/
export const recollect = (row: PlexRow, tags: ReadonlyMap<string, boolean> | undefined): void => {
	if (tags === undefined) {
		return;
	}

	const kept = (row.Collection ?? []).filter(({tag}) => !tags.has(tag));
	row.Collection = [...kept, ...tagsOf('collection', [...tags].filter(([, isIn]) => isIn).map(([title]) => title))];
	if (row.Collection.length === 0) {
		delete row.Collection;
	}
};
