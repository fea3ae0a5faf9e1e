import type {
	AudioTrack,
	Part,
	SubtitleTrack,
	Version,
} from '../catalog/types.js';
import {formatBytes, formatChannels, formatDurationMs} from '../base/text/format.js';
import {
	section,
	type DetailOptions,
	type DetailSection,
	type Row,
} from './detail-field.js';
import type {ItemDetail} from './types.js';

/**
A section per version, with its files.
*/
export const versionSections = (detail: ItemDetail, options: DetailOptions): DetailSection[] => {
	const {versions} = detail.item;
	return versions.map((version, index) => section(
		versions.length === 1 ? 'Version' : `Version ${index + 1} of ${versions.length}`,
		[...picture(version), ...tracks(version), ...version.parts.flatMap((part, position) => fileRows(detail, {part, place: placeOf(version, position)}, options))],
	));
};

const picture = (version: Version): Row[] => [
	['Name', version.title],
	['Made by', version.optimized === true ? 'Plex, as an optimised copy' : undefined],
	['Resolution', version.resolution],
	['Picture', size(version)],
	['Aspect ratio', version.aspectRatio === undefined ? undefined : String(version.aspectRatio)],
	['Dynamic range', version.hdr],
	['Video', list(version.videoCodec, version.videoProfile)],
	['Frame rate', version.frameRate],
	['Audio', list(version.audioCodec, version.audioChannels === undefined ? undefined : formatChannels(version.audioChannels))],
	['Container', version.container],
	['Bit rate', version.bitrateKbps === undefined ? undefined : `${version.bitrateKbps} kbps`],
	['Duration', version.durationMs === undefined ? undefined : formatDurationMs(version.durationMs)],
	['Plex media id', version.id],
];

const size = ({width, height}: Version) => width === undefined && height === undefined ? undefined : `${width ?? '?'} × ${height ?? '?'}`;

const tracks = ({audio = [], subtitles = []}: Version): Row[] => [
	...audio.map((track, index) => [`Audio track ${index + 1}`, audioText(track)] as const),
	...subtitles.map((track, index) => [`Subtitles ${index + 1}`, subtitleText(track)] as const),
];

const audioText = ({language, codec, channels, title}: AudioTrack) =>
	list(language, codec, channels === undefined ? undefined : formatChannels(channels), title);

const subtitleText = ({language, codec, title, forced, external}: SubtitleTrack) =>
	list(language, codec, title, forced === true ? 'forced' : undefined, external === true ? 'in a file of its own' : undefined);

const placeOf = ({parts}: Version, position: number) => parts.length === 1 ? '' : `, part ${position + 1} of ${parts.length}`;

const fileRows = (detail: ItemDetail, {part, place}: {part: Part; place: string}, {titleOf}: DetailOptions): Row[] => {
	const file = detail.files.get(part.fileId);
	const durationMs = part.durationMs ?? file?.durationMs;
	const others = detail.sharedWith.get(part.fileId) ?? [];
	return [
		[`File${place}`, file?.path ?? `not shown to this user (${part.fileId})`],
		['Size', file?.sizeBytes === undefined ? undefined : formatBytes(file.sizeBytes)],
		['Length', durationMs === undefined ? undefined : formatDurationMs(durationMs)],
		['File type', file?.container],
		['Also in this file', others.map(id => titleOf?.(id) ?? id).join(', ')],
		['Plex part', list(part.partId, part.key)],
	];
};

const list = (...texts: ReadonlyArray<string | undefined>) => texts.filter(text => text !== undefined && text !== '').join(', ');
