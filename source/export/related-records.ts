import {exportedPerson} from '../catalog/fields/item-content-fields.js';
import type {RelatedText, RelatedTexts} from '../catalog/fields/related-texts.js';
import {fileIdsOf, personIdsOf, tagFieldNames} from '../catalog/item.js';
import type {CatalogRecord, Item} from '../catalog/types.js';
import type {RelatedSource} from '../query/related.js';

// Some tens of megabytes. The people of most catalogues fit.
const mostKept = 100_000;

// They are kept as records, which take some kilobytes each, and in the order of an export a show is left for good.
const mostPlaces = 500;

/**
A record to which items refer, and the texts that are made of it.
*/
class RelatedRecord implements RelatedText {
	readonly id: string;
	record: CatalogRecord | undefined;
	name: string | undefined;
	person: string | undefined;

	constructor(id: string) {
		this.id = id;
	}

	/**
	Hundreds of thousands of people would take much room as records, too.
	*/
	becomeTexts(record: CatalogRecord): void {
		if (record.kind === 'person') {
			this.name = JSON.stringify(record.name);
			this.person = JSON.stringify(exportedPerson(record));
			return;
		}

		this.record = record;
		this.name = record.kind === 'tag' ? JSON.stringify(record.name) : undefined;
	}
}

export type RelatedStore = {
	getMany: (ids: readonly string[]) => Promise<readonly CatalogRecord[]>;
};

const none: readonly RelatedRecord[] = [];

/**
The people and tags of an item that are asked for.
*/
export type ReferencesOf = (item: Item) => readonly string[];

export const allReferences: ReferencesOf = item => [...personIdsOf(item), ...tagFieldNames.flatMap(name => item[name])];

/**
Reads what items refer to, for many items at once, and keeps what many items refer to: people, tags, shows and seasons. To read and parse them again for each item takes most of the time of an export. Either texts are made of all people and tags, or there are the records of those that are asked for.
*/
export const createRelatedRecords = (store: RelatedStore, referencesOf?: ReferencesOf) => {
	let kept = new Map<string, RelatedRecord>();
	// Shows and seasons.
	let places = new Map<string, RelatedRecord>();
	let unknown: RelatedRecord[] = [];
	let reading: Promise<void> = Promise.resolve();

	const find = (id: string, known = kept): RelatedRecord => {
		let related = known.get(id);
		if (related === undefined) {
			related = new RelatedRecord(id);
			known.set(id, related);
			unknown.push(related);
		}

		return related;
	};

	const findAll = (ids: readonly string[]): readonly RelatedRecord[] => ids.length === 0 ? none : ids.map(id => find(id));

	const take = (item: Item, files: Map<string, RelatedRecord>): RelatedTexts | undefined => {
		for (const id of fileIdsOf(item)) {
			find(id, files);
		}

		for (const id of [item.showId, item.seasonId]) {
			if (id !== undefined) {
				find(id, places);
			}
		}

		if (referencesOf !== undefined) {
			findAll(referencesOf(item));
			return undefined;
		}

		return {
			genres: findAll(item.genres),
			countries: findAll(item.countries),
			studios: findAll(item.studios),
			collections: findAll(item.collections),
			labels: findAll(item.labels),
			directors: findAll(item.directors),
			writers: findAll(item.writers),
			producers: findAll(item.producers),
			cast: item.cast.length === 0 ? none : item.cast.map(({personId}) => find(personId)),
		};
	};

	const fill = async (wanted: readonly RelatedRecord[]) => {
		const records = await store.getMany(wanted.map(({id}) => id));
		let next = 0;
		for (const related of wanted) {
			// What does not exist is left out.
			const record = records[next];
			if (record?.id !== related.id) {
				continue;
			}

			next++;
			if (referencesOf === undefined) {
				related.becomeTexts(record);
			} else {
				related.record = record;
			}
		}
	};

	return {
		/**
		The texts of these items, in their order and if they are made, and what finds the records. It may be called again before it has answered.
		*/
		async read(items: readonly Item[]): Promise<{texts: RelatedTexts[]; related: RelatedSource}> {
			if (kept.size >= mostKept) {
				kept = new Map();
			}

			if (places.size >= mostPlaces) {
				places = new Map();
			}

			// Hardly any file belongs to several items.
			const files = new Map<string, RelatedRecord>();
			const texts = items.map(item => take(item, files)).filter(text => text !== undefined);
			const wanted = unknown;
			unknown = [];
			const [ownPlaces, ownKept] = [places, kept];
			// The earlier ones may have asked for the same.
			const [earlier, own] = [reading, fill(wanted)];
			reading = Promise.all([earlier, own]).then(() => undefined);
			await reading;
			return {texts, related: {get: id => (ownKept.get(id) ?? files.get(id) ?? ownPlaces.get(id))?.record}};
		},
	};
};
