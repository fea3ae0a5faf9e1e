import {createDice} from './dice.js';
import type {PlexStream} from './row.js';
import {languages} from './words.js';

type Format = {
	resolution: string;
	width: number;
	height: number;
	bitrate: number;
	videoCodec: string;
	videoProfile: string;
	audioCodec: string;
	audioChannels: number;
};

/**
The streams of a file. Every kind of track and mark occurs, in the shapes that real servers send: numbers as text, and marks only where they are set.
*/
export const streamsOf = (partId: number, format: Format): PlexStream[] => {
	const dice = createDice(partId, 77);
	const streams = [videoStream(partId, format)];
	const firstLanguage = dice.integer(0, languages.length - 1);
	const audioCount = format.resolution === 'sd' ? 1 : dice.integer(1, 3);
	for (let track = 0; track < audioCount; track++) {
		streams.push(audioStream((partId * 100) + streams.length, format, firstLanguage, track));
	}

	const subtitleCount = dice.integer(0, 4);
	for (let track = 0; track < subtitleCount; track++) {
		streams.push(subtitleStream((partId * 100) + streams.length, firstLanguage + track, track));
	}

	return streams;
};

/**
A base that is HDR10, none that other screens show, two layers, and a base that is HLG.
*/
const visions = [
	{
		name: 'DoVi/HDR10', trc: 'smpte2084', DOVIProfile: 8, DOVILevel: 6, DOVIBLPresent: true, DOVIELPresent: false, DOVIBLCompatID: 1, DOVIVersion: '1.0',
	},
	{
		name: 'DoVi P5', trc: 'smpte2084', DOVIProfile: 5, DOVILevel: 6, DOVIBLPresent: true, DOVIELPresent: false, DOVIBLCompatID: 0, DOVIVersion: '1.0',
	},
	{
		name: 'DoVi/HDR10', trc: 'smpte2084', DOVIProfile: '7', DOVILevel: '6', DOVIBLPresent: '1', DOVIELPresent: '1', DOVIBLCompatID: '6', DOVIVersion: '1.0',
	},
	{
		name: 'DoVi/HLG', trc: 'arib-std-b67', DOVIProfile: 8, DOVILevel: 5, DOVIBLPresent: true, DOVIELPresent: false, DOVIBLCompatID: 4, DOVIVersion: '1.0',
	},
] as const;

const videoStream = (partId: number, {resolution, width, height, bitrate, videoCodec, videoProfile}: Format): PlexStream => {
	const {name, trc, ...dolbyVision} = visions[Math.floor(partId / 100) % visions.length]!;
	const isHdr = resolution === '4k';
	return {
		id: partId * 100,
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
		colorTrc: isHdr ? trc : 'bt709',
		...(isHdr && {DOVIPresent: true, DOVIRPUPresent: true, ...dolbyVision}),
		frameRate: partId % 20 === 0 ? '23.976' : 23.976,
		height,
		width,
		level: isHdr ? 153 : 41,
		profile: videoProfile,
		refFrames: 4,
		scanType: 'progressive',
		displayTitle: isHdr ? `4K ${name} (HEVC Main 10)` : `${resolution} (${videoCodec.toUpperCase()})`,
		extendedDisplayTitle: isHdr ? `4K ${name} (HEVC Main 10)` : `${resolution} (${videoCodec.toUpperCase()})`,
	};
};

const layouts = new Map([[8, '7.1'], [6, '5.1(side)'], [2, 'stereo'], [1, 'mono']]);

/**
The first track is that of the version. The second is DTS-HD or a commentary, the third an audio description in the language of the first.
*/
const audioStream = (id: number, {audioCodec, audioChannels}: Format, firstLanguage: number, track: number): PlexStream => {
	const file = Math.floor(id / 1000);
	const isCommentary = track === 1 && file % 3 === 0;
	const isDts = track === 1 && !isCommentary;
	const isDescription = track === 2;
	const isAtmos = track === 0 && (audioCodec === 'truehd' || (audioCodec === 'eac3' && file % 5 === 0));
	const codec = isDts ? 'dca' : (track === 0 ? audioCodec : 'ac3');
	const channels = isDts ? 6 : (track === 0 ? audioChannels : 2);
	const {name, tag, code} = languages[(firstLanguage + (isDts ? 1 : 0)) % languages.length]!;
	const layout = layouts.get(channels)!;
	const title = isCommentary ? 'Commentary by the director' : (isDescription ? 'Audio description' : undefined);
	const displayTitle = `${name} (${isDts ? 'DTS-HD MA' : codec.toUpperCase()} ${layout.replace('(side)', '')})`;
	return {
		id,
		streamType: 2,
		...(track === 0 && {selected: true, default: true, original: file % 4 === 0}),
		codec,
		...(codec === 'aac' && {profile: 'lc'}),
		...(isDts && {profile: 'ma', dub: true, bitDepth: 24}),
		index: id % 100,
		channels,
		bitrate: isDts ? String(channels * 640) : channels * 96,
		language: name,
		languageTag: tag,
		languageCode: code,
		audioChannelLayout: layout,
		samplingRate: 48_000,
		...(title !== undefined && {title}),
		...(isDescription && {visualImpaired: true}),
		displayTitle,
		extendedDisplayTitle: title === undefined ? (isAtmos ? displayTitle.replace(' (', ' (Dolby Atmos, ') : displayTitle) : `${title} (${displayTitle})`,
	};
};

/**
The second track is forced, the third for people who do not hear well, and the fourth is a picture track within the file.
*/
const subtitleStream = (id: number, languageNumber: number, track: number): PlexStream => {
	const {name, tag, code} = languages[languageNumber % languages.length]!;
	const isWithin = track === 3;
	const codec = isWithin ? 'pgs' : 'srt';
	const marks = ['', ' Forced', ' SDH', ''][track]!;
	const displayTitle = `${name}${marks} (${codec.toUpperCase()}${isWithin ? '' : ' External'})`;
	return {
		id,
		streamType: 3,
		codec,
		...(isWithin ? {index: id % 100, default: true, bitrate: 34} : {format: codec, key: `/library/streams/${id}`}),
		language: name,
		languageTag: tag,
		languageCode: code,
		...(track === 1 && {forced: true}),
		...(track === 2 && {hearingImpaired: id % 3 === 0 ? '1' : true, title: 'SDH', canAutoSync: true}),
		displayTitle,
		extendedDisplayTitle: displayTitle,
	};
};
