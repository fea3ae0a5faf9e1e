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
		bitDepth: readCount(stream.bitDepth),
		bitrateKbps: readCount(stream.bitrate),
		chroma: readString(stream.chromaSubsampling),
		codec: codec === media.codec ? undefined : codec,
		dolbyVision: readBoolean(stream.DOVIPresent) === true ? readDolbyVision(stream) : undefined,
		frameRate: frameRate !== undefined && frameRate > 0 ? frameRate : undefined,
		level: readCount(stream.level),
		primaries: readString(stream.colorPrimaries),
		profile: profile === media.profile ? undefined : profile,
		refFrames: readCount(stream.refFrames),
		scanType: readString(stream.scanType),
		transfer: readString(stream.colorTrc),
	});
};

const readDolbyVision = (stream: WireStream): NonNullable<VideoFacts['dolbyVision']> => defined({
	baseLayer: readBoolean(stream.DOVIBLPresent),
	compatibility: readCount(stream.DOVIBLCompatID),
	enhancementLayer: readBoolean(stream.DOVIELPresent),
	level: readCount(stream.DOVILevel),
	profile: readCount(stream.DOVIProfile),
});

const readAudio = (stream: WireStream): AudioTrack => {
	const codec = readString(stream.codec);
	const title = readString(stream.title);
	const track: AudioTrack = {};
	set(track, 'bitrateKbps', readCount(stream.bitrate));
	set(track, 'channels', readCount(stream.channels));
	set(track, 'codec', codec);
	addMarks(track, stream, title);
	set(track, 'layout', readString(stream.audioChannelLayout));
	set(track, 'original', readMark(stream.original));
	set(track, 'profile', readString(stream.profile));
	set(track, 'spatial', readSpatial(stream, codec));
	set(track, 'title', title);
	set(track, 'visualImpaired', readMark(stream.visualImpaired));
	return track;
};

const readSubtitle = (stream: WireStream): SubtitleTrack => {
	const title = readString(stream.title);
	const track: SubtitleTrack = {};
	set(track, 'codec', readString(stream.codec));
	addMarks(track, stream, title);
	set(track, 'original', readMark(stream.original));
	set(track, 'title', title);
	set(track, 'visualImpaired', readMark(stream.visualImpaired));
	return track;
};

/**
There are many tracks with few of the fields, so they are made without those that are absent, and in the order in which they are written.
*/
const set = <Track, Name extends keyof Track>(track: Track, name: Name, value: Track[Name]): void => {
	if (value !== undefined) {
		track[name] = value;
	}
};

/**
What tracks of sound and of text have in common between the codec and the layout. A mark that is not set is left out, as servers do.
*/
const addMarks = (track: SubtitleTrack, stream: WireStream, title: string | undefined): void => {
	const tag = readString(stream.languageTag);
	set(track, 'commentary', readBoolean(stream.commentary) ?? (isCommentary(title) || isCommentary(stream.extendedDisplayTitle)) ? true : undefined);
	set(track, 'default', readMark(stream.default));
	set(track, 'displayTitle', readString(stream.displayTitle));
	set(track, 'dub', readMark(stream.dub));
	// Only a track in a file of its own has a key.
	set(track, 'external', readString(stream.key) === undefined ? undefined : true);
	set(track, 'forced', readMark(stream.forced));
	set(track, 'hearingImpaired', readMark(stream.hearingImpaired));
	set(track, 'language', readString(stream.language));
	set(track, 'languageCode', readString(stream.languageCode) ?? tag);
	// A tag without a region says no more than the code.
	set(track, 'languageTag', tag?.includes('-') === true ? tag : undefined);
};

const readMark = (value: unknown) => value !== undefined && readBoolean(value) === true ? true as const : undefined;

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
