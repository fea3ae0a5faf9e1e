import type * as z from 'zod';
import type {itemTypes, listKinds} from './kinds.js';
import type * as list from './list-schema.js';
import type * as media from './media-schema.js';
import type * as schema from './schema.js';

/**
The values that a schema describes. The schema is made when it is first asked for.
*/
type ValueOf<LateSchema extends () => z.ZodType> = z.infer<ReturnType<LateSchema>>;

export type ItemType = typeof itemTypes[number];
export type TagKind = typeof schema.tagKinds[number];

export type ExternalIds = ValueOf<typeof schema.externalIdsSchema>;
export type Rating = ValueOf<typeof schema.ratingSchema>;
export type Images = ValueOf<typeof schema.imagesSchema>;
export type ViewState = ValueOf<typeof schema.viewStateSchema>;
export type CastMember = ValueOf<typeof schema.castSchema>;
export type AudioTrack = ValueOf<typeof media.audioSchema>;
export type SubtitleTrack = ValueOf<typeof media.subtitleSchema>;
export type Chapter = ValueOf<typeof media.chapterSchema>;
export type Marker = ValueOf<typeof media.markerSchema>;
export type Extra = ValueOf<typeof media.extraSchema>;
export type Recording = ValueOf<typeof media.recordingSchema>;
export type VideoFacts = ValueOf<typeof media.videoSchema>;
export type Part = ValueOf<typeof schema.partSchema>;
export type Version = ValueOf<typeof schema.versionSchema>;

export type Item = ValueOf<typeof schema.itemSchema>;

/**
What a sync compares of an item. If the server has every file, `versions` may have nothing but the ids of these, or be empty.
*/
export type ComparedItem = Pick<Item, 'id' | 'type' | 'libraryId' | 'ratingKey' | 'guid' | 'showId' | 'seasonId' | 'collections' | 'trashedAt' | 'missingSince' | 'fingerprints' | 'viewState' | 'versions'>;

export type Person = ValueOf<typeof schema.personSchema>;
export type Tag = ValueOf<typeof schema.tagSchema>;

/**
A physical file; several items or versions may play it.
*/
export type MediaFile = ValueOf<typeof schema.fileSchema>;

export type Collection = ValueOf<typeof list.collectionSchema>;
export type Playlist = ValueOf<typeof list.playlistSchema>;
export type ListKind = typeof listKinds[number];

/**
A collection or a playlist.
*/
export type ItemList = Collection | Playlist;

export type Fingerprints = ValueOf<typeof schema.fingerprintsSchema>;
export type RemovalReason = typeof schema.removalReasons[number];
export type HeldReason = typeof schema.heldReasons[number];

export type Tombstone = ValueOf<typeof schema.tombstoneSchema>;

export type Run = ValueOf<typeof schema.runSchema>;
export type SyncMode = typeof schema.syncModes[number];
export type SyncState = ValueOf<typeof schema.syncStateSchema>;

export type CatalogRecord = Item | Person | Tag | MediaFile | ItemList | Tombstone | Run;
export type RecordKind = CatalogRecord['kind'];

export type Server = ValueOf<typeof schema.serverSchema>;
export type Library = ValueOf<typeof schema.librarySchema>;
export type ItemCounts = Library['counts'];
export type ImportTotals = ValueOf<typeof schema.importTotalsSchema>;
export type CatalogHeader = ValueOf<typeof schema.headerSchema>;
