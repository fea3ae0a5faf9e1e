import * as z from 'zod';
import {formatChannels} from '../../base/text/format.js';
import {resolutionName} from '../quality.js';
import {versionSchema} from '../schema.js';
import type {AudioTrack, SubtitleTrack, Version} from '../types.js';
import {
	exportedShape,
	fieldList,
	plainField,
	shownField,
	type Field,
} from './field.js';

/**
Joins texts with commas, without those that are absent or empty.
*/
export const joinTexts = (...texts: ReadonlyArray<string | undefined>): string => texts.filter(text => text !== undefined && text !== '').join(', ');

const channelText = (channels: number | undefined) => channels === undefined ? undefined : formatChannels(channels);

const audioText = ({language, codec, channels, title}: AudioTrack) => joinTexts(language, codec, channelText(channels), title);

const subtitleText = ({language, codec, title, forced, external}: SubtitleTrack) =>
	joinTexts(language, codec, title, forced === true ? 'forced' : undefined, external === true ? 'in a file of its own' : undefined);

const pictureText = ({width, height}: Version) => width === undefined && height === undefined ? undefined : `${width ?? '?'} × ${height ?? '?'}`;

const languages = (tracks: ReadonlyArray<AudioTrack | SubtitleTrack> = []) => joinTexts(...tracks.map(({language, codec}) => language ?? codec));

/**
The fields of a version, in the order of the export. In the changes of an item they describe its best version.
*/
const versionFields = {
	id: {...shownField('text', 'Plex media id', 'The id of the version on the server', {section: 'Version', pane: 130}), exported: true},
	resolution: {
		label: 'Resolution',
		description: 'Plex\'s name of the resolution: sd, 480, 720, 1080, 4k …',
		pane: {section: 'Version', place: 30},
		told: {place: 10, print: resolutionName},
		exported: true,
	},
	width: {
		type: 'number',
		unit: 'pixels',
		label: 'Width',
		description: 'The width of the picture',
		pane: {section: 'Version', place: 40, lines: version => [['Picture', pictureText(version)]]},
		exported: true,
	},
	height: {
		type: 'number',
		unit: 'pixels',
		label: 'Height',
		description: 'The height of the picture',
		exported: true,
	},
	videoCodec: {
		label: 'Video',
		description: 'The codec of the video',
		pane: {section: 'Version', place: 70, lines: ({videoCodec, videoProfile}) => [['Video', joinTexts(videoCodec, videoProfile)]]},
		told: {place: 30, lines: ({videoCodec, videoProfile}) => [['video', joinTexts(videoCodec, videoProfile)]]},
		exported: true,
	},
	audioCodec: {
		label: 'Audio',
		description: 'The codec of the main audio track',
		pane: {section: 'Version', place: 90, lines: ({audioCodec, audioChannels}) => [['Audio', joinTexts(audioCodec, channelText(audioChannels))]]},
		told: {place: 40, lines: ({audioCodec, audioChannels}) => [['audio', joinTexts(audioCodec, channelText(audioChannels))]]},
		exported: true,
	},
	container: {...shownField('text', 'Container', 'The container of the files', {section: 'Version', pane: 100}), exported: true},
	bitrateKbps: {
		type: 'number',
		unit: 'kbps',
		label: 'Bit rate',
		description: 'The bit rate of the whole version',
		print: kbps => `${kbps} kbps`,
		pane: {section: 'Version', place: 110},
		exported: true,
	},
	durationMs: {...shownField('duration', 'Duration', 'How long the version plays', {section: 'Version', pane: 120}), exported: true},
	hdr: plainField('text', 'Dynamic range', 'Dolby Vision, HDR10 or HLG; absent for standard range', {section: 'Version', pane: 60, told: 20}),
	fileIds: {
		type: 'texts',
		label: 'Files',
		description: 'Ids of the files of the version, in playing order',
		exported: {
			schema: z.array(z.string()).meta({description: 'In playing order'}),
			value: ({parts}) => parts.map(({fileId}) => fileId),
		},
	},
	title: shownField('text', 'Name', 'The name that someone gave the version', {section: 'Version', pane: 10}),
	optimized: {
		type: 'flag',
		label: 'Made by',
		description: 'A copy that Plex made for streaming',
		print: isOptimized => isOptimized ? 'Plex, as an optimised copy' : '',
		pane: {section: 'Version', place: 20},
	},
	unavailable: {
		type: 'flag',
		label: 'Unavailable',
		description: 'The server cannot find or read one of its files',
		read: ({parts}) => parts.some(({unavailable}) => unavailable === true) || undefined,
		told: {place: 70},
	},
	aspectRatio: shownField('number', 'Aspect ratio', 'Width of the picture divided by its height', {section: 'Version', pane: 50}),
	videoProfile: {
		label: 'Video profile',
		description: 'The profile of the video codec',
	},
	frameRate: shownField('text', 'Frame rate', 'Plex\'s name of the frame rate, for instance 24p', {section: 'Version', pane: 80}),
	audioChannels: {
		type: 'number',
		label: 'Audio channels',
		description: 'The number of channels of the main audio track',
	},
	audio: {
		type: 'records',
		label: 'Audio tracks',
		description: 'Codec, channels, language and title of every audio track',
		pane: {section: 'Version', place: 140, lines: ({audio = []}) => audio.map((track, index) => [`Audio track ${index + 1}`, audioText(track)])},
		told: {place: 50, lines: ({audio}) => [['audio tracks', languages(audio)]]},
	},
	subtitles: {
		type: 'records',
		label: 'Subtitles',
		description: 'Codec, language and title of every subtitle track',
		pane: {section: 'Version', place: 150, lines: ({subtitles = []}) => subtitles.map((track, index) => [`Subtitles ${index + 1}`, subtitleText(track)])},
		told: {place: 60, lines: ({subtitles}) => [['subtitles', languages(subtitles)]]},
	},
} as const satisfies Readonly<Record<string, Field<Version>>>;

export const versionFieldList = fieldList<Version>(versionFields);
export const exportedVersionSchema = z.object(exportedShape(versionFields, versionSchema.shape));
