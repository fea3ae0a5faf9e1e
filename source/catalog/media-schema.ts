import * as z from 'zod';
import {once} from '../base/once.js';

const count = z.int().nonnegative();
const instant = z.iso.datetime();

/**
A property with what it means and one value that it may have, for the JSON Schemas.
*/
export const described = <Schema extends z.ZodType>(schema: Schema, description: string, example: unknown): Schema => schema.meta({description, examples: [example]});

const text = z.string().optional();
const number = count.optional();
const mark = z.boolean().optional();

const languageShape = once(() => ({
	language: described(text, 'The name of the language, as the server says it', 'English'),
	languageCode: described(text, 'The code of the language: ISO 639-2, or what the server sends instead', 'eng'),
	languageTag: described(text, 'The language with its script or region, where the code alone does not tell it (BCP 47)', 'pt-BR'),
}));

const markShape = once(() => ({
	default: described(mark, 'The track that is played unless the user chooses another one', true),
	forced: described(mark, 'For what is said in another language than the rest', true),
	original: described(mark, 'In the language in which it was made', true),
	dub: described(mark, 'Spoken anew in another language', true),
	commentary: described(mark, 'Somebody talks about it; known by the mark or by the title of the track', true),
	hearingImpaired: described(mark, 'For people who do not hear well (SDH)', true),
	visualImpaired: described(mark, 'For people who do not see well (audio description)', true),
	external: described(mark, 'In a file of its own', true),
}));

export const audioSchema = once(() => z.object({
	codec: described(text, 'The codec as Plex names it; dca is DTS', 'dca'),
	profile: described(text, 'The profile of the codec; ma is DTS-HD MA', 'ma'),
	spatial: described(z.enum(['Atmos', 'DTS:X']).optional(), 'Sound with height, where the server tells it by the profile or a title', 'Atmos'),
	channels: described(number, 'The number of channels', 6),
	layout: described(text, 'The arrangement of the channels', '5.1(side)'),
	...languageShape(),
	title: described(text, 'The name that the file gives the track', 'Commentary by the director'),
	displayTitle: described(text, 'What Plex shows for the track', 'English (DTS-HD MA 5.1)'),
	...markShape(),
	bitrateKbps: described(number, 'The bit rate. Unit: kbps', 3840),
}));

export const subtitleSchema = once(() => z.object({
	codec: described(text, 'The format', 'srt'),
	...languageShape(),
	title: described(text, 'The name that the file gives the track', 'Songs'),
	displayTitle: described(text, 'What Plex shows for the track', 'English SDH (SRT External)'),
	...markShape(),
}));

export const dolbyVisionSchema = once(() => z.object({
	profile: described(number, 'The profile: 5 has no base that other screens can show, 7 has two layers, 8 has such a base', 8),
	level: described(number, 'The level', 6),
	baseLayer: described(mark, 'There is a base layer', true),
	enhancementLayer: described(mark, 'There is an enhancement layer', false),
	compatibility: described(number, 'What the base layer is without Dolby Vision: 0 nothing else, 1 HDR10, 2 standard range, 4 HLG, 6 HDR10 of a Blu-ray', 1),
}));

export const videoSchema = once(() => z.object({
	codec: described(text, 'The codec as Plex names it', 'hevc'),
	profile: described(text, 'The profile of the codec', 'main 10'),
	level: described(number, 'The level of the codec', 153),
	bitDepth: described(number, 'Bits per sample', 10),
	chroma: described(text, 'The chroma subsampling', '4:2:0'),
	primaries: described(text, 'The colour primaries', 'bt2020'),
	transfer: described(text, 'The transfer function; smpte2084 is HDR10 or Dolby Vision, arib-std-b67 is HLG', 'smpte2084'),
	frameRate: described(z.number().positive().optional(), 'The exact frame rate. Unit: frames per second', 23.976),
	scanType: described(text, 'progressive or interlaced', 'progressive'),
	refFrames: described(number, 'The number of reference frames', 4),
	bitrateKbps: described(number, 'The bit rate of the picture. Unit: kbps', 20_100),
	dolbyVision: dolbyVisionSchema().optional().meta({description: 'What Dolby Vision needs; absent without it', examples: [{profile: 8, level: 6, compatibility: 1}]}),
}));

/**
What a DVR knows of a recording.
*/
export const recordingSchema = once(() => z.object({
	channel: described(text, 'The channel', 'Kanal Nord HD'),
	channelNumber: described(text, 'The number of the channel', '7.1'),
	from: described(instant.optional(), 'When the recording began', '2024-04-05T18:00:00Z'),
	to: described(instant.optional(), 'When the recording ended', '2024-04-05T19:30:00Z'),
}));

export const chapterSchema = once(() => z.object({
	title: described(text, 'The name of the chapter', 'The ferry leaves'),
	startMs: described(count, 'Where it begins. Unit: ms', 0),
	endMs: described(number, 'Where it ends. Unit: ms', 600_000),
}));

export const markerSchema = once(() => z.object({
	kind: described(z.string(), 'intro, credits, commercial, or another word of the server', 'credits'),
	startMs: described(count, 'Where it begins. Unit: ms', 6_400_000),
	endMs: described(number, 'Where it ends. Unit: ms', 6_723_000),
	final: described(mark, 'Credits that last to the end', true),
}));

export const extraSchema = once(() => z.object({
	kind: described(z.string(), 'trailer, deletedScene, interview, behindTheScenes, scene, featurette, short, or another word of the server', 'trailer'),
	title: described(text, 'The title', 'Trailer 2'),
	durationMs: described(number, 'How long it plays. Unit: ms', 143_000),
	primary: described(mark, 'The one that Plex plays before the film', true),
}));
