import {formatBytes} from '../base/text/format.js';
import {soundOf} from '../catalog/fields/item-content-fields.js';
import {trackLanguage, videoName} from '../catalog/media-words.js';
import {bestVersion, mainRating, resolutionName} from '../catalog/quality.js';
import type {Item, Version} from '../catalog/types.js';
import {missingEpisodes} from './gaps.js';
import type {CatalogIndex, ItemDetail, ItemSummary} from './types.js';

export type EpisodeState = 'seen' | 'begun' | 'unseen' | 'missing';

/**
What people look for first. Its texts are as the server sent them.
*/
export type Glance = {
	/**
	As Plex names it, for its colour.
	*/
	resolution: string | undefined;
	picture: string;
	hdr: string | undefined;
	sound: string;
	subtitles: string;
	size: string;
	/**
	0 to 10.
	*/
	rating: number | undefined;
	tagline: string;
	summary: string;
	cast: string;
	file: string;
	/**
	The episodes of a season, or of each season of a show, in their order and with their gaps.
	*/
	seasons: ReadonlyArray<{label: string; episodes: readonly EpisodeState[]}>;
};

const mostNames = 5;

export const glanceAt = ({item, people, files}: ItemDetail, index: Pick<CatalogIndex, 'get' | 'children'>): Glance => {
	const best = bestVersion(item.versions);
	return {
		resolution: best?.resolution,
		picture: joined([named(best?.resolution, resolutionName), named(best?.videoCodec, videoName)]),
		hdr: best?.hdr,
		sound: joined([best && soundOf(best), languages(best?.audio)]),
		subtitles: languages(best?.subtitles),
		size: sizeText(item.versions, files),
		rating: mainRating(item.ratings)?.value,
		tagline: item.tagline ?? '',
		summary: item.summary ?? '',
		cast: item.cast.slice(0, mostNames).flatMap(({personId}) => people.get(personId)?.name ?? []).join(', '),
		file: best?.parts.flatMap(({fileId}) => files.get(fileId)?.path ?? [])[0] ?? '',
		seasons: seasonsOf(item, index),
	};
};

const named = (text: string | undefined, nameOf: (text: string) => string) => text === undefined ? undefined : nameOf(text);

const joined = (texts: ReadonlyArray<string | undefined>) => texts.filter(text => text !== undefined && text !== '').join(' · ');

const languages = (tracks: Version['audio'] | Version['subtitles'] = []) => [...new Set(tracks.flatMap(track => trackLanguage(track) ?? []))].join(', ');

const sizeText = (versions: readonly Version[], files: ItemDetail['files']) => {
	const sizeBytes = versions.flatMap(({parts}) => parts).reduce((sum, {fileId}) => sum + (files.get(fileId)?.sizeBytes ?? 0), 0);
	return sizeBytes === 0 ? '' : joined([formatBytes(sizeBytes), versions.length > 1 ? `${versions.length} versions` : undefined]);
};

const seasonsOf = ({id, type}: Item, index: Pick<CatalogIndex, 'get' | 'children'>): Glance['seasons'] => {
	if (type !== 'show' && type !== 'season') {
		return [];
	}

	const episodes = index.children(id).flatMap(child => index.get(child) ?? []).filter(child => child.type === 'episode');
	return [...Map.groupBy(episodes, ({seasonNumber = 0}) => seasonNumber)]
		.toSorted(([left], [right]) => left - right)
		.map(([season, all]) => ({label: season === 0 ? 'Specials' : `Season ${season}`, episodes: strip(season, all)}));
};

const strip = (season: number, episodes: readonly ItemSummary[]): EpisodeState[] => {
	const missing = missingEpisodes(season, episodes.map(({episodeNumber}) => episodeNumber)).map(number => ({number, state: 'missing' as const}));
	const known = episodes.map(episode => ({number: episode.episodeNumber ?? Infinity, state: stateOf(episode)}));
	return [...missing, ...known].toSorted((left, right) => left.number === right.number ? 0 : left.number - right.number).map(({state}) => state);
};

const stateOf = ({isWatched, isBegun}: ItemSummary): EpisodeState => isBegun ? 'begun' : (isWatched ? 'seen' : 'unseen');
