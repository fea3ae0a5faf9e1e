import {bestVersion} from '../catalog/quality.js';
import type {MediaFile, Version} from '../catalog/types.js';
import {formatBytes, formatChannels} from '../base/text/format.js';
import type {Fact} from './item-facts.js';

/**
Versions in words: the best one's quality, all their files.
*/
export const versionFacts = (versions: readonly Version[], fileOf: (id: string) => MediaFile | undefined): Fact[] => {
	const best = bestVersion(versions);
	const ids = [...new Set(versions.flatMap(({parts}) => parts.map(({fileId}) => fileId)))];
	return [
		['resolution', best?.resolution === undefined ? '' : resolutionName(best.resolution)],
		['dynamic range', best?.hdr ?? ''],
		['video', join(best?.videoCodec, best?.videoProfile)],
		['audio', join(best?.audioCodec, best?.audioChannels === undefined ? undefined : formatChannels(best.audioChannels))],
		...fileFacts(ids.map(id => fileOf(id) ?? {id})),
		['audio tracks', join(...(best?.audio ?? []).map(({language, codec}) => language ?? codec))],
		['subtitles', join(...(best?.subtitles ?? []).map(({language, codec}) => language ?? codec))],
	];
};

/**
Names, sizes and folders of files.
*/
export const fileFacts = (files: ReadonlyArray<Pick<MediaFile, 'id' | 'path' | 'sizeBytes'>>): Fact[] => [
	['files', files.map(file => fileWords(file)).join('; ')],
	['folder', join(...new Set(files.map(({path}) => path === undefined ? undefined : splitPath(path).folder)))],
];

const fileWords = ({path, sizeBytes}: Pick<MediaFile, 'path' | 'sizeBytes'>) =>
	join(path === undefined ? 'a file not shown to this user' : splitPath(path).name, sizeBytes === undefined ? undefined : formatBytes(sizeBytes));

/**
As the server writes it, be it Windows or not.
*/
const splitPath = (path: string) => {
	const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
	return {folder: path.slice(0, Math.max(0, end)), name: path.slice(end + 1)};
};

const join = (...texts: ReadonlyArray<string | undefined>) => texts.filter(text => text !== undefined && text !== '').join(', ');

/**
@example
```
resolutionName('1080'); //=> '1080p'
resolutionName('4k'); //=> '4K'
```
*/
export const resolutionName = (resolution: string): string => /^\d+$/v.test(resolution) ? `${resolution}p` : resolution.toUpperCase();
