import type {Item} from './types.js';

/**
Ids of the files that an item plays, each once.
*/
export const fileIdsOf = ({versions}: Pick<Item, 'versions'>): string[] =>
	[...new Set(versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)))];
