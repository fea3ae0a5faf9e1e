import {errorMessage} from '../../base/errors.js';
import {defined} from '../../catalog/values.js';
import {itemTypes} from '../../catalog/kinds.js';
import type {Item, ItemType} from '../../catalog/types.js';
import type {
	Normalize,
	NormalizeContext,
	NormalizedItem,
	RowProblem,
} from '../types.js';
import {
	asRecord,
	asRecords,
	isRecord,
	quote,
	readBoolean,
	readCount,
	readEpoch,
	readRatingKey,
	readString,
	readTitle,
	type Wire,
} from '../wire.js';
import {cutFields} from '../bounds.js';
import {readExternalIds} from './external-ids.js';
import {readLibraryFacts, type FactualRow} from './library-facts.js';
import {readImages, type PicturedRow} from './images.js';
import {knownItemId} from './memo.js';
import {junkScores, readDates} from './plausible.js';
import {
	readRatings,
	readViewState,
	type RatedRow,
	type ViewedRow,
} from './ratings.js';
import {readRelations, type RelatedRow} from './relations.js';
import {
	readPeople,
	readTags,
	type PeopledRow,
	type TaggedRow,
} from './tags.js';
import {
	readChapters,
	readExtras,
	readMarkers,
	type TimedRow,
} from './timeline.js';
import {readVersions} from './versions.js';

type Row = FactualRow & TimedRow & PicturedRow & PeopledRow & RatedRow & RelatedRow & TaggedRow & ViewedRow & Wire<
	'type' | 'subtype' | 'guid' | 'Guid' | 'titleSort' | 'originalTitle' | 'editionTitle' | 'year' | 'originallyAvailableAt'
	| 'summary' | 'tagline' | 'contentRating' | 'duration' | 'Field' | 'leafCount' | 'childCount'
	| 'addedAt' | 'updatedAt' | 'deletedAt' | 'Media'
>;

/**
Turns one row of a listing or of a detail answer into catalogue records. Any JSON value gives either records that satisfy the schema or a problem.

Text is kept unchanged; whoever prints it to a terminal cleans it.
*/
export const normalize: Normalize = (row, context) => {
	if (isRecord(row)) {
		const ratingKey = readRatingKey(row);
		const type = itemTypes.find(itemType => itemType === row['type']);
		if (ratingKey !== undefined && type !== undefined) {
			try {
				return {ok: true, value: readItem(row, type, ratingKey, context)};
			} catch (error) {
				// Whatever is wrong with one row costs one item, and not the import.
				return {ok: false, problem: {...rowProblem(row), message: `This item cannot be read (${errorMessage(error)}).`}};
			}
		}
	}

	return {ok: false, problem: rowProblem(row)};
};

const readItem = (row: Row, type: ItemType, ratingKey: string, {serverId, libraryId, now}: NormalizeContext): NormalizedItem => {
	const dates = readDates(row, now);
	const credits = readPeople(row, serverId);
	const tags = readTags(row, libraryId);
	const relations = readRelations(row, type, serverId);
	// Shows and seasons have no media of their own.
	const {versions, files} = readVersions(type === 'movie' || type === 'episode' ? row.Media : undefined, serverId);
	const facts = readLibraryFacts(row);
	const hasChildren = type === 'show' || type === 'season';
	const item: Item = defined({
		id: knownItemId(serverId, ratingKey),
		kind: 'item',
		type,
		serverId,
		libraryId,
		ratingKey,
		showId: relations.showId,
		seasonId: relations.seasonId,
		seasonNumber: relations.seasonNumber,
		episodeNumber: relations.episodeNumber,
		guid: readString(row.guid),
		ids: readExternalIds(row.Guid, row.guid, type),
		title: readTitle(row) ?? '',
		titleSort: readString(row.titleSort),
		originalTitle: readString(row.originalTitle),
		editionTitle: readString(row.editionTitle),
		subtype: readString(row.subtype),
		year: dates.year,
		releaseDate: dates.releaseDate,
		summary: readString(row.summary),
		tagline: readString(row.tagline),
		contentRating: readString(row.contentRating),
		durationMs: readCount(row.duration),
		ratings: readRatings(row),
		genres: tags.genres,
		countries: tags.countries,
		studios: tags.studios,
		collections: tags.collections,
		labels: tags.labels,
		directors: credits.directors,
		writers: credits.writers,
		producers: credits.producers,
		cast: credits.cast,
		images: readImages(row, type),
		slug: facts.slug,
		theme: facts.theme,
		folders: facts.folders,
		showOrdering: facts.showOrdering,
		episodeOrder: facts.episodeOrder,
		createdAtAccuracy: facts.createdAtAccuracy,
		createdAtOffsetSeconds: facts.createdAtOffsetSeconds,
		chapters: readChapters(row),
		markers: readMarkers(row),
		extras: readExtras(row),
		lockedFields: readLockedFields(row.Field),
		leafCount: hasChildren ? readCount(row.leafCount) : undefined,
		childCount: hasChildren ? readCount(row.childCount) : undefined,
		addedAt: dates.addedAt,
		updatedAt: readEpoch(row.updatedAt),
		trashedAt: readEpoch(row.deletedAt),
		viewState: readViewState(row),
		versions,
	});
	return {
		item,
		people: credits.people,
		tags: tags.tags,
		files,
		cut: cutFields(row),
		junk: [...dates.junk, ...junkScores(row)],
		parents: relations.parents,
	};
};

const readLockedFields = (fields: unknown): string[] | undefined => {
	const names = asRecords<'name' | 'locked'>(fields)
		.filter(({locked}) => readBoolean(locked) === true)
		.map(({name}) => readString(name))
		.filter(name => name !== undefined);
	return names.length === 0 ? undefined : names;
};

const rowProblem = (row: unknown): RowProblem => ({
	ratingKey: readRatingKey(row),
	title: readTitle(row) ?? readOtherName(row),
	code: 'malformed',
	message: explain(row),
	hint: 'The other items are kept. Let Plex refresh the metadata of this item, or of its library, and import again.',
});

const explain = (row: unknown): string => {
	if (!isRecord(row)) {
		const kind = Array.isArray(row) ? 'a list' : `a ${typeof row}`;
		return `The server sent ${row === null ? 'nothing' : kind} where an item should be.`;
	}

	const type = readString(row['type']);
	if (readRatingKey(row) === undefined) {
		return `The server sent ${type === undefined ? 'an item' : `an item of the type ${quote(type)}`} without a usable ratingKey.`;
	}

	return type === undefined
		? 'The server does not say which type the item has.'
		: `The item is of the type ${quote(type)}, which is neither a movie nor a show, season or episode.`;
};

const readOtherName = (row: unknown): string | undefined => {
	const {Media, guid, key} = asRecord(row);
	const [media] = asRecords<'Part'>(Media);
	const [part] = asRecords<'file'>(media?.Part);
	return readString(part?.file) ?? readString(guid) ?? readString(key);
};
