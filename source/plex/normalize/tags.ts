import type {Tag, TagKind} from '../../catalog/types.js';
import {
	asArray,
	isRecord,
	readString,
	type Wire,
} from '../wire.js';
import {knownTagId} from './memo.js';

export type TaggedRow = Wire<'Genre' | 'Country' | 'studio' | 'Studio' | 'Collection' | 'Label'>;

/**
Collections and labels belong to the library, the other tags to the whole catalogue.
*/
export const readTags = (row: TaggedRow, libraryId: string) => {
	const tags = new Map<string, Tag>();

	const refer = (tagKind: TagKind, elements: readonly unknown[], scope = ''): string[] => {
		const ids = new Set<string>();
		for (const element of elements) {
			const name = readString(isRecord(element) ? element['tag'] : element);
			if (name === undefined) {
				continue;
			}

			const id = knownTagId(tagKind, name, scope);
			ids.add(id);
			if (!tags.has(id)) {
				tags.set(id, {
					id,
					kind: 'tag',
					tagKind,
					name,
				});
			}
		}

		return [...ids];
	};

	return {
		genres: refer('genre', asArray(row.Genre)),
		countries: refer('country', asArray(row.Country)),
		studios: refer('studio', [...asArray(row.studio), ...asArray(row.Studio)]),
		collections: refer('collection', asArray(row.Collection), libraryId),
		labels: refer('label', asArray(row.Label), libraryId),
		// The lists above fill it, so it comes last.
		tags: Array.from(tags, ([, tag]) => tag),
	};
};
