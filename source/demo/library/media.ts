import {createDice} from './dice.js';
import type {
	PlexMedia,
	PlexPart,
	PlexRow,
	PlexStream,
} from './row.js';
import {languages} from './words.js';

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

const partWithStreams = (part: PlexPart, resolution: Resolution): PlexPart => ({...part, Stream: streamsOf(part.id, resolution)});

const streamsOf = (partId: number, resolution: Resolution): PlexStream[] => {
	const dice = createDice(partId, 77);
	const streams = [videoStream(partId * 100, resolution)];
	const firstLanguage = dice.integer(0, languages.length - 1);
	const audioCount = resolution === 'sd' ? 1 : dice.integer(1, 3);
	for (let track = 0; track < audioCount; track++) {
		streams.push(audioStream((partId * 100) + streams.length, resolution, firstLanguage + track, track === 0));
	}

	const subtitleCount = dice.integer(0, 4);
	for (let track = 0; track < subtitleCount; track++) {
		streams.push(subtitleStream((partId * 100) + streams.length, firstLanguage + track, track === 1));
	}

	return streams;
};

const videoStream = (id: number, resolution: Resolution): PlexStream => {
	const {width, height, bitrate, videoCodec, videoProfile} = formats[resolution];
	const isHdr = resolution === '4k';
	return {
		id,
		streamType: 1,
		default: true,
		codec: videoCodec,
		index: 0,
		bitrate: Math.floor(bitrate * 0.85),
		bitDepth: isHdr ? 10 : 8,
		chromaLocation: 'left',
		chromaSubsampling: '4:2:0',
		codedHeight: height + 8,
		codedWidth: width,
		colorPrimaries: isHdr ? 'bt2020' : 'bt709',
		colorRange: 'tv',
		colorSpace: isHdr ? 'bt2020nc' : 'bt709',
		colorTrc: isHdr ? 'smpte2084' : 'bt709',
		...(isHdr && {
			DOVIPresent: true, DOVIProfile: 8, DOVILevel: 6, DOVIBLPresent: true, DOVIELPresent: false, DOVIRPUPresent: true, DOVIBLCompatID: 1, DOVIVersion: '1.0',
		}),
		frameRate: 23.976,
		height,
		width,
		level: 41,
		profile: videoProfile,
		refFrames: 4,
		scanType: 'progressive',
		displayTitle: isHdr ? '4K DoVi/HDR10 (HEVC Main 10)' : `${resolution} (${videoCodec.toUpperCase()})`,
		extendedDisplayTitle: isHdr ? '4K DoVi/HDR10 (HEVC Main 10)' : `${resolution} (${videoCodec.toUpperCase()})`,
	};
};

const audioStream = (id: number, resolution: Resolution, languageNumber: number, isSelected: boolean): PlexStream => {
	const {audioCodec, audioChannels} = formats[resolution];
	const {name, tag, code} = languages[languageNumber % languages.length]!;
	const layout = {8: '7.1', 6: '5.1', 2: 'stereo'}[audioChannels];
	return {
		id,
		streamType: 2,
		...(isSelected && {selected: true, default: true}),
		codec: audioCodec,
		index: id % 100,
		channels: audioChannels,
		bitrate: audioChannels * 96,
		language: name,
		languageTag: tag,
		languageCode: code,
		audioChannelLayout: layout,
		samplingRate: 48_000,
		displayTitle: `${name} (${audioCodec.toUpperCase()} ${layout})`,
		extendedDisplayTitle: `${name} (${audioCodec.toUpperCase()} ${layout})`,
	};
};

const subtitleStream = (id: number, languageNumber: number, isForced: boolean): PlexStream => {
	const {name, tag, code} = languages[languageNumber % languages.length]!;
	return {
		id,
		streamType: 3,
		codec: 'srt',
		format: 'srt',
		key: `/library/streams/${id}`,
		language: name,
		languageTag: tag,
		languageCode: code,
		...(isForced && {forced: true}),
		displayTitle: `${name}${isForced ? ' Forced' : ''} (SRT External)`,
		extendedDisplayTitle: `${name}${isForced ? ' Forced' : ''} (SRT External)`,
	};
};
