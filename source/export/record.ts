import {defined} from '../catalog/defined.js';
import type {Item, Part, Version} from '../catalog/types.js';
import type {ItemDetail} from '../query/types.js';
import type {ExportRecord} from './schema.js';

/**
The order of the fields is that of the schema, since the bytes of an export are promised to be the same for the same catalogue.
*/
export const exportRecord = (detail: ItemDetail): ExportRecord => {
	const {item, server, library} = detail;
	const tags = (ids: readonly string[]) => ids.map(id => detail.tags.get(id)?.name).filter(name => name !== undefined);
	const people = (ids: readonly string[]) => ids.map(id => detail.people.get(id)?.name).filter(name => name !== undefined);
	const studio = tags(item.studios).join(', ');
	const {viewState = {}} = item;

	return defined({
		schema: 1 as const,
		id: item.id,
		type: item.type,
		server: defined({id: item.serverId, name: server?.name}),
		library: defined({id: item.libraryId, key: library?.key, title: library?.title}),
		ratingKey: item.ratingKey,
		guid: item.guid,
		ids: {imdb: item.ids.imdb, tmdb: item.ids.tmdb, tvdb: item.ids.tvdb},
		title: item.title,
		titleSort: item.titleSort,
		originalTitle: item.originalTitle,
		editionTitle: item.editionTitle,
		year: item.year,
		releaseDate: item.releaseDate,
		summary: item.summary,
		tagline: item.tagline,
		contentRating: item.contentRating,
		studio: studio === '' ? undefined : studio,
		durationMs: item.durationMs,
		ratings: item.ratings.map(({source, kind, value}) => ({source, kind, value})),
		userRating: viewState.userRating,
		genres: tags(item.genres),
		countries: tags(item.countries),
		collections: tags(item.collections),
		labels: tags(item.labels),
		directors: people(item.directors),
		writers: people(item.writers),
		producers: people(item.producers),
		cast: castOf(detail),
		images: imagesOf(item),
		addedAt: item.addedAt,
		updatedAt: item.updatedAt,
		lastViewedAt: viewState.lastViewedAt,
		viewCount: viewState.viewCount,
		show: showOf(detail),
		season: seasonOf(detail),
		seasonNumber: item.seasonNumber,
		episodeNumber: item.episodeNumber,
		versions: item.versions.map(version => versionOf(version)),
		files: filesOf(detail),
		trashedAt: item.trashedAt,
	});
};

const castOf = ({item, people}: ItemDetail): ExportRecord['cast'] => item.cast.flatMap(({personId, role}) => {
	const person = people.get(personId);
	return person === undefined ? [] : [defined({name: person.name, role})];
});

const imagesOf = ({images}: Item): ExportRecord['images'] => {
	const {
		poster, background, logo, banner, square, thumb,
	} = images;
	const known = defined({
		poster, background, logo, banner, square, thumb,
	});
	return Object.keys(known).length === 0 ? undefined : known;
};

const showOf = ({item, show}: ItemDetail): ExportRecord['show'] =>
	item.showId === undefined ? undefined : defined({id: item.showId, ratingKey: show?.ratingKey, title: show?.title});

const seasonOf = ({item, season}: ItemDetail): ExportRecord['season'] =>
	item.seasonId === undefined
		? undefined
		: defined({id: item.seasonId, ratingKey: season?.ratingKey, number: season?.seasonNumber ?? item.seasonNumber});

const versionOf = (version: Version): ExportRecord['versions'][number] => defined({
	id: version.id,
	resolution: version.resolution,
	width: version.width,
	height: version.height,
	videoCodec: version.videoCodec,
	audioCodec: version.audioCodec,
	container: version.container,
	bitrateKbps: version.bitrateKbps,
	durationMs: version.durationMs,
	hdr: version.hdr,
	fileIds: version.parts.map(({fileId}) => fileId),
});

/**
Each file once, where a version first plays it.
*/
const filesOf = (detail: ItemDetail): ExportRecord['files'] => {
	const listed = new Map<string, ExportRecord['files'][number]>();
	for (const {parts} of detail.item.versions) {
		for (const [index, part] of parts.entries()) {
			if (!listed.has(part.fileId)) {
				listed.set(part.fileId, {
					...fileOf(detail, part), part: index + 1, parts: parts.length, sharedWith: [...detail.sharedWith.get(part.fileId) ?? []],
				});
			}
		}
	}

	return Array.from(listed, ([, file]) => file);
};

const fileOf = ({files}: ItemDetail, {fileId, durationMs}: Part) => {
	const file = files.get(fileId);
	return defined({
		id: fileId,
		path: file?.path,
		sizeBytes: file?.sizeBytes,
		durationMs: durationMs ?? file?.durationMs,
	});
};
