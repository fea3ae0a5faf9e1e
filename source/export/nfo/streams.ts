import type {
	AudioTrack,
	SubtitleTrack,
	Version,
} from '../../catalog/types.js';
import {node, type XmlNode} from './xml.js';

const hdrNames = new Map([['dolby vision', 'dolbyvision'], ['hdr10', 'hdr10'], ['hdr10+', 'hdr10'], ['hlg', 'hlg']]);

/**
The names that Kodi has for DTS; all others are those of FFmpeg, as Plex has them.
*/
const dtsNames = new Map([['ma', 'dtshd_ma'], ['hra', 'dtshd_hra']]);

const audioCodec = (codec: string | undefined, profile: string | undefined) => codec === 'dca' || codec === 'dts' ? dtsNames.get(profile?.toLowerCase() ?? '') ?? 'dca' : codec;

/**
The code of a language, if it is one of ISO 639 and no word of the server.
*/
const languageOf = ({languageCode, languageTag}: AudioTrack | SubtitleTrack) => [languageCode, languageTag?.split('-', 1)[0]].find(code => code !== undefined && /^[a-z]{2,3}$/v.test(code));

const audioNodes = ({audio = [], audioCodec: codec, audioProfile, audioChannels}: Version): XmlNode[] => audio.length === 0
	? node('audio', [...node('codec', audioCodec(codec, audioProfile)), ...node('channels', audioChannels)])
	: audio.flatMap(track => node('audio', [
		...node('codec', audioCodec(track.codec, track.profile)),
		...node('language', languageOf(track)),
		...node('channels', track.channels),
	]));

/**
What is played, for a library whose files Kodi has not opened yet.
*/
export const streamNodes = (version: Version, durationMs: number | undefined): XmlNode[] => {
	const {videoCodec, aspectRatio, width, height, hdr, subtitles = []} = version;
	const lengthMs = version.durationMs ?? durationMs;
	const hdrType = hdrNames.get(hdr?.toLowerCase() ?? '');
	const video = [
		...node('codec', videoCodec),
		...node('aspect', aspectRatio),
		...node('width', width),
		...node('height', height),
		...node('durationinseconds', lengthMs === undefined ? undefined : Math.round(lengthMs / 1000)),
		...node('hdrtype', hdrType),
	];
	const details = [
		...node('video', video),
		...audioNodes(version),
		...subtitles.flatMap(track => node('subtitle', node('language', languageOf(track)))),
	];
	return node('fileinfo', node('streamdetails', details));
};
