import {defined} from '../../catalog/values.js';
import type {
	CastMember,
	Person,
	Tag,
	TagKind,
} from '../../catalog/types.js';
import {
	asArray,
	asRecord,
	isRecord,
	readString,
	type Wire,
} from '../wire.js';
import {readImagePath} from './images.js';
import {knownPersonId, knownTagId} from './memo.js';

export type PeopledRow = Wire<'Role' | 'Director' | 'Writer' | 'Producer'>;

/**
Reads cast and crew in billing order. A person with two parts is one cast member with both roles.
*/
export const readPeople = (row: PeopledRow, serverId: string) => {
	const people = new Map<string, Person>();

	const refer = (element: unknown): string | undefined => {
		const person = readPerson(element, serverId);
		if (person === undefined) {
			return undefined;
		}

		const known = people.get(person.id);
		if (known === undefined) {
			people.set(person.id, person);
		} else if (person.thumb !== undefined) {
			known.thumb ??= person.thumb;
		}

		return person.id;
	};

	const crew = (elements: unknown) => {
		const ids = asArray(elements).map(element => refer(element)).filter(id => id !== undefined);
		return ids.length > 1 ? [...new Set(ids)] : ids;
	};

	return {
		cast: readCast(row.Role, refer),
		directors: crew(row.Director),
		writers: crew(row.Writer),
		producers: crew(row.Producer),
		// The lists above fill it, so it comes last.
		people: Array.from(people, ([, person]) => person),
	};
};

const readPerson = (element: unknown, serverId: string): Person | undefined => {
	const {tag, tagKey, thumb}: Wire<'tag' | 'tagKey' | 'thumb'> = isRecord(element) ? element : {tag: element};
	const name = readString(tag);
	if (name === undefined) {
		return undefined;
	}

	const plexKey = readString(tagKey);
	return defined({
		id: knownPersonId(serverId, name, plexKey),
		kind: 'person',
		name,
		plexKey,
		thumb: readImagePath(thumb),
	});
};

const roleSeparator = ' / ';

const readCast = (elements: unknown, refer: (element: unknown) => string | undefined): CastMember[] => {
	const members = new Map<string, {member: CastMember; roles: Set<string>}>();
	for (const element of asArray(elements)) {
		const personId = refer(element);
		if (personId === undefined) {
			continue;
		}

		const role = readString(asRecord(element)['role']);
		const {member, roles} = members.get(personId) ?? {member: {personId}, roles: new Set()};
		members.set(personId, {member, roles});
		if (role === undefined || roles.has(role)) {
			continue;
		}

		for (const name of [role, ...role.split(roleSeparator)]) {
			roles.add(name);
		}

		member.role = member.role === undefined ? role : member.role + roleSeparator + role;
	}

	return Array.from(members, ([, {member}]) => member);
};

export type TaggedRow = Wire<'Genre' | 'Country' | 'studio' | 'Studio' | 'Collection' | 'Label'>;

/**
Collections and labels belong to the library, the other tags to the whole catalogue.
*/
export const readTags = (row: TaggedRow, libraryId: string) => {
	const tags = new Map<string, Tag>();

	const refer = (tagKind: TagKind, elements: readonly unknown[], scope = ''): string[] => {
		const ids = new Set<string>();
		for (const element of elements) {
			const name = readString(isRecord(element) ? element['tag'] : element);
			if (name === undefined) {
				continue;
			}

			const id = knownTagId(tagKind, name, scope);
			ids.add(id);
			if (!tags.has(id)) {
				tags.set(id, {
					id,
					kind: 'tag',
					tagKind,
					name,
				});
			}
		}

		return [...ids];
	};

	return {
		genres: refer('genre', asArray(row.Genre)),
		countries: refer('country', asArray(row.Country)),
		studios: refer('studio', [...asArray(row.studio), ...asArray(row.Studio)]),
		collections: refer('collection', asArray(row.Collection), libraryId),
		labels: refer('label', asArray(row.Label), libraryId),
		// The lists above fill it, so it comes last.
		tags: Array.from(tags, ([, tag]) => tag),
	};
};
