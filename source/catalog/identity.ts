import {hash, randomUUID} from 'node:crypto';
import type {ListKind, TagKind} from './types.js';

const shortHash = (prefix: string, ...parts: string[]) => prefix + hash('sha256', parts.join('\0'), 'hex').slice(0, 16);

/**
Ids are made from what is known of a record when it is first seen, and then kept. Never read anything out of an id.
*/
export const itemId = (serverId: string, ratingKey: string) => shortHash('i', serverId, ratingKey);

/**
Whether a text has the form of an id of an item. Nobody who writes one means words of a title.
*/
export const isItemId = (text: string): boolean => /^i[\da-f]{16}$/v.test(text);

/**
For a library whose uuid is the id of another library: a server that was set up from a copy of another one has the same uuids.
*/
export const spareLibraryId = (serverId: string, uuid: string) => shortHash('l', serverId, uuid);

/**
For a server whose machineIdentifier is the id of another server, which has a new machineIdentifier since.
*/
export const spareServerId = (machineIdentifier: string, attempt: number) => shortHash('s', machineIdentifier, String(attempt));

/**
For a season that the server hides: only its show and its number are known.
*/
export const hiddenSeasonId = (showId: string, seasonNumber: number | undefined) =>
	shortHash('i', showId, 'season', String(seasonNumber ?? ''));

/**
For an item whose usual id is taken: servers reuse keys when their database is rebuilt.
*/
export const spareItemId = (serverId: string, ratingKey: string, attempt: number) => shortHash('i', serverId, ratingKey, String(attempt));

/**
For a show that takes the place of one that cannot be the parent that the server says it is. `name` is what the server calls it.
*/
export const standInShowId = (libraryId: string, name: string) => shortHash('i', libraryId, 'show', name);

export const tombstoneId = (removedId: string) => `x${removedId}`;

/**
A person has the same `plexKey` on every server. Without one, Plex distinguishes people by name only.
*/
export const personId = (serverId: string, name: string, plexKey?: string) =>
	plexKey === undefined ? shortHash('p', serverId, name.normalize('NFC')) : shortHash('p', 'plex', plexKey);

/**
The `scope` of collections and labels is their library; the other kinds are the same everywhere.
*/
export const tagId = (tagKind: TagKind, name: string, scope = '') => shortHash('t', tagKind, scope, name.normalize('NFC'));

/**
For a collection or a playlist, made from the title under which it is first seen. The `scope` is its library, or its server for a playlist. `ratingKey` is given where another one has that id.
*/
export const listId = (kind: ListKind, scope: string, title: string, ratingKey?: string) =>
	shortHash(kind === 'collection' ? 'c' : 'q', scope, title.normalize('NFC'), ...ratingKey === undefined ? [] : [ratingKey]);

/**
Made from the path, so that several episodes in one file, or one file in two libraries, are one record. Paths that differ only in how an accent is written are two files on most disks.
*/
export const fileId = (serverId: string, path: string) => shortHash('f', serverId, path);

/**
For a file whose path the token may not see.
*/
export const hiddenFileId = (serverId: string, partId: string) => shortHash('f', serverId, 'part', partId);

/**
Names a run in its record, in the history and in the name of its log.
*/
export const newRunId = () => `r${randomUUID().replaceAll('-', '').slice(0, 16)}`;
