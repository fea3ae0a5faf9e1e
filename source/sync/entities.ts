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

What was handed out counts as known only once it is committed: if its commit fails or is given up, the next library must define it again, because its items refer to it.
*/
export const createEntities = (store: Pick<CatalogStore, 'getMany'>) => {
	const seen = createMarks();
	const withPicture = createMarks();

	const isNews = (entity: Entity) => {
		const isFirst = seen.add(entity.id);
		const hasFirstPicture = entity.kind === 'person' && entity.thumb !== undefined && withPicture.add(entity.id);
		return isFirst || hasFirstPicture || entity.kind === 'file';
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
		/**
		Call it when a commit holds everything that was handed out.
		*/
		settle(): void {
			seen.settle();
			withPicture.settle();
		},
		/**
		Call it when what was handed out since the last commit will not be committed.
		*/
		takeBack(): void {
			seen.takeBack();
			withPicture.takeBack();
		},
	};
};

/**
Ids that are marked for good only by `settle`.
*/
const createMarks = () => {
	const settled = createManySets();
	const open = new Set<string>();
	return {
		/**
		@returns whether the id was not marked yet
		*/
		add(id: string): boolean {
			const isNew = !settled.has(id) && !open.has(id);
			if (isNew) {
				open.add(id);
			}

			return isNew;
		},
		settle() {
			for (const id of open) {
				settled.add(id);
			}

			open.clear();
		},
		takeBack() {
			open.clear();
		},
	};
};

const numberOfSets = 256;

/**
One set of ids in many. A set that has to grow moves all that it holds in one turn, which takes 50 ms for the people of a large library.
*/
const createManySets = () => {
	const sets = Array.from({length: numberOfSets}, () => new Set<string>());
	const code = (id: string, at: number) => id.codePointAt(at) ?? 0;
	const setOf = (id: string) => sets[((code(id, id.length - 1) * 31) + code(id, id.length - 2)) % numberOfSets]!;
	return {
		has: (id: string) => setOf(id).has(id),
		add(id: string) {
			setOf(id).add(id);
		},
	};
};

export type Entities = ReturnType<typeof createEntities>;
