import type {Tag, TagKind} from '../../catalog/types.js';
import {
	asArray,
	isRecord,
	readString,
	type Wire,
} from '../wire.js';
import {knownTagId} from './memo.js';

export type TaggedRow = Wire<'Genre' | 'Country' | 'studio' | 'Studio' | 'Collection' | 'Label'>;

type Tags = {
	tags: Tag[];
	genres: string[];
	countries: string[];
	studios: string[];
	collections: string[];
	labels: string[];
};

/**
Collections and labels belong to the library, the other tags to the whole catalogue.
*/
export const readTags = (row: TaggedRow, libraryId: string): Tags => {
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

	const genres = refer('genre', asArray(row.Genre));
	const countries = refer('country', asArray(row.Country));
	const studios = refer('studio', [...asArray(row.studio), ...asArray(row.Studio)]);
	const collections = refer('collection', asArray(row.Collection), libraryId);
	const labels = refer('label', asArray(row.Label), libraryId);
	return {
		tags: Array.from(tags, ([, tag]) => tag),
		genres,
		countries,
		studios,
		collections,
		labels,
	};
};
