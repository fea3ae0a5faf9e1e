import {fileIdsOf} from '../catalog/item.js';
import type {Item} from '../catalog/types.js';
import {isOwnGuid} from './recognise.js';

/**
Whether a ratingKey still belongs to the same item, judged by content: a server whose database was rebuilt or restored hands keys out again, and two items may swap theirs. A match that a person corrected changes guid, external ids and title, but not the files.

`unsure`: a show says nothing of its files, so its episodes must tell. The parents of `fresh` must have the ids of the catalogue.
*/
export type Likeness = 'same' | 'other' | 'unsure';

export const likeness = (old: Item, fresh: Item): Likeness => old.type === fresh.type ? judges[old.type](old, fresh) : 'other';

/**
Whether what both say of one point agrees; undefined if one of them says nothing.
*/
type Agreement = boolean | undefined;

const agreement = (old: ReadonlySet<string>, fresh: ReadonlySet<string>): Agreement =>
	old.size === 0 || fresh.size === 0 ? undefined : old.values().some(name => fresh.has(name));

const files = (old: Item, fresh: Item): Agreement => agreement(new Set(fileIdsOf(old)), new Set(fileIdsOf(fresh)));

/**
Names that the agent gave. Those of different providers cannot be compared.
*/
const names = (old: Item, fresh: Item): Agreement => {
	const agreements = new Set([
		agreement(ownGuids(old), ownGuids(fresh)),
		...(['imdb', 'tmdb', 'tvdb'] as const).map(provider => agreement(new Set(old.ids[provider]), new Set(fresh.ids[provider]))),
	]);
	return agreements.has(true) || (agreements.has(false) ? false : undefined);
};

const ownGuids = ({guid}: Item) => new Set(isOwnGuid(guid) ? [guid] : []);

const isSameTitle = (old: Item, fresh: Item) => old.title === fresh.title;

const isSamePlace = (old: Item, fresh: Item) => old.showId === fresh.showId && old.seasonNumber === fresh.seasonNumber && old.episodeNumber === fresh.episodeNumber;

const when = (isSame: boolean): Likeness => isSame ? 'same' : 'other';

const judges: Readonly<Record<Item['type'], (old: Item, fresh: Item) => Likeness>> = {
	// A file of another name is no proof while nobody says that it is another film.
	movie: (old, fresh) => byFileAndName(old, fresh, ({isSilent}) => isSilent || isSameTitle(old, fresh)),
	show: (old, fresh) => names(old, fresh) ?? isSameTitle(old, fresh) ? 'same' : 'unsure',
	season: (old, fresh) => when(old.showId === fresh.showId && (old.seasonNumber === fresh.seasonNumber || names(old, fresh) === true)),
	episode: (old, fresh) => byFileAndName(old, fresh, () => isSamePlace(old, fresh)),
};

/**
One of both is enough to be the same, and both are needed to be another. `isSame` decides the rest; `isSilent` means that neither could be compared.
*/
const byFileAndName = (old: Item, fresh: Item, isSame: (facts: {isSilent: boolean}) => boolean): Likeness => {
	const points = new Set([files(old, fresh), names(old, fresh)]);
	return when(points.has(true) || (points.has(undefined) && isSame({isSilent: !points.has(false)})));
};
