import {hash, randomUUID} from 'node:crypto';
import type {TagKind} from './types.js';

const shortHash = (prefix: string, ...parts: string[]) => prefix + hash('sha256', parts.join('\0'), 'hex').slice(0, 16);

/**
Ids are made from what is known of a thing when it is first seen, then kept: nothing may be read back out of an id.
*/
export const itemId = (serverId: string, ratingKey: string) => shortHash('i', serverId, ratingKey);

/**
For a season that the server hides: the show and the season number are all that is known of it.
*/
export const hiddenSeasonId = (showId: string, seasonNumber: number | undefined) =>
	shortHash('i', showId, 'season', String(seasonNumber ?? ''));

/**
For an item whose usual id is taken: servers give keys out again when their database is built anew.
*/
export const spareItemId = (serverId: string, ratingKey: string, attempt: number) => shortHash('i', serverId, ratingKey, String(attempt));

export const tombstoneId = (removedId: string) => `x${removedId}`;

/**
`plexKey` is the same for a person on every server; without one, Plex itself tells people apart by name only.
*/
export const personId = (serverId: string, name: string, plexKey?: string) =>
	plexKey === undefined ? shortHash('p', serverId, name.normalize('NFC')) : shortHash('p', 'plex', plexKey);

/**
Collections and labels belong to a library (`scope`), the other kinds are the same everywhere.
*/
export const tagId = (tagKind: TagKind, name: string, scope = '') => shortHash('t', tagKind, scope, name.normalize('NFC'));

/**
By path, so that several episodes in one file, or one file in two libraries, are one file. macOS servers decompose accents in paths, hence NFC.
*/
export const fileId = (serverId: string, path: string) => shortHash('f', serverId, path.normalize('NFC'));

/**
For a token that may not see paths.
*/
export const hiddenFileId = (serverId: string, partId: string) => shortHash('f', serverId, 'part', partId);

/**
A run has one id everywhere: in its record, the history and the name of its log.
*/
export const newRunId = () => `r${randomUUID().replaceAll('-', '').slice(0, 16)}`;
