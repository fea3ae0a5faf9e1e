import type {Item, Library} from './types.js';

/**
The instant since when the removal of an item waits to be accepted. An item has no mark of its own where its whole library has vanished.
*/
export const heldSince = ({missingSince, libraryId}: Pick<Item, 'missingSince' | 'libraryId'>, libraries: readonly Library[]): string | undefined => {
	const held = libraries.find(({id}) => id === libraryId)?.sync?.held;
	return missingSince ?? (held?.reason === 'library-gone' ? held.since : undefined);
};
