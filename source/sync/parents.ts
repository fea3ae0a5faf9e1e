import {once} from '../base/once.js';
import {hiddenSeasonId, standInShowId} from '../catalog/identity.js';
import {emptyFields} from '../catalog/item.js';
import {wrongParents, type ParentFacts, type WrongParent} from '../catalog/parentage.js';
import type {CatalogRecord, Item} from '../catalog/types.js';
import type {NormalizeContext, NormalizedItem, ParentHint} from '../plex/types.js';
import {storedItems} from '../catalog/catalog-store.js';
import type {Problem} from './events.js';
import type {LibraryIds} from './library-ids.js';
import type {LibraryWork} from './library-work.js';
import {createAsker} from './parents-asked.js';

/**
Makes sure that every season has its show, and every episode its season and show. A parent that is not listed is asked for; if the server does not have it either, a placeholder takes its place.
*/
export const createParents = (work: LibraryWork, ids: LibraryIds) => {
	const {store, library, tally} = work;
	const context = {serverId: library.serverId, libraryId: library.id};
	// What is stored, staged, or about to be stored as a parent.
	const known = new Map<string, ParentFacts>();
	// Any batch may be stored before the one that needed them first.
	const needed = new Map<string, NormalizedItem>();
	const {expectSeason, adoptHiddenSeason} = createHiddenSeasons(store, library.id);
	const {askOnce, seasonBelow} = createAsker(work, ids);

	const learn = async (parentIds: readonly string[]) => {
		const unknown = [...new Set(parentIds)].filter(id => !known.has(id));
		for (const record of await store.getMany(unknown)) {
			known.set(record.id, factsOf(record));
		}
	};

	// What is stored in another library may be on its way here; the server knows.
	const ask = async (hint: ParentHint) => known.get(hint.id)?.libraryId === library.id ? undefined : askOnce(hint);

	// A show that the server does not have names no season.
	const unlistedSeason = async (entry: NormalizedItem, hint: ParentHint) =>
		needed.get(entry.item.showId ?? '')?.item.placeholder === true ? undefined : putBelow(await seasonBelow(entry), entry, hint);

	/**
	@returns the parent if it has to be stored as well; `wrong` if it cannot be the parent
	*/
	const find = async (entry: NormalizedItem, role: WrongParent['role']): Promise<NormalizedItem[] | 'wrong'> => {
		const {item, parents} = entry;
		const hint = parents[role];
		if (hint === undefined) {
			return isWrong(entry, role, () => undefined) ? 'wrong' : [];
		}

		const isKnownWrong = () => isWrong(entry, role, id => known.get(id));
		const keep = (parent: NormalizedItem) => {
			known.set(hint.id, parent.item);
			needed.set(hint.id, parent);
		};

		if (isKnownWrong()) {
			const answer = await ask(hint);
			if (answer !== undefined) {
				if (answer.isElsewhere || isWrong(entry, role, () => answer.parent.item)) {
					return 'wrong';
				}

				keep(answer.parent);
			} else if (hint.id !== item.id && !known.has(hint.id)) {
				const season = role === 'season' ? await unlistedSeason(entry, hint) : undefined;
				keep(season ?? placeholder(hint, role, item, context));
			} else if (isKnownWrong()) {
				return 'wrong';
			}
		}

		const parent = needed.get(hint.id);
		return parent === undefined ? [] : [parent];
	};

	/**
	Puts a show or a season of our own in the place of one that cannot be the parent. It gets the same id each time.
	*/
	const standIn = async (entry: NormalizedItem, role: WrongParent['role']): Promise<NormalizedItem[]> => {
		const {item, parents} = entry;
		const {ratingKey: named, title} = parents[role] ?? {};
		const id = role === 'show' ? standInShowId(library.id, named ?? '') : hiddenSeasonId(item.showId!, item.seasonNumber);
		const hint = {
			id, ratingKey: undefined, title, number: role === 'season' ? item.seasonNumber : undefined,
		};
		parents[role] = hint;
		if (role === 'show') {
			item.showId = id;
		} else {
			item.seasonId = id;
			await adoptHiddenSeason(entry);
		}

		await learn([hint.id]);
		const found = await find(entry, role);
		return found === 'wrong' ? [] : found;
	};

	const settle = async (entry: NormalizedItem): Promise<NormalizedItem[]> => {
		const missing: NormalizedItem[] = [];
		const wrong: WrongParent[] = [];
		for (const role of ['show', 'season'] as const) {
			const {item, parents} = entry;
			const found = await find(entry, role);
			if (found !== 'wrong') {
				missing.push(...found);
				continue;
			}

			wrong.push({role, id: parents[role]?.ratingKey});
			missing.push(...await standIn(entry, role));
			if (!(role === 'show' && parents.season !== undefined && parents.season.ratingKey === undefined)) {
				continue;
			}

			parents.season.id = hiddenSeasonId(item.showId!, item.seasonNumber);
			item.seasonId = parents.season.id;
		}

		if (wrong.length > 0) {
			tally.fail(wrongParentProblem(entry.item, wrong[0]!), 0);
		}

		return missing;
	};

	return {
		expect(items: readonly Item[]): void {
			for (const item of items) {
				known.set(item.id, factsOf(item));
				expectSeason(item);
			}
		},
		/**
		Changes `items` in place when the season of an episode is known under another id, and when what the server names cannot be a parent: that becomes a problem, and a placeholder takes its place.
		@returns the parents to store with them
		*/
		async complete(items: readonly NormalizedItem[]): Promise<NormalizedItem[]> {
			const below = items.filter(({item: {type}}) => type === 'season' || type === 'episode');
			for (const entry of below) {
				await adoptHiddenSeason(entry);
			}

			const hints = below.flatMap(({parents: {show, season}}) => [show, season]).filter(hint => hint !== undefined);
			await learn(hints.map(({id}) => id));
			await Promise.all(hints.filter(({id}) => !known.has(id)).map(async hint => ask(hint)));
			const missing = new Set<NormalizedItem>();
			for (const entry of below) {
				for (const parent of await settle(entry)) {
					missing.add(parent);
				}
			}

			return [...missing];
		},
	};
};

const isWrong = ({item}: NormalizedItem, role: WrongParent['role'], parentOf: (id: string) => ParentFacts | undefined) =>
	wrongParents(item, parentOf, {isExact: true}).some(wrong => wrong.role === role);

/**
Puts an episode below a season that only its show names.

@returns the season, if it can be the parent
*/
const putBelow = (season: NormalizedItem | undefined, entry: NormalizedItem, hint: ParentHint): NormalizedItem | undefined => {
	const {item} = entry;
	if (season === undefined || isWrong({...entry, item: {...item, seasonId: season.item.id}}, 'season', () => season.item)) {
		return undefined;
	}

	hint.id = season.item.id;
	item.seasonId = hint.id;
	return season;
};

/**
Servers can be told to hide the seasons of a show; an episode then has a season number but no season key (python-plexapi#655, PKC#586).
*/
const createHiddenSeasons = (store: LibraryWork['store'], libraryId: string) => {
	const seasonName = ({showId, seasonNumber}: Item) => `${showId}:${seasonNumber}`;
	const expected = new Map<string, string>();
	const readStored = once(async () => {
		const seasons = new Map<string, string>();
		for await (const batch of storedItems(store, {libraryId, type: 'season'})) {
			for (const season of batch) {
				if (season.ratingKey !== undefined && season.placeholder !== true) {
					seasons.set(seasonName(season), season.id);
				}
			}
		}

		return seasons;
	});

	return {
		expectSeason(item: Item): void {
			if (item.type === 'season') {
				expected.set(seasonName(item), item.id);
			}
		},
		async adoptHiddenSeason({item, parents: {season}}: NormalizedItem): Promise<void> {
			if (season === undefined || season.ratingKey !== undefined) {
				return;
			}

			const stored = await readStored();
			const listed = expected.get(seasonName(item)) ?? stored.get(seasonName(item));
			if (listed === undefined) {
				return;
			}

			item.seasonId = listed;
			season.id = listed;
		},
	};
};

const factsOf = (record: CatalogRecord): ParentFacts => record.kind === 'item' ? {type: record.type, libraryId: record.libraryId, showId: record.showId} : {type: undefined};

const wrongParentProblem = ({ratingKey, title, type}: Item, {role, id}: WrongParent): Omit<Problem, 'library'> => ({
	ratingKey,
	title,
	stage: 'normalize',
	code: 'malformed',
	message: id === undefined
		? `The server does not say to which ${role} this ${type} belongs. It is kept, below a placeholder.`
		: `The server says that this ${type} belongs to the ${role} with the ratingKey ${id}, which is not a ${role} that it can belong to. It is kept, below a placeholder.`,
	hint: 'Let Plex refresh the metadata of this item, or of its show, and import the library again.',
});

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
		cut: [],
		junk: [],
		parents: {show: undefined, season: undefined},
	};
};
