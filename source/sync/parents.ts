import {emptyFields} from '../catalog/item.js';
import type {Item} from '../catalog/types.js';
import type {NormalizeContext, NormalizedItem, ParentHint} from '../plex/types.js';
import {storedItems} from '../catalog/catalog-store.js';
import type {LibraryWork} from './library-work.js';
import {fetchDetails} from './listing.js';

/**
Makes sure that every season has its show, and every episode its season and show. A parent that is not listed is asked for; if the server does not have it either, a placeholder takes its place.
*/
export const createParents = ({plex, store, normalize, library, signal}: LibraryWork) => {
	const context = {serverId: library.serverId, libraryId: library.id};
	const present = new Set<string>();
	const missing = new Map<string, Promise<NormalizedItem[]>>();
	const seasonName = ({showId, seasonNumber}: Item) => `${showId}:${seasonNumber}`;
	const expectedSeasons = new Map<string, string>();
	let storedSeasons: Promise<Map<string, string>> | undefined;

	const readSeasons = async () => {
		const seasons = new Map<string, string>();
		for await (const batch of storedItems(store, {libraryId: context.libraryId, type: 'season'})) {
			for (const season of batch) {
				if (season.ratingKey !== undefined) {
					seasons.set(seasonName(season), season.id);
				}
			}
		}

		return seasons;
	};

	/**
	Servers can be told to hide the seasons of a show; an episode then has a season number but no season key (python-plexapi#655, PKC#586).
	*/
	const adoptHiddenSeason = async ({item, parents}: NormalizedItem) => {
		const hint = parents.season;
		if (hint === undefined || hint.ratingKey !== undefined) {
			return;
		}

		storedSeasons ??= readSeasons();
		const stored = await storedSeasons;
		const listed = expectedSeasons.get(seasonName(item)) ?? stored.get(seasonName(item));
		if (listed === undefined) {
			return;
		}

		item.seasonId = listed;
		hint.id = listed;
	};

	const fetchParent = async (hint: ParentHint, type: 'show' | 'season', child: Item): Promise<NormalizedItem[]> => {
		if (hint.ratingKey !== undefined) {
			const rows = await fetchDetails(plex, [hint.ratingKey], {signal, onLostItem() {/* a placeholder takes its place */}});
			for (const row of rows) {
				const normalized = normalize(row, context);
				if (normalized.ok && normalized.value.item.id === hint.id && normalized.value.item.type === type) {
					return [normalized.value];
				}
			}
		}

		return [placeholder(hint, type, child, context)];
	};

	return {
		expect(items: readonly Item[]): void {
			for (const item of items) {
				if (item.type === 'show' || item.type === 'season') {
					present.add(item.id);
				}

				if (item.type === 'season') {
					expectedSeasons.set(seasonName(item), item.id);
				}
			}
		},
		/**
		Changes `items` in place when the season of an episode is known under another id.
		@returns the parents to store with them
		*/
		async complete(items: readonly NormalizedItem[]): Promise<NormalizedItem[]> {
			for (const entry of items) {
				await adoptHiddenSeason(entry);
			}

			const hints = items.flatMap(({item, parents: {show, season}}) => [
				...(show === undefined ? [] : [{hint: show, type: 'show' as const, child: item}]),
				...(season === undefined ? [] : [{hint: season, type: 'season' as const, child: item}]),
			]);
			const unsure = new Set(hints.map(({hint}) => hint.id).filter(id => !present.has(id) && !missing.has(id)));
			for (const {id} of await store.getMany([...unsure])) {
				present.add(id);
			}

			const waiting = new Set<Promise<NormalizedItem[]>>();
			for (const {hint, type, child} of hints) {
				if (present.has(hint.id)) {
					continue;
				}

				const fetched = missing.get(hint.id) ?? fetchParent(hint, type, child);
				missing.set(hint.id, fetched);
				waiting.add(fetched);
			}

			const found = await Promise.all(waiting);
			return found.flat();
		},
	};
};

export type Parents = ReturnType<typeof createParents>;

const placeholder = (hint: ParentHint, type: 'show' | 'season', child: Item, context: NormalizeContext): NormalizedItem => {
	const seasonNumber = hint.number ?? child.seasonNumber;
	const seasonTitle = seasonNumber === 0 ? 'Specials' : `Season ${seasonNumber ?? 'unknown'}`;
	return {
		item: {
			id: hint.id,
			kind: 'item',
			type,
			serverId: context.serverId,
			libraryId: context.libraryId,
			...(hint.ratingKey !== undefined && {ratingKey: hint.ratingKey}),
			placeholder: true,
			...(type === 'season' && {showId: child.showId, ...(seasonNumber !== undefined && {seasonNumber})}),
			title: hint.title ?? (type === 'season' ? seasonTitle : 'Unknown show'),
			...emptyFields(),
		},
		people: [],
		tags: [],
		files: [],
		parents: {show: undefined, season: undefined},
	};
};
