import {personId, tagId} from '../../catalog/identity.js';
import type {Person, Tag, TagKind} from '../../catalog/types.js';
import {defined} from '../../catalog/values.js';
import {readString, type Wire} from '../wire.js';
import {readImagePath} from './images.js';
import {maxEntries, memoizeScoped} from './memo.js';

type Credit = Wire<'tag' | 'tagKey' | 'thumb'>;

type KnownPerson = {serverId: string; tag: unknown; tagKey: unknown; thumb: unknown; person: Person | undefined};

/**
The last person of each key or name. A server repeats them in row after row, and then nothing has to be read, hashed and made again. Those with and without a picture are kept apart, because a server sends somebody with one as an actor and without one as a director.
*/
const withPicture = new Map<string, KnownPerson>();
const withoutPicture = new Map<string, KnownPerson>();

// What is longer is no name and no address, and is not kept.
const maxLength = 500;

const isShortOrAbsent = (value: unknown) => value === undefined || (typeof value === 'string' && value.length <= maxLength);

/**
@returns The same object for the same credit, which must not be changed; undefined without a name.
*/
export const knownPerson = ({tag, tagKey, thumb}: Credit, serverId: string): Person | undefined => {
	const known = thumb === undefined ? withoutPicture : withPicture;
	const key = tagKey ?? tag;
	const last = typeof key === 'string' ? known.get(key) : undefined;
	if (last !== undefined && last.tag === tag && last.thumb === thumb && last.tagKey === tagKey && last.serverId === serverId) {
		return last.person;
	}

	const person = readPerson({tag, tagKey, thumb}, serverId);
	if (typeof key === 'string' && isShortOrAbsent(tag) && isShortOrAbsent(tagKey) && isShortOrAbsent(thumb)) {
		if (known.size >= maxEntries) {
			known.clear();
		}

		known.set(key, {
			serverId, tag, tagKey, thumb, person,
		});
	}

	return person;
};

const readPerson = ({tag, tagKey, thumb}: Credit, serverId: string): Person | undefined => {
	const name = readString(tag);
	if (name === undefined) {
		return undefined;
	}

	const plexKey = readString(tagKey);
	return defined({
		id: personId(serverId, name, plexKey),
		kind: 'person',
		name,
		plexKey,
		thumb: readImagePath(thumb),
	});
};

const tagsOfKind = (tagKind: TagKind) => memoizeScoped((scope, name): Tag => ({
	id: tagId(tagKind, name, scope), kind: 'tag', tagKind, name,
}));

const tags = {
	genre: tagsOfKind('genre'),
	country: tagsOfKind('country'),
	studio: tagsOfKind('studio'),
	collection: tagsOfKind('collection'),
	label: tagsOfKind('label'),
} satisfies Record<TagKind, unknown>;

/**
@returns The same object for the same tag, which must not be changed.
*/
export const knownTag = (tagKind: TagKind, name: string, scope: string): Tag => tags[tagKind](scope, name);
