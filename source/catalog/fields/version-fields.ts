import * as z from 'zod';
import {formatChannels} from '../../base/text/format.js';
import {resolutionName} from '../quality.js';
import {versionSchema} from '../schema.js';
import type {AudioTrack, SubtitleTrack, Version} from '../types.js';
import {exportedShape, fieldList, type Field} from './field.js';

/**
Joins texts with commas and leaves out those that are absent or empty.
*/
export const joinTexts = (...texts: ReadonlyArray<string | undefined>): string => texts.filter(text => text !== undefined && text !== '').join(', ');

const channelText = (channels: number | undefined) => channels === undefined ? undefined : formatChannels(channels);

const audioText = ({language, codec, channels, title}: AudioTrack) => joinTexts(language, codec, channelText(channels), title);

const subtitleText = ({language, codec, title, forced, external}: SubtitleTrack) =>
	joinTexts(language, codec, title, forced === true ? 'forced' : undefined, external === true ? 'in a file of its own' : undefined);

const pictureText = ({width, height}: Version) => width === undefined && height === undefined ? undefined : `${width ?? '?'} × ${height ?? '?'}`;

const languages = (tracks: ReadonlyArray<AudioTrack | SubtitleTrack> = []) => joinTexts(...tracks.map(({language, codec}) => language ?? codec));

/**
The fields of a version. The order is that of the export. Among the changes of an item, they describe its best version.
*/
const versionFields = {
	id: {
		type: 'text',
		label: 'Plex media id',
		description: 'The id of the version on the server',
		pane: {section: 'Version', place: 130},
		exported: true,
	},
	resolution: {
		type: 'text',
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
		type: 'text',
		label: 'Video',
		description: 'The codec of the video',
		pane: {section: 'Version', place: 70, lines: ({videoCodec, videoProfile}) => [['Video', joinTexts(videoCodec, videoProfile)]]},
		told: {place: 30, lines: ({videoCodec, videoProfile}) => [['video', joinTexts(videoCodec, videoProfile)]]},
		exported: true,
	},
	audioCodec: {
		type: 'text',
		label: 'Audio',
		description: 'The codec of the main audio track',
		pane: {section: 'Version', place: 90, lines: ({audioCodec, audioChannels}) => [['Audio', joinTexts(audioCodec, channelText(audioChannels))]]},
		told: {place: 40, lines: ({audioCodec, audioChannels}) => [['audio', joinTexts(audioCodec, channelText(audioChannels))]]},
		exported: true,
	},
	container: {
		type: 'text',
		label: 'Container',
		description: 'The container of the files',
		pane: {section: 'Version', place: 100},
		exported: true,
	},
	bitrateKbps: {
		type: 'number',
		unit: 'kbps',
		label: 'Bit rate',
		description: 'The bit rate of the whole version',
		print: kbps => `${kbps} kbps`,
		pane: {section: 'Version', place: 110},
		exported: true,
	},
	durationMs: {
		type: 'duration',
		unit: 'ms',
		label: 'Duration',
		description: 'How long the version plays',
		pane: {section: 'Version', place: 120},
		exported: true,
	},
	hdr: {
		type: 'text',
		label: 'Dynamic range',
		description: 'Dolby Vision, HDR10 or HLG; absent for standard range',
		pane: {section: 'Version', place: 60},
		told: {place: 20},
		exported: true,
	},
	fileIds: {
		type: 'texts',
		label: 'Files',
		description: 'Ids of the files of the version, in playing order',
		exported: {
			schema: z.array(z.string()).meta({description: 'In playing order'}),
			value: ({parts}) => parts.map(({fileId}) => fileId),
		},
	},
	title: {
		type: 'text',
		label: 'Name',
		description: 'The name that someone gave the version',
		pane: {section: 'Version', place: 10},
	},
	optimized: {
		type: 'flag',
		label: 'Made by',
		description: 'A copy that Plex made for streaming',
		print: isOptimized => isOptimized ? 'Plex, as an optimised copy' : '',
		pane: {section: 'Version', place: 20},
	},
	aspectRatio: {
		type: 'number',
		label: 'Aspect ratio',
		description: 'Width of the picture divided by its height',
		pane: {section: 'Version', place: 50},
	},
	videoProfile: {
		type: 'text',
		label: 'Video profile',
		description: 'The profile of the video codec',
	},
	frameRate: {
		type: 'text',
		label: 'Frame rate',
		description: 'Plex\'s name of the frame rate, for instance 24p',
		pane: {section: 'Version', place: 80},
	},
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
