import {defined} from '../../catalog/values.js';
import type {AudioTrack, SubtitleTrack, VideoFacts} from '../../catalog/types.js';
import {
	asRecords,
	readBoolean,
	readCount,
	readInteger,
	readNumber,
	readString,
	type Wire,
} from '../wire.js';

type WireStream = Wire<
	'streamType' | 'codec' | 'profile' | 'bitrate' | 'channels' | 'audioChannelLayout' | 'language' | 'languageTag' | 'languageCode'
	| 'title' | 'displayTitle' | 'extendedDisplayTitle' | 'default' | 'forced' | 'original' | 'dub' | 'commentary' | 'hearingImpaired' | 'visualImpaired' | 'key'
	| 'level' | 'bitDepth' | 'chromaSubsampling' | 'colorPrimaries' | 'colorTrc' | 'frameRate' | 'scanType' | 'refFrames'
	| 'DOVIPresent' | 'DOVIProfile' | 'DOVILevel' | 'DOVIBLPresent' | 'DOVIELPresent' | 'DOVIBLCompatID'
>;

/**
Plex's numbers for the types of streams; 4 is lyrics.
*/
const streamTypes = {video: 1, audio: 2, subtitle: 3};

/**
Reads the streams of a file. Without any (in a listing, or before the file is analysed) nothing is known. `media` is what the version says of its codec and profile, which the picture does not repeat.
*/
export const readStreams = (wireStreams: unknown, media: {codec: string | undefined; profile: string | undefined}) => {
	const streams = asRecords<keyof WireStream>(wireStreams);
	if (streams.length === 0) {
		return undefined;
	}

	const ofType = (type: number) => streams.filter(({streamType}) => readInteger(streamType) === type);
	const pictures = ofType(streamTypes.video);
	const video = pictures[0] && readVideo(pictures[0], media);
	return {
		video: video === undefined || Object.keys(video).length === 0 ? undefined : video,
		hdr: pictures.map(stream => readHdr(stream)).find(hdr => hdr !== undefined),
		audio: ofType(streamTypes.audio).map(stream => readAudio(stream)),
		subtitles: ofType(streamTypes.subtitle).map(stream => readSubtitle(stream)),
	};
};

const transfers = new Map<unknown, string>([
	['smpte2084', 'HDR10'],
	['arib-std-b67', 'HLG'],
]);

const readHdr = ({DOVIPresent, colorTrc}: WireStream) => readBoolean(DOVIPresent) === true ? 'Dolby Vision' : transfers.get(colorTrc);

const readVideo = (stream: WireStream, media: {codec: string | undefined; profile: string | undefined}): VideoFacts => {
	const [codec, profile] = [readString(stream.codec), readString(stream.profile)];
	const frameRate = readNumber(stream.frameRate);
	return defined({
		codec: codec === media.codec ? undefined : codec,
		profile: profile === media.profile ? undefined : profile,
		level: readCount(stream.level),
		bitDepth: readCount(stream.bitDepth),
		chroma: readString(stream.chromaSubsampling),
		primaries: readString(stream.colorPrimaries),
		transfer: readString(stream.colorTrc),
		frameRate: frameRate !== undefined && frameRate > 0 ? frameRate : undefined,
		scanType: readString(stream.scanType),
		refFrames: readCount(stream.refFrames),
		bitrateKbps: readCount(stream.bitrate),
		dolbyVision: readBoolean(stream.DOVIPresent) === true ? readDolbyVision(stream) : undefined,
	});
};

const readDolbyVision = (stream: WireStream): NonNullable<VideoFacts['dolbyVision']> => defined({
	profile: readCount(stream.DOVIProfile),
	level: readCount(stream.DOVILevel),
	baseLayer: readBoolean(stream.DOVIBLPresent),
	enhancementLayer: readBoolean(stream.DOVIELPresent),
	compatibility: readCount(stream.DOVIBLCompatID),
});

const readAudio = (stream: WireStream): AudioTrack => {
	const codec = readString(stream.codec);
	return defined({
		codec,
		profile: readString(stream.profile),
		spatial: readSpatial(stream, codec),
		channels: readCount(stream.channels),
		layout: readString(stream.audioChannelLayout),
		...readNames(stream),
		bitrateKbps: readCount(stream.bitrate),
	});
};

const readSubtitle = (stream: WireStream): SubtitleTrack => defined({
	codec: readString(stream.codec),
	...readNames(stream),
});

/**
What tracks of sound and of text have in common. A mark that is not set is left out, as servers do.
*/
const readNames = (stream: WireStream) => {
	const title = readString(stream.title);
	return {
		...readLanguage(stream),
		title,
		displayTitle: readString(stream.displayTitle),
		default: readMark(stream.default),
		forced: readMark(stream.forced),
		original: readMark(stream.original),
		dub: readMark(stream.dub),
		commentary: readBoolean(stream.commentary) ?? (isCommentary(title) || isCommentary(stream.extendedDisplayTitle)) ? true as const : undefined,
		hearingImpaired: readMark(stream.hearingImpaired),
		visualImpaired: readMark(stream.visualImpaired),
		// Only a track in a file of its own has a key.
		external: readString(stream.key) === undefined ? undefined : true as const,
	};
};

const readMark = (value: unknown) => readBoolean(value) === true ? true as const : undefined;

const maxTitle = 500;

const isIn = (text: unknown, pattern: RegExp): boolean => typeof text === 'string' && pattern.test(text.slice(0, maxTitle));

const isCommentary = (text: unknown) => isIn(text, /\bcomment(?:ary|aries|aire|aires|o)\b|\bcomentarios?\b|kommentar|コメンタリー/iv);

const spatialSounds = [
	{name: 'Atmos', codecs: /^(?:truehd|eac3|ac4)/iv, sign: /\batmos\b/iv},
	{name: 'DTS:X', codecs: /^(?:dca|dts)/iv, sign: /\bdts[ \-:]?x\b/iv},
] as const;

/**
Servers tell sound with height by the profile of some versions, else only by a title.
*/
const readSpatial = ({profile, extendedDisplayTitle, displayTitle, title}: WireStream, codec = '') => spatialSounds
	.find(({codecs, sign}) => codecs.test(codec) && [profile, extendedDisplayTitle, displayTitle, title].some(text => isIn(text, sign)))?.name;

const readLanguage = (stream: WireStream) => {
	const tag = readString(stream.languageTag);
	return {
		language: readString(stream.language),
		languageCode: readString(stream.languageCode) ?? tag,
		// A tag without a region says no more than the code.
		languageTag: tag?.includes('-') === true ? tag : undefined,
	};
};
