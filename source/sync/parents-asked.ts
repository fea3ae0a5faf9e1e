import {isAppError} from '../base/errors.js';
import type {NormalizedItem, ParentHint} from '../plex/types.js';
import type {LibraryIds} from './library-ids.js';
import type {LibraryWork} from './library-work.js';
import {fetchDetails, isDivisible, sectionKeyOf} from './listing.js';

type Answer = {parent: NormalizedItem; isElsewhere: boolean};

/**
With more shows than this whose seasons no listing brought, the server is ill.
*/
const mostShowsAsked = 200;

/**
Asks the server for parents that no listing has brought yet, for each once.
*/
export const createAsker = ({plex, normalize, library, signal, now, tally}: LibraryWork, ids: LibraryIds) => {
	const asked = new Map<string, Promise<Answer | undefined>>();
	const seasonsOf = new Map<string, Promise<NormalizedItem[]>>();
	const context = {serverId: library.serverId, libraryId: library.id, now};

	const ask = async (ratingKey: string): Promise<Answer | undefined> => {
		const [row] = await fetchDetails(plex, [ratingKey], {signal, onLostItem() {/* a placeholder takes its place */}});
		const normalized = normalize(row, context);
		if (!normalized.ok) {
			return undefined;
		}

		await ids.settle(normalized.value);
		tally.doubt(normalized.value);
		return {parent: normalized.value, isElsewhere: ![undefined, library.key].includes(sectionKeyOf(row))};
	};

	const askOnce = async ({id, ratingKey}: Pick<ParentHint, 'id' | 'ratingKey'>): Promise<Answer | undefined> => {
		if (ratingKey === undefined) {
			return undefined;
		}

		const answer = asked.get(ratingKey) ?? ask(ratingKey);
		asked.set(ratingKey, answer);
		const answered = await answer;
		return answered?.parent.item.id === id ? answered : undefined;
	};

	const askSeasons = async (showKey: string): Promise<NormalizedItem[]> => {
		try {
			const rows = await plex.children(showKey, {signal});
			const seasons = rows.map(row => normalize(row, context)).filter(normalized => normalized.ok).map(({value}) => value).filter(({item: {type}}) => type === 'season');
			for (const season of seasons) {
				await ids.settle(season);
			}

			return seasons;
		} catch (error) {
			if (isDivisible(error) || isAppError(error, 'not-found')) {
				return [];
			}

			throw error;
		}
	};

	return {
		askOnce,
		/**
		The season of an episode, if its show names one that is in no list: some servers leave seasons out of the list that are below their show. Each show is asked once.
		*/
		async seasonBelow({item, parents: {show, season}}: NormalizedItem): Promise<NormalizedItem | undefined> {
			const showKey = show?.ratingKey;
			if (showKey === undefined || (!seasonsOf.has(showKey) && seasonsOf.size >= mostShowsAsked)) {
				return undefined;
			}

			const answer = seasonsOf.get(showKey) ?? askSeasons(showKey);
			seasonsOf.set(showKey, answer);
			const seasons = await answer;
			const listed = seasons.find(({item: {ratingKey, seasonNumber}}) => season?.ratingKey === undefined ? seasonNumber !== undefined && seasonNumber === item.seasonNumber : ratingKey === season.ratingKey);
			if (listed === undefined) {
				return undefined;
			}

			// A list has less of a season than its own answer.
			const whole = await askOnce(listed.item as {id: string; ratingKey: string});
			return whole === undefined ? listed : whole.parent;
		},
	};
};
