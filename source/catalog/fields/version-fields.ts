import * as z from 'zod';
import {formatChannels, formatInstant} from '../../base/text/format.js';
import {
	audioSchema,
	described,
	subtitleSchema,
	videoSchema,
} from '../media-schema.js';
import {
	audioName,
	dolbyVisionText,
	subtitleName,
	trackLanguage,
	videoName,
} from '../media-words.js';
import {resolutionName} from '../quality.js';
import {versionSchema} from '../schema.js';
import type {
	AudioTrack,
	Recording,
	SubtitleTrack,
	Version,
	VideoFacts,
} from '../types.js';
import {defined} from '../values.js';
import {exportedShape} from './exported.js';
import {
	fieldList,
	plainField,
	shownField,
	type Field,
	type Resolver,
} from './field.js';

/**
Joins texts with commas, without those that are absent or empty.
*/
export const joinTexts = (...texts: ReadonlyArray<string | undefined>): string => texts.filter(text => text !== undefined && text !== '').join(', ');

const channelText = (channels: number | undefined) => channels === undefined ? undefined : formatChannels(channels);

const audioText = (track: AudioTrack) => joinTexts(trackLanguage(track), audioName(track), channelText(track.channels) ?? track.layout, track.title);

const subtitleText = (track: SubtitleTrack) =>
	joinTexts(trackLanguage(track), track.codec === undefined ? undefined : subtitleName(track.codec), track.title, track.external === true ? 'in a file of its own' : undefined);

const soundText = ({audioCodec, audioProfile, audioChannels}: Version) => joinTexts(audioName(defined({codec: audioCodec, profile: audioProfile})), channelText(audioChannels));

const codecText = ({videoCodec, videoProfile}: Version) => joinTexts(videoCodec === undefined ? undefined : videoName(videoCodec), videoProfile);

const rangeText = ({hdr, video}: Version) => joinTexts(hdr, video?.dolbyVision === undefined ? undefined : dolbyVisionText(video.dolbyVision));

const framesText = ({frameRate, video}: Version) => joinTexts(frameRate, video?.frameRate === undefined ? undefined : `${video.frameRate} frames per second`, video?.scanType);

const recordingText = ({channel, channelNumber, from, to}: Recording, {instant = formatInstant}: Resolver) => joinTexts(
	channel,
	channelNumber === undefined ? undefined : `channel ${channelNumber}`,
	from === undefined ? undefined : `from ${instant(from)}`,
	to === undefined ? undefined : `to ${instant(to)}`,
);

const depthText = ({bitDepth}: VideoFacts) => bitDepth === undefined ? undefined : `${bitDepth} bit`;

const colourText = ({video}: Version) => video === undefined ? undefined : joinTexts(depthText(video), video.chroma, video.primaries, video.transfer);

const pictureText = ({width, height}: Version) => width === undefined && height === undefined ? undefined : `${width ?? '?'} × ${height ?? '?'}`;

const languages = (tracks: ReadonlyArray<AudioTrack | SubtitleTrack> = []) => joinTexts(...tracks.map(track => trackLanguage(track) ?? track.codec));

/**
A sound track in the export, with the name that people give its codec.
*/
const exportedAudioSchema = () => {
	const {codec, profile, ...others} = audioSchema().shape;
	return z.object({
		codec, profile, name: described(z.string().optional(), 'The codec as people call it', 'DTS-HD MA'), ...others,
	});
};

const exportedAudio = ({codec, profile, ...others}: AudioTrack) => defined({
	codec, profile, name: audioName(defined({codec, profile, spatial: others.spatial})), ...others,
});

const exportedVideo = ({video, videoCodec, videoProfile}: Version) => {
	const facts = defined({codec: videoCodec, profile: videoProfile, ...video});
	return Object.keys(facts).length === 0 ? undefined : facts;
};

/**
The fields of a version, in the order of the export. In the changes of an item they describe its best version.
*/
const versionFields = {
	id: {...shownField('text', 'Plex media id', 'The id of the version on the server', {section: 'Version', pane: 130, example: '801'}), exported: true},
	resolution: {
		label: 'Resolution',
		description: 'Plex\'s name of the resolution: sd, 480, 720, 1080, 4k …',
		example: '4k',
		pane: {section: 'Version', place: 30},
		told: {place: 10, print: resolutionName},
		exported: true,
	},
	width: {
		type: 'number',
		unit: 'pixels',
		label: 'Width',
		description: 'The width of the picture',
		example: 3840,
		pane: {section: 'Version', place: 40, lines: version => [['Picture', pictureText(version)]]},
		exported: true,
	},
	height: {
		type: 'number',
		unit: 'pixels',
		label: 'Height',
		description: 'The height of the picture',
		example: 1608,
		exported: true,
	},
	videoCodec: {
		label: 'Video',
		description: 'The codec of the video',
		example: 'hevc',
		pane: {section: 'Version', place: 70, lines: version => [['Video', codecText(version)]]},
		told: {place: 30, lines: version => [['video', codecText(version)]]},
		exported: true,
	},
	audioCodec: {
		label: 'Audio',
		description: 'The codec of the main audio track',
		example: 'truehd',
		pane: {section: 'Version', place: 90, lines: version => [['Audio', soundText(version)]]},
		told: {place: 40, lines: version => [['audio', soundText(version)]]},
		exported: true,
	},
	container: {...shownField('text', 'Container', 'The container of the files', {section: 'Version', pane: 100, example: 'mkv'}), exported: true},
	bitrateKbps: {
		type: 'number',
		unit: 'kbps',
		label: 'Bit rate',
		description: 'The bit rate of the whole version',
		example: 24_400,
		print: kbps => `${kbps} kbps`,
		pane: {section: 'Version', place: 110},
		exported: true,
	},
	durationMs: {...shownField('duration', 'Duration', 'How long the version plays', {section: 'Version', pane: 120, example: 6_723_000}), exported: true},
	hdr: {
		...plainField('text', 'Dynamic range', 'Dolby Vision, HDR10 or HLG; absent for standard range', {
			section: 'Version', pane: 60, example: 'Dolby Vision', told: 20,
		}),
		pane: {section: 'Version', place: 60, lines: version => [['Dynamic range', rangeText(version)]]},
	},
	fileIds: {
		type: 'texts',
		label: 'Files',
		description: 'Ids of the files of the version, in playing order',
		example: ['f0a1b2c3d4e5f6074'],
		exported: {
			schema: () => z.array(z.string()).meta({description: 'In playing order'}),
			value: ({parts}) => parts.map(({fileId}) => fileId),
		},
	},
	title: {
		...shownField('text', 'Name', 'The name that someone gave the version', {section: 'Version', pane: 10}), exported: true, since: 2, example: 'Blu-ray rip',
	},
	optimized: {
		type: 'flag',
		label: 'Made by',
		description: 'A copy that Plex made for streaming',
		example: true,
		since: 2,
		print: isOptimized => isOptimized ? 'Plex, as an optimised copy' : '',
		pane: {section: 'Version', place: 20},
		exported: true,
	},
	proxy: {
		type: 'flag',
		label: 'Stands in',
		description: 'Another copy that stands in for a version',
		example: true,
		since: 2,
		print: isProxy => isProxy ? 'as a proxy of another version' : '',
		pane: {section: 'Version', place: 21},
		exported: true,
	},
	target: {
		...shownField('text', 'Made for', 'What the copy was made for, as the server calls it', {
			section: 'Version', pane: 22, example: 'Mobile', since: 2,
		}),
		exported: true,
	},
	recording: {
		type: 'record',
		label: 'Recorded',
		description: 'The channel and the time of a version that a DVR recorded',
		example: {
			channel: 'Kanal Nord HD', channelNumber: '7.1', from: '2024-04-05T18:00:00Z', to: '2024-04-05T19:30:00Z',
		},
		since: 2,
		pane: {section: 'Version', place: 25, lines: ({recording}, detail) => [['Recorded', recording === undefined ? undefined : recordingText(recording, detail)]]},
		exported: true,
	},
	unavailable: {
		type: 'flag',
		label: 'Unavailable',
		description: 'The server cannot find or read one of its files',
		read: ({parts}) => parts.some(({unavailable}) => unavailable === true) || undefined,
		told: {place: 70},
	},
	aspectRatio: {
		isDecimal: true,
		...shownField('number', 'Aspect ratio', 'Width of the picture divided by its height', {section: 'Version', pane: 50}), exported: true, since: 2, example: 2.39,
	},
	videoProfile: {
		label: 'Video profile',
		description: 'The profile of the video codec',
		example: 'main 10',
		since: 2,
		exported: true,
	},
	frameRate: {
		label: 'Frame rate',
		description: 'Plex\'s name of the frame rate, for instance 24p',
		example: '24p',
		since: 2,
		pane: {section: 'Version', place: 80, lines: version => [['Frame rate', framesText(version)]]},
		exported: true,
	},
	video: {
		type: 'record',
		label: 'Picture in detail',
		description: 'Codec, bit depth, colours, exact frame rate and Dolby Vision of the first video stream',
		example: {codec: 'hevc', profile: 'main 10', bitDepth: 10},
		since: 2,
		pane: {section: 'Version', place: 65, lines: version => [['Colours', colourText(version)]]},
		exported: {schema: () => videoSchema().optional(), value: version => exportedVideo(version)},
	},
	audioProfile: {
		label: 'Audio profile',
		description: 'The profile of the main audio track; ma is DTS-HD MA',
		example: 'ma',
		since: 2,
		exported: true,
	},
	audioChannels: {
		type: 'number',
		label: 'Audio channels',
		description: 'The number of channels of the main audio track',
		example: 6,
		since: 2,
		exported: true,
	},
	audio: {
		type: 'records',
		label: 'Audio tracks',
		description: 'Codec, channels, language, name and marks of every audio track; absent where the server has not analysed the file',
		example: [{codec: 'dca', profile: 'ma', name: 'DTS-HD MA'}],
		since: 2,
		pane: {section: 'Version', place: 140, lines: ({audio = []}) => audio.map((track, index) => [`Audio track ${index + 1}`, audioText(track)])},
		told: {place: 50, lines: ({audio}) => [['audio tracks', languages(audio)]]},
		exported: {schema: () => z.array(exportedAudioSchema()).optional(), value: ({audio}) => audio?.map(track => exportedAudio(track))},
	},
	subtitles: {
		type: 'records',
		label: 'Subtitles',
		description: 'Format, language, name and marks of every subtitle track; absent where the server has not analysed the file',
		example: [{
			codec: 'srt', language: 'English', languageCode: 'eng', hearingImpaired: true,
		}],
		since: 2,
		pane: {section: 'Version', place: 150, lines: ({subtitles = []}) => subtitles.map((track, index) => [`Subtitles ${index + 1}`, subtitleText(track)])},
		told: {place: 60, lines: ({subtitles}) => [['subtitles', languages(subtitles)]]},
		exported: {schema: () => z.array(subtitleSchema()).optional(), value: ({subtitles}) => subtitles},
	},
} as const satisfies Readonly<Record<string, Field<Version>>>;

export const versionFieldList = fieldList<Version>(versionFields);
export const exportedVersionSchema = () => z.object(exportedShape(versionFields, versionSchema().shape));
