import type * as z from 'zod';
import type {itemTypes, listKinds} from './kinds.js';
import type * as list from './list-schema.js';
import type * as media from './media-schema.js';
import type * as schema from './schema.js';

/**
What a schema, which is made when it is first needed, says of a value.
*/
type Kept<LateSchema extends () => z.ZodType> = z.infer<ReturnType<LateSchema>>;

export type ItemType = typeof itemTypes[number];
export type TagKind = typeof schema.tagKinds[number];

export type ExternalIds = Kept<typeof schema.externalIdsSchema>;
export type Rating = Kept<typeof schema.ratingSchema>;
export type Images = Kept<typeof schema.imagesSchema>;
export type ViewState = Kept<typeof schema.viewStateSchema>;
export type CastMember = Kept<typeof schema.castSchema>;
export type AudioTrack = Kept<typeof media.audioSchema>;
export type SubtitleTrack = Kept<typeof media.subtitleSchema>;
export type Chapter = Kept<typeof media.chapterSchema>;
export type Marker = Kept<typeof media.markerSchema>;
export type Extra = Kept<typeof media.extraSchema>;
export type Recording = Kept<typeof media.recordingSchema>;
export type VideoFacts = Kept<typeof media.videoSchema>;
export type Part = Kept<typeof schema.partSchema>;
export type Version = Kept<typeof schema.versionSchema>;

export type Item = Kept<typeof schema.itemSchema>;

/**
What a sync compares of an item. If the server has every file, `versions` may have nothing but the ids of these, or be empty.
*/
export type ComparedItem = Pick<Item, 'id' | 'type' | 'libraryId' | 'ratingKey' | 'guid' | 'showId' | 'seasonId' | 'collections' | 'trashedAt' | 'missingSince' | 'fingerprints' | 'viewState' | 'versions'>;

export type Person = Kept<typeof schema.personSchema>;
export type Tag = Kept<typeof schema.tagSchema>;

/**
A physical file; several items or versions may play it.
*/
export type MediaFile = Kept<typeof schema.fileSchema>;

export type Collection = Kept<typeof list.collectionSchema>;
export type Playlist = Kept<typeof list.playlistSchema>;
export type ListKind = typeof listKinds[number];

/**
A collection or a playlist.
*/
export type ItemList = Collection | Playlist;

export type Fingerprints = Kept<typeof schema.fingerprintsSchema>;
export type RemovalReason = typeof schema.removalReasons[number];
export type HeldReason = typeof schema.heldReasons[number];

export type Tombstone = Kept<typeof schema.tombstoneSchema>;

export type Run = Kept<typeof schema.runSchema>;
export type SyncMode = typeof schema.syncModes[number];
export type SyncState = Kept<typeof schema.syncStateSchema>;

export type CatalogRecord = Item | Person | Tag | MediaFile | ItemList | Tombstone | Run;
export type RecordKind = CatalogRecord['kind'];

export type Server = Kept<typeof schema.serverSchema>;
export type Library = Kept<typeof schema.librarySchema>;
export type ItemCounts = Library['counts'];
export type ImportTotals = Kept<typeof schema.importTotalsSchema>;
export type CatalogHeader = Kept<typeof schema.headerSchema>;
