import {fileFieldList} from '../../../catalog/fields/file-fields.js';
import {itemFieldList} from '../../../catalog/fields/item-fields.js';
import {versionFieldList} from '../../../catalog/fields/version-fields.js';
import {hasMissingFile, itemSize} from '../../../catalog/item.js';
import {
	audioSchema,
	dolbyVisionSchema,
	recordingSchema,
	subtitleSchema,
	videoSchema,
} from '../../../catalog/media-schema.js';
import {
	bestVersion,
	isCopy,
	originalVersions,
	resolutionRank,
} from '../../../catalog/quality.js';
import type {
	AudioTrack,
	Item,
	Part,
	SubtitleTrack,
	Version,
} from '../../../catalog/types.js';
import {creditsOf, tagIdsOf, type Links} from './links.js';
import {
	fieldColumns,
	fieldWords,
	objectsIn,
	schemaColumns,
	schemaWords,
	type Shape,
} from './shape.js';

/**
What a row of items and of what belongs to them is made of.
*/
export type ItemSource = {item: Item; links: Links};

const ofItem = ({item}: ItemSource) => item;
const itemWords = (name: string) => fieldWords(itemFieldList, name);
const itemFields = (...names: string[]) => fieldColumns(itemFieldList, names, ofItem);

export const itemShape: Shape<ItemSource> = {
	name: 'items',
	comment: 'Movies, shows, seasons and episodes. What belongs to a version, such as the resolution, is that of the best version',
	key: ['id'],
	columns: {
		...itemFields('id', 'type'),
		id: {
			type: 'id', comment: itemWords('id'), of: ({item}) => item.id,
		},
		server_id: {
			type: 'id', comment: itemWords('serverId'), of: ({item, links}) => links.to('servers', item.serverId, item.id), rest: 'REFERENCES servers (id) ON DELETE SET NULL',
		},
		library_id: {
			type: 'id', comment: itemWords('libraryId'), of: ({item, links}) => links.to('libraries', item.libraryId, item.id), rest: 'REFERENCES libraries (id) ON DELETE SET NULL',
		},
		show_id: {
			type: 'id', comment: itemWords('showId'), of: ({item, links}) => links.to('items', item.showId, item.id), rest: 'REFERENCES items (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',
		},
		season_id: {
			type: 'id', comment: itemWords('seasonId'), of: ({item, links}) => links.to('items', item.seasonId, item.id), rest: 'REFERENCES items (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',
		},
		...itemFields('seasonNumber', 'episodeNumber', 'title', 'titleSort', 'originalTitle', 'editionTitle', 'year', 'releaseDate', 'summary', 'tagline', 'contentRating', 'durationMs'),
		duration_ms: {
			type: 'bigint', comment: 'How long it plays, or how long the best version plays where the item has no duration. Unit: ms', of: ({item}) => item.durationMs ?? bestVersion(item.versions)?.durationMs,
		},
		size_bytes: {
			type: 'bigint', comment: itemWords('sizeBytes'), of: ({item, links}) => itemSize(item, links.sizeOf),
		},
		...itemFields('resolution', 'hdr', 'dolbyVision', 'videoCodec', 'audioCodec', 'audioChannels', 'container', 'bitrateKbps'),
		versions: {
			type: 'integer', comment: 'How many versions it has, without copies that Plex made', of: ({item}) => originalVersions(item.versions).length,
		},
		...itemFields('copies', 'rating', 'userRating', 'isWatched', 'isBegun', 'viewCount', 'viewOffsetMs', 'lastViewedAt', 'lastRatedAt', 'viewedLeafCount', 'leafCount', 'childCount', 'addedAt', 'updatedAt', 'firstSeenAt', 'missingSince', 'trashedAt', 'isWithoutFile', 'placeholder', 'ratingKey', 'guid', 'imdb', 'tmdb', 'tvdb'),
		is_without_file: {
			type: 'boolean', comment: itemWords('isWithoutFile'), of: ({item}) => hasMissingFile(item),
		},
		other_ids: {
			type: 'jsonb', comment: 'Its ids at other providers: a list of objects with source and id', of: ({item}) => item.ids.other,
		},
		...itemFields('ratings', 'subtype', 'folders', 'showOrdering', 'episodeOrder', 'lockedFields', 'slug', 'theme', 'createdAtAccuracy', 'createdAtOffsetSeconds'),
	},
	indexes: {
		items_of_library: 'ON items (library_id, type)',
		items_of_show: 'ON items (show_id) WHERE show_id IS NOT NULL',
		items_of_season: 'ON items (season_id) WHERE season_id IS NOT NULL',
		items_by_added_at: 'ON items (added_at)',
	},
};

/**
The item of the sharpest version counts for lists, as in the app.
*/
export type VersionSource = ItemSource & {version: Version; place: number};

const ofVersion = ({version}: VersionSource) => version;
const versionFields = (...names: string[]) => fieldColumns(versionFieldList, names, ofVersion);

const keyColumns = {
	item_id: {
		type: 'id', comment: itemWords('id'), of: ({item}: ItemSource) => item.id, rest: 'NOT NULL',
	},
	version: {
		type: 'integer', comment: 'The place of the version in its item, from 1', of: ({place}: {place: number}) => place, rest: 'NOT NULL',
	},
} as const;

const versionKey = 'FOREIGN KEY (item_id, version) REFERENCES versions (item_id, version) ON DELETE CASCADE';

export const versionShape: Shape<VersionSource> = {
	name: 'versions',
	comment: 'The versions of movies and episodes: each is a way in which they can be played, with its picture and sound',
	key: ['item_id', 'version'],
	columns: {
		item_id: {...keyColumns.item_id, rest: 'NOT NULL REFERENCES items (id) ON DELETE CASCADE'},
		version: keyColumns.version,
		version_id: {type: 'text', comment: fieldWords(versionFieldList, 'id'), of: ({version}) => version.id},
		is_best: {type: 'boolean', comment: 'The sharpest version, of which lists tell; copies that Plex made count only if there is nothing else', of: ({item, version}) => bestVersion(item.versions) === version},
		is_copy: {type: 'boolean', comment: 'A copy that Plex made of another version, so it is in no total', of: ({version}) => isCopy(version)},
		...versionFields('title', 'optimized', 'proxy', 'target', 'resolution'),
		resolution_lines: {type: 'integer', comment: 'The number of lines of the picture that the resolution stands for, to sort by', of: ({version}) => resolutionRank(version.resolution)},
		...versionFields('width', 'height', 'aspectRatio', 'hdr', 'videoCodec', 'videoProfile', 'frameRate'),
		...schemaColumns(videoSchema().shape, [
			['frameRate', 'numeric', 'frames_per_second'],
			['level', 'integer', 'video_level'],
			['bitDepth', 'integer', 'video_bit_depth'],
			['chroma', 'text', 'video_chroma'],
			['primaries', 'text', 'video_primaries'],
			['transfer', 'text', 'video_transfer'],
			['scanType', 'text', 'video_scan_type'],
			['refFrames', 'integer', 'video_ref_frames'],
			['bitrateKbps', 'integer', 'video_bitrate_kbps'],
		], ({version}: VersionSource) => version.video),
		...schemaColumns(dolbyVisionSchema().shape, [
			['profile', 'integer', 'dolby_vision_profile'],
			['level', 'integer', 'dolby_vision_level'],
			['compatibility', 'integer', 'dolby_vision_compatibility'],
		], ({version}: VersionSource) => version.video?.dolbyVision),
		...versionFields('audioCodec', 'audioProfile', 'audioChannels', 'container', 'bitrateKbps', 'durationMs', 'unavailable'),
		...schemaColumns(recordingSchema().shape, [
			['channel', 'text', 'recording_channel'],
			['channelNumber', 'text', 'recording_channel_number'],
			['from', 'timestamptz', 'recording_from'],
			['to', 'timestamptz', 'recording_to'],
		], ({version}: VersionSource) => version.recording),
	},
};

type PartSource = VersionSource & {part: Part; partPlace: number; parts: number; fileId: string};

const fileWords = (name: string) => fieldWords(fileFieldList, name);

export const itemFileShape: Shape<PartSource> = {
	name: 'item_files',
	comment: 'Which file plays which version of an item. A version has several files if it is split, and a file several items if it holds several episodes',
	key: ['item_id', 'version', 'part'],
	columns: {
		...keyColumns,
		part: {
			type: 'integer', comment: fileWords('part'), of: ({partPlace}) => partPlace, rest: 'NOT NULL',
		},
		file_id: {
			type: 'id', comment: 'The id of the file in the catalogue', of: ({fileId}) => fileId, rest: 'NOT NULL REFERENCES files (id) ON DELETE CASCADE',
		},
		parts: {type: 'integer', comment: fileWords('parts'), of: ({parts}) => parts},
		is_copy: {type: 'boolean', comment: 'It plays a copy that Plex made of another version, so it is in no total', of: ({item, version}) => !originalVersions(item.versions).includes(version)},
		duration_ms: {type: 'bigint', comment: 'How long the part plays. Unit: ms', of: ({part}) => part.durationMs},
		unavailable: {type: 'boolean', comment: fileWords('unavailable'), of: ({part}) => part.unavailable === true},
		part_id: {type: 'text', comment: fileWords('partId'), of: ({part}) => part.partId},
		part_key: {type: 'text', comment: fileWords('partKey'), of: ({part}) => part.key},
	},
	constraints: [versionKey],
	indexes: {item_files_of_file: 'ON item_files (file_id)'},
};

type TrackSource = VersionSource & {kind: 'audio' | 'subtitle'; track: AudioTrack | SubtitleTrack; trackPlace: number};

const ofTrack = ({track}: TrackSource) => track;

export const trackShape: Shape<TrackSource> = {
	name: 'tracks',
	comment: 'The audio tracks and subtitles of versions. A version without tracks was not analysed by the server',
	key: ['item_id', 'version', 'kind', 'track'],
	columns: {
		...keyColumns,
		kind: {
			type: 'text', comment: 'audio or subtitle', of: ({kind}) => kind, rest: 'NOT NULL',
		},
		track: {
			type: 'integer', comment: 'The place of the track among those of its kind, from 1', of: ({trackPlace}) => trackPlace, rest: 'NOT NULL',
		},
		...schemaColumns(subtitleSchema().shape, [['language', 'text'], ['languageCode', 'text'], ['languageTag', 'text']], ofTrack),
		codec: {type: 'text', comment: `${schemaWords(audioSchema().shape.codec)}; of subtitles their format`, of: ({track}) => track.codec},
		...schemaColumns(audioSchema().shape, [
			['profile', 'text'],
			['spatial', 'text'],
			['channels', 'integer'],
			['layout', 'text'],
			['bitrateKbps', 'integer'],
			['title', 'text'],
			['displayTitle', 'text'],
			['default', 'boolean', 'is_default'],
			['forced', 'boolean', 'is_forced'],
			['original', 'boolean', 'is_original'],
			['dub', 'boolean', 'is_dub'],
			['commentary', 'boolean', 'is_commentary'],
			['hearingImpaired', 'boolean', 'is_hearing_impaired'],
			['visualImpaired', 'boolean', 'is_visual_impaired'],
			['external', 'boolean', 'is_external'],
		], ofTrack),
	},
	constraints: [versionKey],
};

type PersonSource = ItemSource & {role: string; personId: string; characterName?: unknown; position: number};

export const itemPersonShape: Shape<PersonSource> = {
	name: 'item_people',
	comment: 'Who made an item or plays in it',
	key: ['item_id', 'role', 'position'],
	columns: {
		item_id: {...keyColumns.item_id, rest: 'NOT NULL REFERENCES items (id) ON DELETE CASCADE'},
		role: {
			type: 'text', comment: 'director, writer, producer or actor', of: ({role}) => role, rest: 'NOT NULL',
		},
		position: {
			type: 'integer', comment: 'The place among those with the same role, from 1', of: ({position}) => position, rest: 'NOT NULL',
		},
		person_id: {
			type: 'id', comment: 'The id of the person in the catalogue', of: ({personId}) => personId, rest: 'NOT NULL REFERENCES people (id) ON DELETE CASCADE',
		},
		character_name: {type: 'text', comment: 'Whom an actor plays; several with a slash between them', of: ({characterName}) => characterName},
	},
	indexes: {item_people_of_person: 'ON item_people (person_id)'},
};

type TagSource = ItemSource & {tagId: string; position: number};

export const itemTagShape: Shape<TagSource> = {
	name: 'item_tags',
	comment: 'Genres, countries, studios, collections and labels of items',
	key: ['item_id', 'tag_id'],
	columns: {
		item_id: {...keyColumns.item_id, rest: 'NOT NULL REFERENCES items (id) ON DELETE CASCADE'},
		tag_id: {
			type: 'id', comment: 'The id of the tag in the catalogue', of: ({tagId}) => tagId, rest: 'NOT NULL REFERENCES tags (id) ON DELETE CASCADE',
		},
		position: {type: 'integer', comment: 'The place among the tags of the item, from 1: genres, countries, studios, collections, labels, each as the server has them', of: ({position}) => position},
	},
	indexes: {item_tags_of_tag: 'ON item_tags (tag_id)'},
};

export const versionSources = ({item, links}: ItemSource): VersionSource[] => objectsIn(item.versions).map((version, index) => ({
	item, links, version, place: index + 1,
}));

export const partSources = ({version, ...source}: VersionSource): PartSource[] => {
	const parts = objectsIn(version.parts);
	return parts.flatMap((part, index) => {
		const fileId = source.links.to('files', part.fileId, source.item.id);
		return fileId === undefined
			? []
			: [{
				...source, version, part, partPlace: index + 1, parts: parts.length, fileId,
			}];
	});
};

export const trackSources = (source: VersionSource): TrackSource[] => {
	const {audio, subtitles} = source.version;
	const tracks = (kind: TrackSource['kind'], list: ReadonlyArray<AudioTrack | SubtitleTrack> | undefined) => objectsIn(list).map((track, index) => ({
		...source, kind, track, trackPlace: index + 1,
	}));
	return [...tracks('audio', audio), ...tracks('subtitle', subtitles)];
};

export const personSources = ({item, links}: ItemSource): PersonSource[] => {
	const places = new Map<string, number>();
	return creditsOf(item).flatMap(person => {
		const position = (places.get(person.role) ?? 0) + 1;
		places.set(person.role, position);
		return links.to('people', person.personId, item.id) === undefined
			? []
			: [{
				item, links, ...person, position,
			}];
	});
};

export const tagSources = ({item, links}: ItemSource): TagSource[] => [...new Set(tagIdsOf(item))].flatMap((tagId, index) => links.to('tags', tagId, item.id) === undefined
	? []
	: [{
		item, links, tagId, position: index + 1,
	}]);
