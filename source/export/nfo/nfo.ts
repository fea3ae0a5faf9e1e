import {createHash} from 'node:crypto';
import {clean} from '../../base/text/clean.js';
import {knownNames} from '../../catalog/fields/exported.js';
import {fullTitle} from '../../catalog/item.js';
import {mainRating} from '../../catalog/quality.js';
import type {Item, Rating, Version} from '../../catalog/types.js';
import {detailResolver} from '../../query/related.js';
import type {ItemDetail} from '../../query/types.js';
import {idAt, isPlayed, wholeRating} from '../marks.js';
import {streamNodes} from './streams.js';
import {node, xmlLines, type XmlNode} from './xml.js';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const digestOf = (body: string) => createHash('sha256').update(body).digest('hex').slice(0, 16);

/**
The text of an NFO file. A comment has a digest of it, so that a later export knows whether somebody else has changed the file. It stands at the end, because MiniDLNA reads nothing of a file with a comment above its first element.
*/
export const nfoText = (nodes: readonly XmlNode[]): string => {
	const body = xmlLines(nodes);
	return `${declaration}${body}<!-- reelcat export ${digestOf(body)} -->\n`;
};

/**
Whether reelcat wrote this text and nobody has changed it since.
*/
export const isOwnNfo = (text: string): boolean => {
	const {body, digest} = /^[^\n]*\n(?<body>.*)<!-- reelcat export (?<digest>[\da-f]{16}) -->\n$/sv.exec(text)?.groups ?? {};
	return body !== undefined && text.startsWith(declaration) && digest === digestOf(body);
};

/**
Kodi takes the blanks and slash in "Drama / Crime" for the border between two values. A blank that is not broken looks the same and is none.
*/
const oneValue = (text: string) => clean(text).replaceAll(/\s(?=\/\s)/gv, '\u{A0}');

const listNodes = (name: string, values: readonly string[]): XmlNode[] => [...new Set(values)].flatMap(value => node(name, oneValue(value)));

/**
An instant in the form that Kodi reads, in UTC.
*/
const dateTime = (instant: string | undefined) => instant?.slice(0, 19).replace('T', ' ');

const idOrders = {
	movie: ['imdb', 'tmdb', 'tvdb'],
	show: ['tvdb', 'tmdb', 'imdb'],
	season: [],
	episode: ['tvdb', 'tmdb', 'imdb'],
} as const;

/**
One id for each provider, since Kodi would keep only the last one, and the first one is the default, since without one no id counts.
*/
const idNodes = (item: Item): XmlNode[] => {
	const ids = new Map<string, string>(idOrders[item.type].flatMap(provider => {
		const id = idAt(item, provider);
		return id === undefined ? [] : [[provider, id] as const];
	}));
	for (const {source, id} of item.ids.other ?? []) {
		const provider = source.toLowerCase().replaceAll(/[^\da-z]/gv, '');
		if (provider !== '' && !ids.has(provider)) {
			ids.set(provider, id);
		}
	}

	const nodes = [...ids].flatMap(([type, id]) => node('uniqueid', id, {type}));
	return nodes.map((one, index) => index === 0 ? {...one, attributes: `${one.attributes} default="true"`} : one);
};

/**
The names that Kodi's own scrapers and skins have for ratings.
*/
const ratingNames = new Map([['tmdb audience', 'themoviedb'], ['rottentomatoes critic', 'tomatometerallcritics'], ['rottentomatoes audience', 'tomatometerallaudience']]);

const ratingName = ({source, kind}: Rating) => {
	const word = source.toLowerCase().replaceAll(/[^\da-z]/gv, '');
	return ratingNames.get(`${word} ${kind}`) ?? (kind === 'audience' ? word : `${word}critics`);
};

const ratingNodes = ({ratings}: Item): XmlNode[] => {
	const main = mainRating(ratings);
	return node('ratings', ratings.flatMap(rating => node('rating', node('value', rating.value), {
		name: ratingName(rating), max: '10', ...rating === main && {default: 'true'},
	})));
};

const minutesOf = (durationMs: number | undefined) => durationMs === undefined || durationMs === 0 ? undefined : Math.max(1, Math.round(durationMs / 60_000));

const actorNodes = ({item: {cast}, people}: ItemDetail): XmlNode[] => cast
	.flatMap(({personId, role}) => {
		const name = people.get(personId)?.name;
		return name === undefined ? [] : [{name, role}];
	})
	.flatMap(({name, role}, order) => {
		const named = node('name', name);
		return named.length === 0 ? [] : node('actor', [...named, ...node('role', role), ...node('order', order)]);
	});

/**
What films, shows and episodes have in common.
*/
const headNodes = (detail: ItemDetail): XmlNode[] => {
	const {item} = detail;
	return [
		...node('originaltitle', item.originalTitle),
		...node('sorttitle', item.titleSort),
		...ratingNodes(item),
		...node('userrating', wholeRating(item)),
		...node('plot', item.summary),
		...node('runtime', minutesOf(item.durationMs)),
		...node('mpaa', item.contentRating),
		...idNodes(item),
	];
};

const tagNodes = (detail: ItemDetail): XmlNode[] => {
	const {item} = detail;
	const names = (ids: readonly string[]) => knownNames(ids, detailResolver(detail));
	const [set, ...others] = item.type === 'movie' ? names(item.collections) : [undefined, ...names(item.collections)];
	return [
		...listNodes('genre', names(item.genres)),
		...set === undefined ? [] : node('set', node('name', set)),
		...listNodes('tag', [...names(item.labels), ...others.filter(name => name !== undefined)]),
		...listNodes('country', names(item.countries)),
		...listNodes('credits', names(item.writers)),
		...listNodes('director', names(item.directors)),
		...listNodes('studio', names(item.studios)),
	];
};

const viewNodes = (item: Item): XmlNode[] => {
	const {viewCount, lastViewedAt, viewOffsetMs = 0} = item.viewState ?? {};
	const totalMs = item.durationMs;
	return [
		...isPlayed(item) ? node('playcount', viewCount) : [],
		...node('lastplayed', dateTime(lastViewedAt)),
		...viewOffsetMs < 1000
			? []
			: node('resume', [
				...node('position', Math.round(viewOffsetMs / 1000)),
				...node('total', totalMs === undefined ? undefined : Math.round(totalMs / 1000)),
			]),
	];
};

/**
A film, with what its file has. Kodi has no editions, so the title says which one it is.
*/
export const movieNodes = (detail: ItemDetail, version: Version): XmlNode[] => {
	const {item} = detail;
	return node('movie', [
		...node('title', fullTitle(item, undefined)),
		...headNodes(detail),
		...node('tagline', item.tagline),
		...item.releaseDate === undefined ? node('year', item.year) : node('premiered', item.releaseDate),
		...tagNodes(detail),
		...viewNodes(item),
		...node('dateadded', dateTime(item.addedAt)),
		...streamNodes(version, item.durationMs),
		...actorNodes(detail),
	]);
};

/**
Kodi takes two shows of one title for the same if it knows the first day of neither, so the title then has the year, which it would not show anyway.
*/
const showTitle = ({title, year, releaseDate}: Item) => releaseDate !== undefined || year === undefined || title.endsWith(`(${year})`) ? title : `${title} (${year})`;

/**
A show, with the names of its seasons by their numbers.
*/
export const showNodes = (detail: ItemDetail, seasonTitles: ReadonlyMap<number, string>): XmlNode[] => {
	const {item} = detail;
	return node('tvshow', [
		...node('title', showTitle(item)),
		...headNodes(detail),
		...node('tagline', item.tagline),
		...node('premiered', item.releaseDate),
		...tagNodes(detail),
		...[...seasonTitles].toSorted(([left], [right]) => left - right).flatMap(([number, title]) => node('namedseason', title, {number: String(number)})),
		...node('dateadded', dateTime(item.addedAt)),
		...actorNodes(detail),
	]);
};

export const episodeNodes = (detail: ItemDetail, version: Version): XmlNode[] => {
	const {item, show} = detail;
	return node('episodedetails', [
		...node('title', item.title),
		...node('showtitle', show?.title),
		...node('season', item.seasonNumber),
		...node('episode', item.episodeNumber),
		...headNodes(detail),
		...node('aired', item.releaseDate),
		...tagNodes(detail),
		...viewNodes(item),
		...node('dateadded', dateTime(item.addedAt)),
		...streamNodes(version, item.durationMs),
		...actorNodes(detail),
	]);
};
