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
import {knownPerson, knownTag} from './known-entities.js';

export type PeopledRow = Wire<'Role' | 'Director' | 'Writer' | 'Producer'>;

/**
Reads cast and crew in billing order. A person with two parts is one cast member with both roles.
*/
export const readPeople = (row: PeopledRow, serverId: string) => {
	const people = new Map<string, Person>();
	return {
		cast: readCast(row.Role, serverId, people),
		directors: readCrew(row.Director, serverId, people),
		writers: readCrew(row.Writer, serverId, people),
		producers: readCrew(row.Producer, serverId, people),
		// The lists above fill it, so it comes last.
		people: Array.from(people, ([, person]) => person),
	};
};

/**
Adds the person to `people`, and returns its id.
*/
const refer = (element: unknown, serverId: string, people: Map<string, Person>): string | undefined => {
	const person = knownPerson(isRecord(element) ? element : {tag: element}, serverId);
	if (person === undefined) {
		return undefined;
	}

	const known = people.get(person.id);
	if (known === undefined) {
		people.set(person.id, person);
	} else if (person.thumb !== undefined && known.thumb === undefined) {
		people.set(person.id, {...known, thumb: person.thumb});
	}

	return person.id;
};

const readCrew = (elements: unknown, serverId: string, people: Map<string, Person>): string[] => {
	const ids: string[] = [];
	for (const element of asArray(elements)) {
		const id = refer(element, serverId, people);
		if (id !== undefined && !ids.includes(id)) {
			ids.push(id);
		}
	}

	return ids;
};

const roleSeparator = ' / ';

const rolesIn = (role: string) => [role, ...role.split(roleSeparator)];

const readCast = (elements: unknown, serverId: string, people: Map<string, Person>): CastMember[] => {
	const members = new Map<string, CastMember>();
	// Only of those who come again, because nearly everybody comes once.
	const rolesOf = new Map<string, Set<string>>();
	for (const element of asArray(elements)) {
		const personId = refer(element, serverId, people);
		if (personId === undefined) {
			continue;
		}

		const role = readString(asRecord(element)['role']);
		const member = members.get(personId);
		if (member === undefined) {
			members.set(personId, role === undefined ? {personId} : {personId, role});
			continue;
		}

		const roles = rolesOf.get(personId) ?? new Set(member.role === undefined ? [] : rolesIn(member.role));
		rolesOf.set(personId, roles);
		if (role === undefined || roles.has(role)) {
			continue;
		}

		for (const name of rolesIn(role)) {
			roles.add(name);
		}

		member.role = member.role === undefined ? role : member.role + roleSeparator + role;
	}

	return Array.from(members, ([, member]) => member);
};

export type TaggedRow = Wire<'Genre' | 'Country' | 'studio' | 'Studio' | 'Collection' | 'Label'>;

/**
Collections and labels belong to the library, the other tags to the whole catalogue.
*/
export const readTags = (row: TaggedRow, libraryId: string) => {
	const tags = new Map<string, Tag>();
	return {
		genres: readTagIds('genre', asArray(row.Genre), '', tags),
		countries: readTagIds('country', asArray(row.Country), '', tags),
		studios: readTagIds('studio', [...asArray(row.studio), ...asArray(row.Studio)], '', tags),
		collections: readTagIds('collection', asArray(row.Collection), libraryId, tags),
		labels: readTagIds('label', asArray(row.Label), libraryId, tags),
		// The lists above fill it, so it comes last.
		tags: Array.from(tags, ([, tag]) => tag),
	};
};

const readTagIds = (tagKind: TagKind, elements: readonly unknown[], scope: string, tags: Map<string, Tag>): string[] => {
	const ids: string[] = [];
	for (const element of elements) {
		const name = readString(isRecord(element) ? element['tag'] : element);
		if (name === undefined) {
			continue;
		}

		const tag = knownTag(tagKind, name, scope);
		if (ids.includes(tag.id)) {
			continue;
		}

		ids.push(tag.id);
		if (!tags.has(tag.id)) {
			tags.set(tag.id, tag);
		}
	}

	return ids;
};
