import {defined} from '../../catalog/values.js';
import {fileId, hiddenFileId} from '../../catalog/identity.js';
import type {
	MediaFile,
	Part,
	Recording,
	Version,
} from '../../catalog/types.js';
import {pathIdentity} from '../wire-text.js';
import {
	asRecords,
	readBoolean,
	readCount,
	readEpoch,
	readInteger,
	readNumber,
	readString,
	type Wire,
} from '../wire.js';
import {readImagePath} from './images.js';
import {readStreams} from './streams.js';

type WirePart = Wire<'id' | 'key' | 'file' | 'size' | 'duration' | 'container' | 'Stream' | 'exists' | 'accessible'>;
type WireMedia = Wire<
	'id' | 'title' | 'proxyType' | 'videoResolution' | 'width' | 'height' | 'aspectRatio' | 'videoCodec' | 'videoProfile'
	| 'videoFrameRate' | 'audioCodec' | 'audioProfile' | 'audioChannels' | 'container' | 'bitrate' | 'duration' | 'Part' | 'target'
	| 'channelTitle' | 'channelCallSign' | 'channelVcn' | 'channelIdentifier' | 'beginsAt' | 'endsAt'
>;

/**
Reads the versions of an item and their files, each file once. A version with the same files as an earlier one is dropped: manually merged items list a file twice (JBOPS#387).
*/
export const readVersions = (media: unknown, serverId: string) => {
	const files = new Map<string, MediaFile>();
	const versions = new Map<string, Version>();
	for (const [index, element] of asRecords(media).entries()) {
		const version = readVersion(element, index, serverId, files);
		const content = version.parts.length === 0 ? version.id : version.parts.map(part => part.fileId).join(' ');
		if (!versions.has(content)) {
			versions.set(content, version);
		}
	}

	return {versions: Array.from(versions, ([, version]) => version), files: Array.from(files, ([, file]) => file)};
};

/**
A copy that Plex made for streaming ([REC]).
*/
const optimizedProxy = 42;

/**
The fields are in the order in which they are written, which saves a copy of each version.
*/
const readVersion = (media: WireMedia, index: number, serverId: string, files: Map<string, MediaFile>): Version => {
	const wireParts = asRecords<keyof WirePart>(media.Part);
	const container = readString(media.container);
	const parts: Part[] = [];
	for (const wirePart of wireParts) {
		const file = readFile(wirePart, container, serverId);
		if (file === undefined) {
			continue;
		}

		parts.push(defined({
			durationMs: readCount(wirePart.duration),
			fileId: file.id,
			key: readImagePath(wirePart.key),
			partId: readString(wirePart.id),
			unavailable: isPartUnavailable(wirePart) ? true : undefined,
		}));
		if (!files.has(file.id)) {
			files.set(file.id, file);
		}
	}

	const [codec, profile] = [readString(media.videoCodec), readString(media.videoProfile)];
	const copy = readInteger(media.proxyType) ?? 0;
	const tracks = readPartTracks(wireParts, {codec, profile});
	return defined({
		aspectRatio: readNumber(media.aspectRatio),
		audio: tracks?.audio,
		audioChannels: readCount(media.audioChannels),
		audioCodec: readString(media.audioCodec),
		audioProfile: readString(media.audioProfile),
		bitrateKbps: readCount(media.bitrate),
		container,
		durationMs: readCount(media.duration),
		frameRate: readString(media.videoFrameRate),
		hdr: tracks?.hdr,
		height: readCount(media.height),
		id: readString(media.id) ?? `media-${index + 1}`,
		optimized: copy === optimizedProxy ? true : undefined,
		parts,
		proxy: copy !== 0 && copy !== optimizedProxy ? true : undefined,
		recording: readRecording(media),
		resolution: readString(media.videoResolution),
		subtitles: tracks?.subtitles,
		target: readString(media.target),
		title: readString(media.title),
		video: tracks?.video,
		videoCodec: codec,
		videoProfile: profile,
		width: readCount(media.width),
	});
};

const readRecording = (media: WireMedia): Recording | undefined => {
	if (media.beginsAt === undefined && media.endsAt === undefined && media.channelTitle === undefined && media.channelCallSign === undefined && media.channelVcn === undefined && media.channelIdentifier === undefined) {
		return undefined;
	}

	const recording = defined({
		channel: readString(media.channelTitle) ?? readString(media.channelCallSign),
		channelNumber: readString(media.channelVcn) ?? readString(media.channelIdentifier),
		from: readEpoch(media.beginsAt),
		to: readEpoch(media.endsAt),
	});
	return Object.keys(recording).length === 0 ? undefined : recording;
};

/**
Servers say it only of files that they looked for (`checkFiles`), which wakes disks, so we never ask for it.
*/
export const isPartUnavailable = ({exists, accessible}: Wire<'exists' | 'accessible'>): boolean => readBoolean(exists) === false || readBoolean(accessible) === false;

const fileIdOf = (serverId: string, file: unknown) => fileId(serverId, pathIdentity(String(file)));

/**
@returns Undefined for a part without a path and an id, because it cannot be told from another.
*/
const readFile = (part: WirePart, container: string | undefined, serverId: string): MediaFile | undefined => {
	const path = readString(part.file);
	const partId = readString(part.id);
	if (path === undefined && partId === undefined) {
		return undefined;
	}

	return defined({
		id: path === undefined ? hiddenFileId(serverId, partId ?? '') : fileIdOf(serverId, part.file),
		kind: 'file',
		serverId,
		path,
		sizeBytes: readCount(part.size),
		durationMs: readCount(part.duration),
		container: readString(part.container) ?? container,
	});
};

/**
The parts of a split item repeat the same tracks, so one part is enough.
*/
const readPartTracks = (parts: readonly WirePart[], media: Parameters<typeof readStreams>[1]) => {
	for (const {Stream} of parts) {
		const tracks = readStreams(Stream, media);
		if (tracks !== undefined) {
			return tracks;
		}
	}

	return undefined;
};
