import type {Clock} from '../../base/clock.js';
import {formatCount} from '../../base/text/format.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import {isSameSet, type StandingBook} from './standing-book.js';
import {describeDifference, standingNote} from './standing-notice.js';
import {
	isSameResult,
	unchangedResult,
	take,
	type ResultChange,
	type StandingState,
} from './standing-state.js';

type TakeOverOptions = {
	book: StandingBook;
	store: Pick<CatalogStore, 'header' | 'getMany'>;
	clock: Clock;
	newBatch: () => string;
	onNote: (level: 'info', text: string) => void;
};

/**
What is done with the result of a look at one query.
*/
export const createTakeOver = ({book, store, clock, newBatch, onNote}: TakeOverOptions) => {
	const settledLibraries = () => new Set(store.header().libraries.filter(({lastImport}) => lastImport !== undefined).map(({id}) => id));

	/**
	What comes with the first import of a library is no news, as for the digest.
	*/
	const quietOnes = async (came: ReadonlySet<string>, {libraries}: StandingState): Promise<ReadonlySet<string>> => {
		if (came.size === 0 || store.header().libraries.every(({id}) => libraries.has(id))) {
			return new Set();
		}

		const items = await store.getMany([...came], {kind: 'item'});
		return new Set(items.filter(record => record.kind === 'item' && !libraries.has(record.libraryId)).map(({id}) => id));
	};

	return {
		/**
		Takes over what differs and keeps it, and only then notes it, so that nothing is noted twice.
		*/
		async differing(name: string, {before, difference, revision}: {before: StandingState; difference: ResultChange; revision: number}) {
			const quiet = await quietOnes(difference.came, before);
			const next = {...take(before, difference, {now: clock.now(), quiet}), revision, libraries: settledLibraries()};
			book.catchUp(name);
			if (isSameResult(difference) && isSameSet(next.libraries, before.libraries)) {
				book.keepLightly(name, next);
				return;
			}

			await book.keep(name, next);
			const noted = {came: new Set(difference.came.values().filter(id => !quiet.has(id))), left: difference.left};
			if (!isSameResult(noted)) {
				onNote('info', standingNote(name, await describeDifference(noted, store)));
			}
		},
		/**
		Only notes where a query stands that is new, was edited, or lost its file.
		*/
		async anew({name, meaning}: {name: string; meaning: string}, members: ReadonlySet<string>, revision: number) {
			book.catchUp(name);
			await book.keep(name, {
				meaning, revision, libraries: settledLibraries(), members, untold: unchangedResult, batch: newBatch(),
			});
			onNote('info', `@${name} is followed from now on. It finds ${formatCount(members.size)} now.`);
		},
	};
};
