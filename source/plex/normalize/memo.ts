import {itemId} from '../../catalog/identity.js';

export const maxEntries = 50_000;
const maxScopes = 64;

/**
Caches a pure function of a text. The same actors, genres and shows come back in row after row, and hashing them again would cost most of the time.
*/
const memoize = <Value>(compute: (text: string) => Value) => {
	const known = new Map<string, Value>();
	return (text: string): Value => {
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
export const memoizeScoped = <Value>(compute: (scope: string, text: string) => Value) => {
	const scopes = new Map<string, (text: string) => Value>();
	return (scope: string, text: string): Value => {
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
