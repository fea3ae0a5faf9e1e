import {defined} from '../../catalog/values.js';
import {fileId, hiddenFileId} from '../../catalog/identity.js';
import type {
	AudioTrack,
	MediaFile,
	Part,
	SubtitleTrack,
	Version,
} from '../../catalog/types.js';
import {pathIdentity} from '../wire-text.js';
import {
	asRecords,
	readBoolean,
	readCount,
	readInteger,
	readNumber,
	readString,
	type Wire,
} from '../wire.js';
import {readImagePath} from './images.js';

type WirePart = Wire<'id' | 'key' | 'file' | 'size' | 'duration' | 'container' | 'Stream' | 'exists' | 'accessible'>;
type WireMedia = Wire<
	'id' | 'title' | 'proxyType' | 'videoResolution' | 'width' | 'height' | 'aspectRatio' | 'videoCodec' | 'videoProfile'
	| 'videoFrameRate' | 'audioCodec' | 'audioChannels' | 'container' | 'bitrate' | 'duration' | 'Part'
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
			fileId: file.id,
			partId: readString(wirePart.id),
			key: readImagePath(wirePart.key),
			durationMs: readCount(wirePart.duration),
			unavailable: isPartUnavailable(wirePart) ? true : undefined,
		}));
		if (!files.has(file.id)) {
			files.set(file.id, file);
		}
	}

	const tracks = readPartTracks(wireParts);
	return defined({
		id: readString(media.id) ?? `media-${index + 1}`,
		title: readString(media.title),
		optimized: readInteger(media.proxyType) === optimizedProxy ? true : undefined,
		resolution: readString(media.videoResolution),
		width: readCount(media.width),
		height: readCount(media.height),
		aspectRatio: readNumber(media.aspectRatio),
		videoCodec: readString(media.videoCodec),
		videoProfile: readString(media.videoProfile),
		frameRate: readString(media.videoFrameRate),
		hdr: tracks?.hdr,
		audioCodec: readString(media.audioCodec),
		audioChannels: readCount(media.audioChannels),
		container,
		bitrateKbps: readCount(media.bitrate),
		durationMs: readCount(media.duration),
		audio: tracks?.audio,
		subtitles: tracks?.subtitles,
		parts,
	});
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
The parts of a split item repeat the same tracks, so one part is enough. Without any stream (in a listing, or before the file is analysed) nothing is known.
*/
const readPartTracks = (parts: readonly WirePart[]) => {
	const streams: readonly WireStream[] = parts.map(part => asRecords(part.Stream)).find(({length}) => length > 0) ?? [];
	if (streams.length === 0) {
		return undefined;
	}

	const ofType = (type: number) => streams.filter(({streamType}) => readInteger(streamType) === type);
	return {
		hdr: ofType(streamTypes.video).map(stream => readHdr(stream)).find(hdr => hdr !== undefined),
		audio: ofType(streamTypes.audio).map(stream => readAudio(stream)),
		subtitles: ofType(streamTypes.subtitle).map(stream => readSubtitle(stream)),
	};
};

type WireStream = Wire<
	'streamType' | 'codec' | 'channels' | 'language' | 'languageTag' | 'languageCode' | 'title' | 'forced' | 'key'
	| 'colorTrc' | 'DOVIPresent'
>;

/**
Plex's numbers for the types of streams; 4 is lyrics.
*/
const streamTypes = {video: 1, audio: 2, subtitle: 3};

const transfers = new Map<unknown, string>([
	['smpte2084', 'HDR10'],
	['arib-std-b67', 'HLG'],
]);

const readHdr = ({DOVIPresent, colorTrc}: WireStream) => readBoolean(DOVIPresent) === true ? 'Dolby Vision' : transfers.get(colorTrc);

const readAudio = (stream: WireStream): AudioTrack => defined({
	codec: readString(stream.codec),
	channels: readCount(stream.channels),
	language: readLanguage(stream),
	title: readString(stream.title),
});

const readSubtitle = (stream: WireStream): SubtitleTrack => defined({
	codec: readString(stream.codec),
	language: readLanguage(stream),
	title: readString(stream.title),
	forced: readBoolean(stream.forced) === true ? true : undefined,
	// Only an external subtitle has a key.
	external: readString(stream.key) === undefined ? undefined : true,
});

const readLanguage = ({languageTag, languageCode, language}: WireStream) => readString(languageTag) ?? readString(languageCode) ?? readString(language);
