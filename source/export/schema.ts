import * as z from 'zod';
import {
	externalIdsSchema,
	fileSchema,
	imagesSchema,
	itemSchema,
	partSchema,
	ratingSchema,
	versionSchema,
	viewStateSchema,
} from '../catalog/schema.js';

const names = z.array(z.string());
const item = itemSchema.shape;
const version = versionSchema.shape;

const optionalText = z.string().optional();

const serverOfRecord = z.object({id: z.string(), name: optionalText});

const libraryOfRecord = z.object({
	id: z.string().meta({description: 'The uuid of the section'}),
	key: optionalText,
	title: optionalText,
});

const castMember = z.object({name: z.string(), role: optionalText});
const showOfRecord = z.object({id: z.string(), ratingKey: optionalText, title: optionalText});
const seasonOfRecord = z.object({id: z.string(), ratingKey: optionalText, number: item.seasonNumber});

const versionOfRecord = z.object({
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
	fileIds: z.array(z.string()).meta({description: 'In playing order'}),
});

const fileOfRecord = z.object({
	id: z.string(),
	path: fileSchema.shape.path,
	sizeBytes: fileSchema.shape.sizeBytes,
	durationMs: partSchema.shape.durationMs,
	part: z.int().positive().meta({description: 'Place in its version, from 1'}),
	parts: z.int().positive().meta({description: 'More than 1 for a split item'}),
	sharedWith: z.array(z.string()).meta({description: 'Ids of the other items in the same physical file'}),
});

/**
The public form of an item, the same for every format. Names and order are fixed: what is added comes as a new optional field, anything else raises `schema`.
*/
export const exportRecordSchema = z.object({
	schema: z.literal(1),
	id: item.id.meta({description: 'Of the catalogue; stays the same from run to run'}),
	type: item.type,
	server: serverOfRecord,
	library: libraryOfRecord,
	ratingKey: item.ratingKey,
	guid: item.guid,
	ids: externalIdsSchema,
	title: item.title,
	titleSort: item.titleSort,
	originalTitle: item.originalTitle,
	editionTitle: item.editionTitle,
	year: item.year,
	releaseDate: item.releaseDate,
	summary: item.summary,
	tagline: item.tagline,
	contentRating: item.contentRating,
	studio: z.string().optional().meta({description: 'Several are separated by commas'}),
	durationMs: item.durationMs,
	ratings: z.array(ratingSchema),
	userRating: viewStateSchema.shape.userRating,
	genres: names,
	countries: names,
	collections: names,
	labels: names,
	directors: names,
	writers: names,
	producers: names,
	cast: z.array(castMember),
	images: imagesSchema.optional(),
	addedAt: item.addedAt,
	updatedAt: item.updatedAt,
	lastViewedAt: viewStateSchema.shape.lastViewedAt,
	viewCount: viewStateSchema.shape.viewCount,
	show: showOfRecord.optional(),
	season: seasonOfRecord.optional(),
	seasonNumber: item.seasonNumber,
	episodeNumber: item.episodeNumber,
	versions: z.array(versionOfRecord),
	files: z.array(fileOfRecord),
	trashedAt: item.trashedAt,
}).meta({
	title: 'reelcat export record',
	description: 'One line of `reelcat export --format ndjson`: a movie, show, season or episode. Instants are ISO 8601 in UTC. A field with nothing to say is left out; arrays may be empty.',
});

export type ExportRecord = z.infer<typeof exportRecordSchema>;
