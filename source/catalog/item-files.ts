import type {Item} from './types.js';

const none: readonly string[] = [];

/**
Ids of the files that an item plays, each once. Nearly all items play one file or none, which costs no set.
*/
export const fileIdsOf = ({versions}: Pick<Item, 'versions'>): readonly string[] => {
	const [version] = versions;
	if (version === undefined) {
		return none;
	}

	return versions.length === 1 && version.parts.length === 1
		? [version.parts[0]!.fileId]
		: [...new Set(versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)))];
};
