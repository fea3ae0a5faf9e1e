import {formatBitrate, formatChannels} from '../../base/text/format.js';
import {bestVersion, isCopy, originalVersions} from '../quality.js';
import {
	audioName,
	keptLanguageName,
	languageName,
	videoName,
} from '../media-words.js';
import {fileIdsOf, personIdsOf} from '../item.js';
import type {AudioTrack, Item, SubtitleTrack} from '../types.js';
import type {Field} from './field.js';

const codecName = (codec: string) => audioName({codec}) ?? codec;

type Weight = {sizeBytes: number | undefined; durationMs: number | undefined};

/**
What can be asked of an item and stands elsewhere in its export: facts of its best version, the languages of all versions, its ids one by one.
*/
export const askedOnlyFields = {
	videoCodec: {
		from: 'versions',
		label: 'Video codec',
		description: 'The video codec of the best version',
		read: ({versions}) => bestVersion(versions)?.videoCodec,
		print: codec => videoName(codec),
		kept: {place: 174, isShared: true, read: (_, best) => best?.videoCodec},
		asked: {names: ['codec'], kind: 'choice', also: codec => [videoName(codec), ...codec === 'hevc' ? ['h265', 'x265'] : [], ...codec === 'h264' ? ['avc', 'x264'] : []]},
	},
	audioCodec: {
		from: 'versions',
		label: 'Audio codec',
		description: 'The codec of the main audio track of the best version',
		read: ({versions}) => bestVersion(versions)?.audioCodec,
		print: codec => codecName(codec),
		kept: {place: 175, isShared: true, read: (_, best) => best?.audioCodec},
		asked: {kind: 'choice', also: codec => [codecName(codec)]},
	},
	audioChannels: {
		type: 'number',
		from: 'versions',
		label: 'Audio channels',
		description: 'The number of channels of the main audio track of the best version',
		read: ({versions}) => bestVersion(versions)?.audioChannels,
		print: channels => formatChannels(channels),
		kept: {place: 176, read: (_, best) => best?.audioChannels},
		asked: {names: ['channels']},
	},
	container: {
		from: 'versions',
		label: 'Container',
		description: 'The container of the best version',
		read: ({versions}) => bestVersion(versions)?.container,
		kept: {place: 177, isShared: true, read: (_, best) => best?.container},
		asked: {names: ['container', 'ext'], kind: 'choice'},
	},
	bitrateKbps: {
		type: 'number',
		unit: 'kbps',
		from: 'versions',
		label: 'Bit rate',
		description: 'The bit rate of the best version',
		read: ({versions}) => bestVersion(versions)?.bitrateKbps,
		print: kbps => formatBitrate(kbps),
		kept: {place: 178, read: (_, best) => best?.bitrateKbps},
		asked: {names: ['bitrate'], kind: 'bitrate'},
	},
	dolbyVision: {
		type: 'number',
		from: 'versions',
		label: 'Dolby Vision profile',
		description: 'The profile of Dolby Vision of the best version',
		read: ({versions}) => bestVersion(versions)?.video?.dolbyVision?.profile,
		kept: {place: 179, read: (_, best) => best?.video?.dolbyVision?.profile},
		asked: {names: ['dv']},
	},
	copies: {
		type: 'number',
		from: 'versions',
		label: 'Copies',
		description: 'How many of the versions are copies that Plex made',
		read: ({versions}) => copiesOf(versions),
		kept: {place: 191, read: ({versions}) => copiesOf(versions)},
		asked: {},
	},
	gbPerHour: {
		type: 'number',
		isDecimal: true,
		from: 'versions',
		label: 'GB per hour',
		description: 'The size of the files for an hour of playing',
		asked: {names: ['gbph'], of: ({sizeBytes, durationMs}: Weight) => sizeBytes === undefined || durationMs === undefined || durationMs === 0 ? undefined : sizeBytes / 1e9 / (durationMs / 3_600_000)},
	},
	audioLanguages: {
		type: 'texts',
		from: 'versions',
		label: 'Audio languages',
		description: 'The languages of the audio tracks of all versions',
		read: ({versions}) => languagesIn(versions.map(({audio}) => audio)),
		print: languages => languagesText(languages),
		asked: {names: ['audio', 'lang', 'language'], kind: 'language', list: {block: 'languages', of: ({versions}: Item) => languagesIn(versions.map(({audio}) => audio))}},
	},
	subtitleLanguages: {
		type: 'texts',
		from: 'versions',
		label: 'Subtitle languages',
		description: 'The languages of the subtitles of all versions',
		read: ({versions}) => languagesIn(versions.map(({subtitles}) => subtitles)),
		print: languages => languagesText(languages),
		asked: {names: ['sub', 'subs', 'subtitle', 'subtitles'], kind: 'language', list: {block: 'languages', of: ({versions}: Item) => languagesIn(versions.map(({subtitles}) => subtitles))}},
	},
	person: {
		type: 'texts',
		label: 'Person',
		description: 'Everybody who made it or plays in it',
		from: 'cast',
		read: (item, {name}) => personIdsOf(item).map(id => name(id) ?? id),
		asked: {kind: 'names', lists: ['directors', 'writers', 'producers', 'cast']},
	},
	imdb: {
		type: 'texts',
		from: 'ids',
		label: 'IMDb',
		description: 'Its ids at IMDb',
		read: ({ids}) => ids.imdb,
		isKey: true,
		asked: {kind: 'id', list: {block: 'ids', of: ({ids}: Item) => idNumbers(ids.imdb)}},
	},
	tmdb: {
		type: 'texts',
		from: 'ids',
		label: 'TMDB',
		description: 'Its ids at TMDB',
		read: ({ids}) => ids.tmdb,
		isKey: true,
		asked: {kind: 'id', list: {block: 'ids', of: ({ids}: Item) => idNumbers(ids.tmdb)}},
	},
	tvdb: {
		type: 'texts',
		from: 'ids',
		label: 'TVDB',
		description: 'Its ids at TVDB',
		read: ({ids}) => ids.tvdb,
		isKey: true,
		asked: {kind: 'id', list: {block: 'ids', of: ({ids}: Item) => idNumbers(ids.tvdb)}},
	},
	path: {
		type: 'texts',
		isPath: true,
		from: 'versions',
		label: 'Paths',
		description: 'The paths of its files, as the server sees them',
		read: (item, {file}) => fileIdsOf(item).map(id => file(id)?.path).filter(path => path !== undefined),
		asked: {names: ['path', 'file', 'folder']},
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

const copiesOf = (versions: Item['versions']) => originalVersions(versions).length === versions.length ? 0 : versions.filter(version => isCopy(version)).length;

/**
Each language once, as its code, a tab and its name, as far as the server tells them.
*/
const languagesIn = (versions: ReadonlyArray<ReadonlyArray<AudioTrack | SubtitleTrack> | undefined>): readonly string[] => {
	const languages: string[] = [];
	for (const tracks of versions) {
		for (const track of tracks ?? []) {
			const key = languageKey(track);
			if (key !== '' && !languages.includes(key)) {
				languages.push(key);
			}
		}
	}

	return languages;
};

const languageKey = ({languageTag, languageCode, language}: AudioTrack | SubtitleTrack) => {
	const code = languageTag ?? languageCode ?? '';
	const name = language === undefined ? '' : languageName({language}) ?? '';
	return name === '' ? code : `${code}\t${name}`;
};

const languagesText = (languages: readonly string[]) => languages.map(language => keptLanguageName(language)).join(', ');

const idNumber = /^(?:tt)?\d{1,9}$/v;

/**
The number in an id of a provider; of another form no query asks.
*/
export const readIdNumber = (id: string): number | undefined => idNumber.test(id) ? Number(id.startsWith('tt') ? id.slice(2) : id) : undefined;

const idNumbers = (ids: readonly string[]): readonly number[] => ids.map(id => readIdNumber(id)).filter(number => number !== undefined);
