import type {Item, Library} from './types.js';

/**
Since when an item waits for its removal to be accepted. One of a library that has vanished as a whole carries no mark of its own.
*/
export const heldSince = ({missingSince, libraryId}: Pick<Item, 'missingSince' | 'libraryId'>, libraries: readonly Library[]): string | undefined => {
	const held = libraries.find(({id}) => id === libraryId)?.sync?.held;
	return missingSince ?? (held?.reason === 'library-gone' ? held.since : undefined);
};
