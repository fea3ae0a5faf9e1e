import type {Item, MediaFile} from '../catalog/types.js';

/**
An item as it was when it was last there, with its files.
*/
export type GoneItem = {item: Item; files: readonly MediaFile[]};

/**
Finds the ids of the items that a query means: those of the catalogue, and those of these gone items.
*/
export type PastMatcher = (gone: readonly GoneItem[]) => Promise<ReadonlySet<string>>;
