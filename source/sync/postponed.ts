import type {Item} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {quote} from '../plex/wire.js';
import type {Arrivals} from './arrivals.js';
import type {Batch} from './details.js';
import type {PreparedWork} from './library-work.js';
import {createRecogniser, type Lost} from './recognise.js';
import type {Newcomer, Stage} from './stage.js';
import {problemFrom} from './tally.js';

type Waiting = {
	newcomer: Newcomer;
	/**
	The stored item whose ratingKey the newcomer has taken over, if there is one.
	*/
	before: Item | undefined;
};

/**
Finds what cannot be staged in this run: rows that are about a stored item of which the server could not say whether its own key still stands for it. A new item made of such a row would leave the history of the stored one behind. What such a row would have released stays under its key, so the row that this one has moved to waits with it, and so on.

`unread` are the items of which the server could not say.
*/
const findPostponed = async (waiting: readonly Waiting[], unread: Iterable<Item>, {snapshot}: Pick<Stage, 'snapshot'>): Promise<Set<Waiting>> => {
	const rows = new Map(waiting.map((row): [Lost, Waiting] => [claimOf(row), row]));
	const claims = createRecogniser(rows.keys().toArray());
	const postponed = new Set<Waiting>();
	const kept = [...unread];
	for (let item = kept.pop(); item !== undefined; item = kept.pop()) {
		const {files} = await snapshot(item);
		for (let claim = claims.find(item, files); claim !== undefined; claim = claims.find(item, files)) {
			const row = rows.get(claim.lost)!;
			postponed.add(row);
			if (row.before !== undefined) {
				kept.push(row.before);
			}
		}
	}

	return postponed;
};

/**
Under a key of its own, a film may be another copy of a known one; it is the same only if it plays the same file.
*/
const claimOf = ({newcomer, before}: Waiting): Lost => {
	const {item, files} = newcomer.fresh;
	if (before !== undefined || item.versions.length === 0) {
		return {item, files};
	}

	const {guid: _, ...rest} = item;
	return {item: {...rest, ids: {imdb: [], tmdb: [], tvdb: []}}, files};
};

const postponedProblem = ({ratingKey, title}: Item) => problemFrom(new AppError(
	'server-error',
	`It is not clear which item ${quote(title)} is, because ratingKeys have changed hands on the server and one of the items could not be read. What is known under this ratingKey stays as it was.`,
	{hint: 'The next sync compares it again. If this does not go away, let Plex refresh the metadata of the item that could not be read.'},
), 'detail', {...ratingKey !== undefined && {ratingKey}, title});

type Entry = Batch['items'][number];

/**
Keeps the rows that cannot be staged as they come: heirs, which may be stored under the key of another item that is not released yet, and newcomers that may be an item whose row nobody has read yet.
*/
export const createWaitingRows = ({tally, library, unclear}: PreparedWork, {arrivals, stage}: {arrivals: Arrivals; stage: Stage}) => {
	let rows: Waiting[] = [];
	let met = 0;
	// Of shows and seasons of which it is not clear which ones they are.
	const unclearKeys = new Set<string | undefined>();

	const postpone = (item: Item) => {
		unclear.add(library.id);
		tally.fail(postponedProblem(item));
	};

	return {
		add(row: Waiting): void {
			rows.push(row);
		},
		/**
		Postpones what is below a show or season of which it is not clear which one it is.

		@returns the other entries
		*/
		takeClear(entries: readonly Entry[]): Entry[] {
			const clear: Entry[] = [];
			for (const entry of entries) {
				const {item, parents: {show, season}} = entry.fresh;
				if (unclearKeys.has(show?.ratingKey) || unclearKeys.has(season?.ratingKey)) {
					postpone(item);
				} else {
					clear.push(entry);
				}
			}

			return clear;
		},
		/**
		@returns the rows that were added since the last call
		*/
		takeUnmet(): Newcomer[] {
			const unmet = rows.slice(met).map(({newcomer}) => newcomer);
			met = rows.length;
			return unmet;
		},
		/**
		Must be called once all rows have been read that may tell which items the waiting ones are. Some are postponed.

		@returns the other ones
		*/
		async takeReady(): Promise<Waiting[]> {
			const postponed = await findPostponed(rows, arrivals.twins.unread.values(), stage);
			const ready = rows.filter(row => !postponed.has(row));
			rows = [];
			met = 0;
			for (const {newcomer} of postponed) {
				postpone(newcomer.fresh.item);
				unclearKeys.add(newcomer.ratingKey);
			}

			for (const {ratingKey} of postponed.size === 0 ? [] : arrivals.twins.unread.values()) {
				unclearKeys.add(ratingKey);
			}

			return ready;
		},
	};
};
