import type * as z from 'zod';
import type {itemTypes, listKinds} from './kinds.js';
import type * as list from './list-schema.js';
import type * as media from './media-schema.js';
import type * as schema from './schema.js';

export type ItemType = typeof itemTypes[number];
export type TagKind = typeof schema.tagKinds[number];

export type ExternalIds = z.infer<typeof schema.externalIdsSchema>;
export type Rating = z.infer<typeof schema.ratingSchema>;
export type Images = z.infer<typeof schema.imagesSchema>;
export type ViewState = z.infer<typeof schema.viewStateSchema>;
export type CastMember = z.infer<typeof schema.castSchema>;
export type AudioTrack = z.infer<typeof media.audioSchema>;
export type SubtitleTrack = z.infer<typeof media.subtitleSchema>;
export type Chapter = z.infer<typeof media.chapterSchema>;
export type Marker = z.infer<typeof media.markerSchema>;
export type Extra = z.infer<typeof media.extraSchema>;
export type Recording = z.infer<typeof media.recordingSchema>;
export type VideoFacts = z.infer<typeof media.videoSchema>;
export type Part = z.infer<typeof schema.partSchema>;
export type Version = z.infer<typeof schema.versionSchema>;

export type Item = z.infer<typeof schema.itemSchema>;

/**
What a sync compares of an item. If the server has every file, `versions` may have nothing but the ids of these, or be empty.
*/
export type ComparedItem = Pick<Item, 'id' | 'type' | 'libraryId' | 'ratingKey' | 'guid' | 'showId' | 'seasonId' | 'collections' | 'trashedAt' | 'missingSince' | 'fingerprints' | 'viewState' | 'versions'>;

export type Person = z.infer<typeof schema.personSchema>;
export type Tag = z.infer<typeof schema.tagSchema>;

/**
A physical file; several items or versions may play it.
*/
export type MediaFile = z.infer<typeof schema.fileSchema>;

export type Collection = z.infer<typeof list.collectionSchema>;
export type Playlist = z.infer<typeof list.playlistSchema>;
export type ListKind = typeof listKinds[number];

/**
A collection or a playlist.
*/
export type ItemList = Collection | Playlist;

export type Fingerprints = z.infer<typeof schema.fingerprintsSchema>;
export type RemovalReason = typeof schema.removalReasons[number];
export type HeldReason = typeof schema.heldReasons[number];

export type Tombstone = z.infer<typeof schema.tombstoneSchema>;

export type Run = z.infer<typeof schema.runSchema>;
export type SyncMode = typeof schema.syncModes[number];
export type SyncState = z.infer<typeof schema.syncStateSchema>;

export type CatalogRecord = Item | Person | Tag | MediaFile | ItemList | Tombstone | Run;
export type RecordKind = CatalogRecord['kind'];

export type Server = z.infer<typeof schema.serverSchema>;
export type Library = z.infer<typeof schema.librarySchema>;
export type ItemCounts = Library['counts'];
export type ImportTotals = z.infer<typeof schema.importTotalsSchema>;
export type CatalogHeader = z.infer<typeof schema.headerSchema>;
