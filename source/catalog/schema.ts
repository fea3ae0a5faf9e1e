import * as z from 'zod';
import {once} from '../base/once.js';
import {itemTypes} from './kinds.js';
import {collectionSchema, playlistSchema} from './list-schema.js';
import {
	audioSchema,
	chapterSchema,
	described,
	extraSchema,
	markerSchema,
	recordingSchema,
	subtitleSchema,
	videoSchema,
} from './media-schema.js';

/**
The shape of everything that the catalogue holds. Types, the JSON Schema in `docs/schema/` and the checks of `verify` all come from here. Each schema is made when it is first asked for: most commands need few of them, and to make all takes a good part of a short command.

Instants are ISO 8601 in UTC with whole seconds, dates are `YYYY-MM-DD`, absent means unknown or none.
*/
const instant = z.iso.datetime();
const date = z.iso.date();
const count = z.int().nonnegative();
const id = z.string().min(1);
const ids = z.array(id);

export const tagKinds = ['genre', 'country', 'studio', 'collection', 'label'] as const;

const texts = z.array(z.string());

const otherIdSchema = once(() => z.object({
	source: described(z.string(), 'The provider, as the server names it: anidb, mal, musicbrainz, tvmaze, tmsid or any other', 'anidb'),
	id: described(z.string(), 'The id there', '112'),
}));

export const externalIdsSchema = once(() => z.object({
	imdb: described(texts, 'Ids at IMDb', ['tt0013442']),
	tmdb: described(texts, 'Ids at TMDB', ['653']),
	tvdb: described(texts, 'Ids at TVDB', ['91512']),
	other: z.array(otherIdSchema()).optional().meta({description: 'Ids of other providers', examples: [[{source: 'anidb', id: '112'}]]}),
}).meta({description: 'Ids of this very item, never of its show. A provider may have several.'}));

export const ratingSchema = once(() => z.object({
	source: described(z.string(), 'imdb, rottentomatoes, tmdb, tvdb, or plex where the server does not say', 'imdb'),
	kind: described(z.enum(['audience', 'critic']), 'Whose rating it is', 'audience'),
	value: described(z.number().min(0).max(10), 'From 0 to 10', 7.4),
}));

export const imagesSchema = once(() => z.object({
	poster: described(z.string().optional(), 'The poster', '/library/metadata/512/thumb/1748111111'),
	background: described(z.string().optional(), 'The background', '/library/metadata/512/art/1748111111'),
	logo: described(z.string().optional(), 'The logo, on a clear ground', '/library/metadata/512/clearLogo/1748111111'),
	banner: described(z.string().optional(), 'The banner', '/library/metadata/2001/banner/5'),
	square: described(z.string().optional(), 'A square picture', '/library/metadata/512/squareArt/1748111111'),
	thumb: described(z.string().optional(), 'The still of an episode', '/library/metadata/2021/thumb/1748200021'),
}).meta({description: 'Paths on the server, without a token'}));

export const viewStateSchema = once(() => z.object({
	viewCount: count.optional(),
	viewOffsetMs: count.optional(),
	lastViewedAt: instant.optional(),
	userRating: z.number().min(0).max(10).optional(),
	lastRatedAt: instant.optional(),
	viewedLeafCount: count.optional().meta({description: 'Episodes below that the user has watched'}),
}).meta({description: 'What the user of the token did, apart from what is true of the item'}));

export const castSchema = once(() => z.object({personId: id, role: z.string().optional()}));

export const partSchema = once(() => z.object({
	fileId: id,
	partId: z.string().optional().meta({description: 'Plex Part id'}),
	key: z.string().optional().meta({description: 'Plex Part key; its number follows the modification of the file'}),
	durationMs: count.optional(),
	unavailable: z.boolean().optional().meta({description: 'The server cannot find or read the file; it says so only where it has looked'}),
}));

export const versionSchema = once(() => z.object({
	id: id.meta({description: 'Plex Media id'}),
	title: z.string().optional(),
	optimized: z.boolean().optional().meta({description: 'A copy that Plex made for streaming'}),
	proxy: z.boolean().optional().meta({description: 'Another copy that stands in for a version'}),
	target: z.string().optional().meta({description: 'What the copy was made for, as the server calls it'}),
	resolution: z.string().optional().meta({description: 'sd, 480, 576, 720, 1080, 4k …, as Plex names it'}),
	width: count.optional(),
	height: count.optional(),
	aspectRatio: z.number().optional(),
	videoCodec: z.string().optional(),
	videoProfile: z.string().optional(),
	frameRate: z.string().optional(),
	hdr: z.string().optional().meta({description: 'Dolby Vision, HDR10 or HLG; absent for standard range'}),
	video: videoSchema().optional().meta({description: 'More of the picture, from the first video stream; its codec and profile only where they are not those of the version'}),
	audioCodec: z.string().optional(),
	audioProfile: z.string().optional(),
	audioChannels: count.optional(),
	container: z.string().optional(),
	bitrateKbps: count.optional(),
	durationMs: count.optional(),
	audio: z.array(audioSchema()).optional(),
	subtitles: z.array(subtitleSchema()).optional(),
	recording: recordingSchema().optional().meta({description: 'Of a version that a DVR recorded'}),
	parts: z.array(partSchema()).meta({description: 'In playing order; more than one for a split item'}),
}));

export const fingerprintsSchema = once(() => z.object({
	slim: z.string().meta({description: 'Of the fields that every listing has: stamps, number, versions, parts, sizes and paths'}),
	full: z.string().optional().meta({description: 'Of the whole row of a full listing, less what changes by itself'}),
}).meta({description: 'Of the listed row that the details belong to. A row with another fingerprint has changed'}));

export const itemSchema = once(() => z.object({
	id,
	kind: z.literal('item'),
	type: z.enum(itemTypes),
	serverId: id,
	libraryId: id,
	ratingKey: z.string().optional().meta({description: 'Absent on a placeholder that Plex itself does not list'}),
	placeholder: z.boolean().optional().meta({description: 'Made by reelcat so that a child has its parent'}),
	showId: id.optional(),
	seasonId: id.optional(),
	seasonNumber: z.int().optional().meta({description: '0 is Specials'}),
	episodeNumber: z.int().optional().meta({description: 'Absent on date-based shows'}),
	guid: z.string().optional(),
	ids: externalIdsSchema(),
	title: z.string(),
	titleSort: z.string().optional(),
	originalTitle: z.string().optional(),
	editionTitle: z.string().optional(),
	subtype: z.string().optional(),
	year: z.int().optional(),
	releaseDate: date.optional(),
	summary: z.string().optional(),
	tagline: z.string().optional(),
	contentRating: z.string().optional(),
	durationMs: count.optional(),
	ratings: z.array(ratingSchema()),
	genres: ids,
	countries: ids,
	studios: ids,
	collections: ids,
	labels: ids,
	directors: ids,
	writers: ids,
	producers: ids,
	cast: z.array(castSchema()),
	images: imagesSchema(),
	slug: z.string().optional().meta({description: 'Names the work in addresses of plex.tv'}),
	theme: z.string().optional().meta({description: 'Path of the theme music on the server, without a token'}),
	folders: z.array(z.string()).optional().meta({description: 'Folders of a show, as the server sees them; several for one that was merged'}),
	showOrdering: z.string().optional().meta({description: 'Whose numbers the seasons and episodes have, where it is not the choice of the library: tmdbAiring, aired, dvd, absolute …'}),
	episodeOrder: z.enum(['oldest-first', 'newest-first']).optional(),
	createdAtAccuracy: z.string().optional().meta({description: 'How well the server knows when a home video was made, for instance epoch,local'}),
	createdAtOffsetSeconds: z.int().optional().meta({description: 'Of the time zone in which a home video was made'}),
	chapters: z.array(chapterSchema()).optional(),
	markers: z.array(markerSchema()).optional(),
	extras: z.array(extraSchema()).optional(),
	lockedFields: z.array(z.string()).optional(),
	leafCount: count.optional().meta({description: 'Episodes below, as the server counts them'}),
	childCount: count.optional().meta({description: 'Seasons below, with Specials, as the server counts them'}),
	addedAt: instant.optional(),
	updatedAt: instant.optional(),
	trashedAt: instant.optional(),
	firstSeenAt: instant.optional().meta({description: 'When reelcat first saw it; follows the item when Plex gives it a new ratingKey'}),
	missingSince: instant.optional().meta({description: 'The server no longer lists it, and its removal is held until someone accepts it'}),
	fingerprints: fingerprintsSchema().optional(),
	viewState: viewStateSchema().optional(),
	versions: z.array(versionSchema()),
}));

export const personSchema = once(() => z.object({
	id,
	kind: z.literal('person'),
	name: z.string(),
	plexKey: z.string().optional().meta({description: 'Global person id of Plex (tagKey)'}),
	thumb: z.string().optional(),
}));

export const tagSchema = once(() => z.object({
	id,
	kind: z.literal('tag'),
	tagKind: z.enum(tagKinds),
	name: z.string(),
}));

export const fileSchema = once(() => z.object({
	id,
	kind: z.literal('file'),
	serverId: id,
	path: z.string().optional().meta({description: 'As the server sees it; some tokens do not see it'}),
	sizeBytes: count.optional(),
	durationMs: count.optional(),
	container: z.string().optional(),
}));

export const removalReasons = ['gone', 'accepted', 'library-gone', 'left-library'] as const;

export const heldReasons = ['share', 'location', 'show', 'season', 'collection', 'library-gone', 'viewer'] as const;

export const tombstoneSchema = once(() => z.object({
	id: id.meta({description: 'Of the tombstone; `itemId` is that of the item'}),
	kind: z.literal('tombstone'),
	itemId: id,
	serverId: id,
	libraryId: id,
	removedAt: instant,
	runId: id,
	reason: z.enum(removalReasons),
	item: itemSchema().meta({description: 'As it was last known'}),
	files: z.array(fileSchema()),
}).meta({description: 'What is left of an item that the server no longer has'}));

export const importTotalsSchema = once(() => z.object({
	expected: count,
	imported: count,
	unchanged: count,
	failed: count,
	skipped: count,
}));

const sentences = once(() => z.array(z.string()).meta({description: 'Why something was left undone, in sentences'}));

export const syncModes = ['import', 'retry', 'skip', 'touch', 'lists', 'look', 'sweep', 'full'] as const;

const runLibrarySchema = once(() => importTotalsSchema().extend({
	id,
	title: z.string(),
	mode: z.enum(syncModes),
	complete: z.boolean(),
	durationMs: count,
	changes: z.partialRecord(z.string(), count).meta({description: 'Number of changes by kind, as in the history'}),
	held: count.meta({description: 'Removals that wait to be accepted'}),
	notes: sentences(),
}));

const runProblemSchema = once(() => z.object({
	libraryId: id,
	ratingKey: z.string().optional(),
	title: z.string().optional(),
	stage: z.string(),
	code: z.string(),
	message: z.string(),
	hint: z.string(),
}));

export const runSchema = once(() => z.object({
	id,
	kind: z.literal('run'),
	command: z.enum(['import', 'sync', 'accept', 'restore']),
	status: z.enum(['running', 'done', 'partly', 'failed', 'cancelled']),
	startedAt: instant,
	finishedAt: instant.optional(),
	durationMs: count,
	requests: count,
	receivedBytes: count,
	libraries: z.array(runLibrarySchema()),
	problems: z.array(runProblemSchema()).meta({description: 'At most the first 100'}),
	problemCount: count,
	log: z.string().optional().meta({description: 'Name of its log in the state folder'}),
}).meta({description: 'One import or sync; `running` with no process that writes means that it was interrupted'}));

export const recordSchema = once(() => z.discriminatedUnion('kind', [itemSchema(), personSchema(), tagSchema(), fileSchema(), collectionSchema(), playlistSchema(), tombstoneSchema(), runSchema()]));

export const serverSchema = once(() => z.object({
	id: id.meta({description: 'The machineIdentifier under which the catalogue first met the server; it is kept when the server gets another one'}),
	machineIdentifier: id.optional().meta({description: 'What the server calls itself today; absent where that is the id'}),
	name: z.string(),
	version: z.string().optional(),
	url: z.string().optional(),
}));

const lostRowsSchema = once(() => z.object({
	type: z.enum(itemTypes),
	rows: count,
	after: z.string().optional().meta({description: 'ratingKey of the row before them; absent at the beginning'}),
	before: z.string().optional().meta({description: 'ratingKey of the row after them; absent at the end'}),
}));

const listsReadSchema = once(() => z.object({
	digest: z.string().meta({description: 'Fingerprint of the listing that the catalogue is in step with; empty if it was once and is no more'}),
	viewer: z.string().optional().meta({description: 'The user who read it'}),
}));

const listsStateSchema = once(() => z.object({
	collections: listsReadSchema().optional(),
	playlists: listsReadSchema().optional().meta({description: 'Of the whole server; only its first library has it'}),
}).meta({description: 'Collections and playlists'}));

export const syncStateSchema = once(() => z.object({
	stamps: z.object({
		contentChangedAt: z.string().optional(),
		scannedAt: z.string().optional(),
		updatedAt: z.string().optional(),
	}).meta({description: 'Of the section when the last sync of it began; to compare for equality only'}),
	cursorSeconds: count.optional().meta({description: 'Time of the server, in seconds since 1970, when the last sync began'}),
	lookedAt: instant.meta({description: 'When the server was last asked what has moved'}),
	sweptAt: instant.meta({description: 'When all rows were last listed'}),
	fullAt: instant.meta({description: 'When all full rows were last listed'}),
	auditedDay: z.int().meta({description: 'Days since 1970 up to which the rotating audit has gone'}),
	areDetailsOld: z.boolean().optional().meta({description: 'The details were read by an older reelcat, which asked for less, or some were lost before a repair; the next sync reads all of them again'}),
	viewer: z.string().optional().meta({description: 'Whose marks the view states are; tells two tokens apart without naming either'}),
	completeViewer: z.string().optional().meta({description: 'The viewer who was last known to see the whole library; absent where that is the viewer'}),
	held: z.object({since: instant, items: count, reason: z.enum(heldReasons)}).optional().meta({
		description: 'Removals that wait to be accepted, and of what too much is gone: a fifth of the library, one of its folders, a show, a season, a collection, or the library. viewer: another user looked, who may not see everything',
	}),
	goneSince: instant.optional().meta({description: 'The server no longer lists the library'}),
	lists: listsStateSchema().optional(),
	lostRows: z.array(lostRowsSchema()).optional().meta({description: 'Rows that the server could not list, in the order of its lists; the next sync asks around them'}),
}).meta({description: 'Where the next sync goes on'}));

export const librarySchema = once(() => z.object({
	id: id.meta({description: 'Usually the uuid under which the section was first seen; it is kept when the library is made anew'}),
	uuid: id.optional().meta({description: 'uuid of the section today; absent where that is the id'}),
	serverId: id,
	key: z.string(),
	title: z.string(),
	type: z.string().meta({description: 'movie and show are imported'}),
	agent: z.string().optional(),
	scanner: z.string().optional(),
	hidden: count.optional().meta({description: '0 shown everywhere, 1 not on the home screen, 2 nor in searches'}),
	language: z.string().optional(),
	locations: z.array(z.string()),
	counts: z.object({
		movie: count, show: count, season: count, episode: count,
	}),
	lastImport: importTotalsSchema().extend({
		runId: z.string(),
		finishedAt: instant,
		durationMs: count,
		complete: z.boolean(),
	}).optional(),
	sync: syncStateSchema().optional(),
}));

export const rewindSchema = once(() => z.object({
	toRevision: count.meta({description: 'Of the backup'}),
	revision: count.meta({description: 'That the restored catalogue began with'}),
	at: instant,
}).meta({description: 'The catalogue was restored from a backup: what the history tells between the two revisions does not hold for it'}));

export const headerSchema = once(() => z.object({
	format: z.literal('reelcat-catalog'),
	schemaVersion: z.int(),
	revision: count,
	servers: z.array(serverSchema()),
	libraries: z.array(librarySchema()),
	rewinds: z.array(rewindSchema()).optional(),
}));
