import type {AudioTrack, SubtitleTrack, VideoFacts} from './types.js';

const dtsNames = new Map([
	['ma', 'DTS-HD MA'],
	['hra', 'DTS-HD HRA'],
	['es', 'DTS-ES'],
	['96/24', 'DTS 96/24'],
	['lbr', 'DTS Express'],
	['express', 'DTS Express'],
]);

const audioNames = new Map([
	['truehd', 'TrueHD'],
	['eac3', 'Dolby Digital Plus'],
	['ac3', 'Dolby Digital'],
	['ac4', 'Dolby AC-4'],
	['opus', 'Opus'],
	['vorbis', 'Vorbis'],
	['wmav1', 'WMA'],
	['wmav2', 'WMA'],
	['wmapro', 'WMA Pro'],
	['wmalossless', 'WMA Lossless'],
]);

const videoNames = new Map([
	['h264', 'H.264'],
	['hevc', 'HEVC'],
	['h265', 'HEVC'],
	['mpeg1video', 'MPEG-1'],
	['mpeg2video', 'MPEG-2'],
	['mpeg4', 'MPEG-4'],
	['msmpeg4v3', 'DivX 3'],
	['vc1', 'VC-1'],
	['wmv2', 'WMV 8'],
	['wmv3', 'WMV 9'],
]);

const subtitleNames = new Map([
	['vobsub', 'VobSub'],
	['dvd_subtitle', 'VobSub'],
	['dvb_subtitle', 'DVB'],
	['hdmv_pgs_subtitle', 'PGS'],
	['subrip', 'SRT'],
	['mov_text', 'timed text'],
	['tx3g', 'timed text'],
	['webvtt', 'WebVTT'],
	['eia_608', 'CEA-608'],
	['eia_708', 'CEA-708'],
	['microdvd', 'MicroDVD'],
]);

const nameIn = (names: ReadonlyMap<string, string>, codec: string): string => names.get(codec.toLowerCase()) ?? codec.toUpperCase();

/**
The codec of a sound track, as people call it.

@example
```
audioName({codec: 'dca', profile: 'ma'}); //=> 'DTS-HD MA'
audioName({codec: 'truehd', spatial: 'Atmos'}); //=> 'TrueHD Atmos'
```
*/
export const audioName = ({codec, profile, spatial}: Pick<AudioTrack, 'codec' | 'profile' | 'spatial'>): string | undefined => {
	if (codec === undefined) {
		return spatial;
	}

	const [family = '', variant] = codec.toLowerCase().split('-', 2);
	if (family === 'dca' || family === 'dts') {
		return spatial ?? dtsNames.get((profile ?? variant ?? '').toLowerCase()) ?? 'DTS';
	}

	const name = family === 'aac' && /^he-aac/iv.test(profile ?? '') ? 'HE-AAC' : (family === 'pcm' ? 'PCM' : nameIn(audioNames, codec));
	return spatial === undefined ? name : `${name} ${spatial}`;
};

export const videoName = (codec: string): string => nameIn(videoNames, codec);

export const subtitleName = (codec: string): string => nameIn(subtitleNames, codec);

const bareCode = /^[a-z]{2,3}(?:-[\d\-a-z]+)?$/iv;

let displayNames: Intl.DisplayNames | undefined;

const nameOfCode = (code: string): string => {
	if (!bareCode.test(code)) {
		return code;
	}

	try {
		displayNames ??= new Intl.DisplayNames(['en'], {type: 'language'});
		return displayNames.of(code) ?? code;
	} catch {
		return code;
	}
};

/**
The language of a track as the server names it, else in English.
*/
export const languageName = ({language, languageTag, languageCode}: Pick<AudioTrack, 'language' | 'languageTag' | 'languageCode'>): string | undefined => {
	const known = language ?? languageTag ?? languageCode;
	return known === undefined ? undefined : nameOfCode(known);
};

/**
The name in a language as it is kept of a track, which is its code, a tab and its name; the code where there is no name.
*/
export const keptLanguageName = (kept: string): string => kept.split('\t', 2).at(-1)!;

/**
What sets a track apart from others of its language, for whom or what it is.
*/
export const trackMarks = ({forced, commentary, visualImpaired, hearingImpaired, dub, original}: AudioTrack | SubtitleTrack): string => [
	...hearingImpaired === true ? ['SDH'] : [],
	...visualImpaired === true ? ['audio description'] : [],
	...commentary === true ? ['commentary'] : [],
	...forced === true ? ['forced'] : [],
	...dub === true ? ['dubbed'] : [],
	...original === true ? ['original'] : [],
].join(', ');

/**
@example
```
trackLanguage({language: 'English', hearingImpaired: true}); //=> 'English (SDH)'
```
*/
export const trackLanguage = (track: AudioTrack | SubtitleTrack): string | undefined => {
	const [language, marks] = [languageName(track), trackMarks(track)];
	return language !== undefined && marks !== '' ? `${language} (${marks})` : language ?? (marks === '' ? undefined : marks);
};

const bases = new Map([
	[0, 'no base that other screens show'],
	[1, 'over HDR10'],
	[2, 'over standard range'],
	[4, 'over HLG'],
	[6, 'over HDR10'],
]);

/**
What Dolby Vision a picture has, in words.

@example
```
dolbyVisionText({profile: 8, compatibility: 1}); //=> 'profile 8.1, over HDR10'
```
*/
export const dolbyVisionText = ({profile, compatibility, enhancementLayer}: NonNullable<VideoFacts['dolbyVision']>): string => [
	...profile === undefined ? [] : [`profile ${profile}${profile === 8 && compatibility !== undefined ? `.${compatibility}` : ''}`],
	...enhancementLayer === true ? ['two layers'] : [],
	...compatibility === undefined || !bases.has(compatibility) ? [] : [bases.get(compatibility)!],
].join(', ');
