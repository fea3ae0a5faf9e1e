import {hashText, hexOf, type Dice} from './dice.js';
import type {PlexTag} from './row.js';
import {firstNames, lastNames} from './words.js';

/**
`filter` is what Plex calls the kind in a query: `genre`, `director`, `actor` ([OFF]).
*/
const tagOf = (filter: string, tag: string): PlexTag => {
	// One id per kind and text, as in Plex's tag table.
	const id = ((hashText(tag) + hashText(filter)) % 900_000_000) + 1;
	return {id, filter: `${filter}=${id}`, tag};
};

/**
Caches the first tags, since the same few thousand occur again and again.
*/
const remembered = (make: (filter: string, tag: string) => PlexTag) => {
	const known = new Map<string, Map<string, PlexTag>>();
	return (filter: string, tag: string): PlexTag => {
		let ofFilter = known.get(filter);
		if (ofFilter === undefined) {
			ofFilter = new Map();
			known.set(filter, ofFilter);
		}

		let found = ofFilter.get(tag);
		if (found === undefined) {
			found = make(filter, tag);
			if (ofFilter.size < 20_000) {
				ofFilter.set(tag, found);
			}
		}

		return found;
	};
};

const tagNamed = remembered(tagOf);

export const tagsOf = (filter: string, tags: readonly string[]): PlexTag[] => tags.map(tag => ({...tagNamed(filter, tag)}));

/**
A person is the same everywhere, by name. Every seventh has no `tagKey`, because only the server knows it, as with legacy agents.
*/
const personNamed = remembered((filter, name) => {
	const hash = hashText(name);
	return {
		...tagOf(filter, name),
		...(hash % 7 !== 0 && {tagKey: `5d77${hexOf(20, hash)}`}),
		...(hash % 3 === 0 && {thumb: `https://metadata-static.plex.tv/${hexOf(1, hash, 1)}/people/${hexOf(32, hash, 2)}.jpg`}),
	};
});

export const personOf = (filter: string, name: string, role?: string): PlexTag => {
	const {id, tag, tagKey, thumb, filter: query} = personNamed(filter, name);
	// Undefined fields are not sent. The same shape for all keeps this fast, since a page has thousands of people.
	return {
		id, filter: query, tag, tagKey, role, thumb,
	};
};

export const peopleOf = (filter: string, names: readonly string[]): PlexTag[] => names.map(name => personOf(filter, name));

const names = lastNames.flatMap(last => firstNames.map(first => `${first} ${last}`));

/**
About 4,200 names. The first ones are drawn more often, as in a real library.
*/
export const someName = (dice: Dice): string => names[Math.floor((dice.integer(0, 999) / 1000) * (dice.integer(0, 999) / 1000) * names.length)]!;

export const someNames = (dice: Dice, count: number): string[] => {
	const drawn: string[] = [];
	for (let number = 0; number < count; number++) {
		const name = someName(dice);
		if (!drawn.includes(name)) {
			drawn.push(name);
		}
	}

	return drawn;
};
