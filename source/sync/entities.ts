import type {
	CatalogRecord,
	MediaFile,
	Person,
	Tag,
} from '../catalog/types.js';
import type {NormalizedItem} from '../plex/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';

type Entity = Person | Tag | MediaFile;

const isEntity = (record: CatalogRecord): record is Entity => ['person', 'tag', 'file'].includes(record.kind);

/**
Reduces the people, tags and files of a run to those that are new to the store or say more than it does.

The same person has a picture as an actor and none as a director. A picture is never overwritten with nothing, or every run would rewrite half of the people.
*/
export const createEntities = (store: Pick<CatalogStore, 'getMany'>) => {
	const seen = new Set<string>();
	const withPicture = new Set<string>();

	const isNews = (entity: Entity) => {
		const isFirst = !seen.has(entity.id);
		seen.add(entity.id);
		if (entity.kind === 'person' && entity.thumb !== undefined && !withPicture.has(entity.id)) {
			withPicture.add(entity.id);
			return true;
		}

		return isFirst || entity.kind === 'file';
	};

	return {
		async news(items: readonly NormalizedItem[]): Promise<CatalogRecord[]> {
			const wanted = new Map<string, Entity>();
			for (const {people, tags, files} of items) {
				for (const entity of [...people, ...tags, ...files]) {
					if (isNews(entity)) {
						wanted.set(entity.id, {...wanted.get(entity.id), ...entity});
					}
				}
			}

			for (const known of await store.getMany(wanted.keys().toArray())) {
				// Each answer says everything about a file, so the stored record is dropped.
				if (isEntity(known) && known.kind !== 'file') {
					wanted.set(known.id, {...known, ...wanted.get(known.id)});
				}
			}

			return wanted.values().toArray();
		},
	};
};

export type Entities = ReturnType<typeof createEntities>;
