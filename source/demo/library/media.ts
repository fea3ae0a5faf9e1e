import type {
	PlexMedia,
	PlexPart,
	PlexRow,
} from './row.js';
import {streamsOf} from './streams.js';

const formats = {
	'4k': {
		width: 3840, height: 1608, bitrate: 24_400, videoCodec: 'hevc', videoProfile: 'main 10', audioCodec: 'truehd', audioChannels: 8, container: 'mkv',
	},
	1080: {
		width: 1920, height: 804, bitrate: 8200, videoCodec: 'h264', videoProfile: 'high', audioCodec: 'eac3', audioChannels: 6, container: 'mkv',
	},
	720: {
		width: 1280, height: 536, bitrate: 3100, videoCodec: 'h264', videoProfile: 'high', audioCodec: 'aac', audioChannels: 2, container: 'mp4',
	},
	sd: {
		width: 720, height: 540, bitrate: 1400, videoCodec: 'mpeg4', videoProfile: 'advanced simple', audioCodec: 'mp3', audioChannels: 2, container: 'avi',
	},
} as const;

export type Resolution = `${keyof typeof formats}`;

export const containerOf = (resolution: Resolution): string => formats[resolution].container;

type MediaFacts = {
	id: number;
	resolution: Resolution;
	durationMs: number;
	/**
	Several for a version that is split into parts.
	*/
	files: readonly string[];
	/**
	Of the newest file. It becomes the change stamp in the key of the part.
	*/
	modifiedAt: number;
};

/**
One playable version with its parts. `withStreams` adds their streams.
*/
export const mediaOf = ({id, resolution, durationMs, files, modifiedAt}: MediaFacts): PlexMedia => {
	const {width, height, bitrate, videoCodec, videoProfile, audioCodec, audioChannels, container} = formats[resolution];
	return {
		id,
		duration: durationMs,
		bitrate,
		width,
		height,
		aspectRatio: Math.round((width / height) * 100) / 100,
		audioChannels,
		audioCodec,
		videoCodec,
		videoResolution: resolution,
		container,
		videoFrameRate: '24p',
		videoProfile,
		hasVoiceActivity: false,
		...(audioCodec === 'aac' && {audioProfile: 'lc'}),
		...(container === 'mp4' && {optimizedForStreaming: 1}),
		Part: files.map((file, position) => partOf({
			id, resolution, file, position, modifiedAt, durationMs: Math.floor(durationMs / files.length),
		})),
	};
};

const partOf = ({id, resolution, file, position, modifiedAt, durationMs}: {
	id: number;
	resolution: Resolution;
	file: string;
	position: number;
	modifiedAt: number;
	durationMs: number;
}): PlexPart => {
	const {bitrate, container, videoProfile} = formats[resolution];
	const partId = (id * 10) + position;
	return {
		id: partId,
		key: `/library/parts/${partId}/${modifiedAt + position}/file.${container}`,
		duration: durationMs,
		file,
		size: Math.floor((durationMs / 8) * bitrate) + (partId % 4093),
		container,
		indexes: 'sd',
		videoProfile,
		...(container === 'mp4' && {optimizedForStreaming: true}),
	};
};

/**
Adds the streams of each file, which only details have.
*/
export const withStreams = (row: PlexRow): PlexRow => row.Media === undefined
	? row
	: {
		...row,
		Media: row.Media.map(media => media.Part === undefined || !isResolution(media.videoResolution)
			? media
			: {
				...media,
				Part: media.Part.map(part => partWithStreams(part, media.videoResolution as Resolution)),
			}),
	};

const isResolution = (name: string | undefined): name is Resolution => name !== undefined && Object.hasOwn(formats, name);

const partWithStreams = (part: PlexPart, resolution: Resolution): PlexPart => ({...part, Stream: streamsOf(part.id, {resolution, ...formats[resolution]})});
