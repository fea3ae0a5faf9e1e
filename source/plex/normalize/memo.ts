import {itemId, personId, tagId} from '../../catalog/identity.js';
import type {TagKind} from '../../catalog/types.js';

const maxEntries = 50_000;
const maxScopes = 64;

/**
Caches a pure function of a text. The same actors, genres and shows come back in row after row, and hashing them again would cost most of the time.
*/
const memoize = (compute: (text: string) => string) => {
	const known = new Map<string, string>();
	return (text: string): string => {
		const old = known.get(text);
		if (old !== undefined) {
			return old;
		}

		if (known.size >= maxEntries) {
			known.clear();
		}

		const value = compute(text);
		known.set(text, value);
		return value;
	};
};

/**
One cache per server, library or kind, so that no key has to be built from parts. There are few scopes; if there are thousands, all caches are dropped.
*/
const memoizeScoped = (compute: (scope: string, text: string) => string) => {
	const scopes = new Map<string, (text: string) => string>();
	return (scope: string, text: string): string => {
		let known = scopes.get(scope);
		if (known === undefined) {
			if (scopes.size >= maxScopes) {
				scopes.clear();
			}

			known = memoize(fresh => compute(scope, fresh));
			scopes.set(scope, known);
		}

		return known(text);
	};
};

export const knownItemId = memoizeScoped((serverId, ratingKey) => itemId(serverId, ratingKey));

const idByPlexKey = memoize(plexKey => personId('', '', plexKey));
const idByName = memoizeScoped((serverId, name) => personId(serverId, name));

export const knownPersonId = (serverId: string, name: string, plexKey: string | undefined) =>
	plexKey === undefined ? idByName(serverId, name) : idByPlexKey(plexKey);

const tagIds = {
	genre: memoizeScoped((scope, name) => tagId('genre', name, scope)),
	country: memoizeScoped((scope, name) => tagId('country', name, scope)),
	studio: memoizeScoped((scope, name) => tagId('studio', name, scope)),
	collection: memoizeScoped((scope, name) => tagId('collection', name, scope)),
	label: memoizeScoped((scope, name) => tagId('label', name, scope)),
} satisfies Record<TagKind, unknown>;

export const knownTagId = (tagKind: TagKind, name: string, scope: string) => tagIds[tagKind](scope, name);
