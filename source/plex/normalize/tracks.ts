import type {AudioTrack, SubtitleTrack} from '../../catalog/types.js';
import {
	readBoolean,
	readCount,
	readInteger,
	readString,
	type Wire,
} from '../wire.js';
import {defined} from '../../catalog/defined.js';

export type WireStream = Wire<
	'streamType' | 'codec' | 'channels' | 'language' | 'languageTag' | 'languageCode' | 'title' | 'forced' | 'key'
	| 'colorTrc' | 'DOVIPresent'
>;

export type Tracks = {
	hdr: string | undefined;
	audio: AudioTrack[];
	subtitles: SubtitleTrack[];
};

/**
Plex's numbers for the kinds of streams; 4 is lyrics.
*/
const videoStream = 1;
const audioStream = 2;
const subtitleStream = 3;

export const readTracks = (streams: readonly WireStream[]): Tracks => {
	const ofKind = (kind: number) => streams.filter(({streamType}) => readInteger(streamType) === kind);
	return {
		hdr: ofKind(videoStream).map(stream => readHdr(stream)).find(hdr => hdr !== undefined),
		audio: ofKind(audioStream).map(stream => readAudio(stream)),
		subtitles: ofKind(subtitleStream).map(stream => readSubtitle(stream)),
	};
};

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
	// Only a subtitle in a file of its own can be fetched by a key.
	external: readString(stream.key) === undefined ? undefined : true,
});

const readLanguage = ({languageTag, languageCode, language}: WireStream) => readString(languageTag) ?? readString(languageCode) ?? readString(language);
