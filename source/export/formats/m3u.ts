import {clean} from '../../base/text/clean.js';
import {plural} from '../../base/text/format.js';
import {fullTitle} from '../../catalog/item.js';
import {playableVersion} from '../../catalog/quality.js';
import type {Version} from '../../catalog/types.js';
import type {ItemDetail} from '../../query/types.js';
import type {ExportFormat, FixedColumn} from '../format.js';

const encode = (name: string) => encodeURIComponent(name.toWellFormed());

/**
The address of a file by its path on the server: a path of Linux or macOS, of a drive of Windows, or of a share. Each character that an address could mean otherwise is encoded, so players find files of any name.

@example
```
fileAddress('/srv/films/100% #1?.mkv'); //=> 'file:///srv/films/100%25%20%231%3F.mkv'
fileAddress('C:\\films\\Orsa.mkv'); //=> 'file:///C:/films/Orsa.mkv'
```
*/
export const fileAddress = (path: string): string => {
	const {host, share} = /^(?:\\\\|\/\/)(?<host>[^\/\\]+)[\/\\](?<share>.*)$/sv.exec(path)?.groups ?? {};
	if (host !== undefined) {
		return `file://${encode(host)}/${share!.split(/[\/\\]/v).map(name => encode(name)).join('/')}`;
	}

	const {drive, rest} = /^(?<drive>[A-Za-z]:)[\/\\](?<rest>.*)$/sv.exec(path)?.groups ?? {};
	return drive === undefined
		? `file://${path.startsWith('/') ? '' : '/'}${path.split('/').map(name => encode(name)).join('/')}`
		: `file:///${drive}/${rest!.split(/[\/\\]/v).map(name => encode(name)).join('/')}`;
};

/**
VLC takes what comes before a comma, or before a hyphen between blanks, for the name of an artist, and shows only the rest. So both become characters that look like them.
*/
const entryTitle = ({item, show}: ItemDetail, part: number, parts: number): string => {
	const title = clean(fullTitle(item, show?.title)).trim();
	const text = `${title === '' ? 'Untitled' : title}${item.type === 'movie' && item.year !== undefined ? ` (${item.year})` : ''}${parts > 1 ? ` – part ${part} of ${parts}` : ''}`;
	return text.replaceAll(/ -(?= )/gv, ' –').replaceAll(',', '\u{201A}');
};

/**
The path of a file as a line of a playlist. Where it would not be one line, or a comment, or something that a terminal obeys, it is an address after all.
*/
const fileLine = (path: string): string => clean(path) === path && path.trim() === path && !path.startsWith('#') ? path : fileAddress(path);

const secondsOf = (durationMs: number | undefined) => durationMs === undefined ? -1 : Math.round(durationMs / 1000);

/**
The files of a version, without those that another item has given already.
*/
const playlistEntries = (detail: ItemDetail, {parts, durationMs: whole}: Version, sharedIds: Set<string>, placeOf: (path: string) => string): string[] => parts.flatMap(({fileId, durationMs}, index) => {
	if (sharedIds.has(fileId)) {
		return [];
	}

	if (detail.sharedWith.has(fileId)) {
		sharedIds.add(fileId);
	}

	const {path, durationMs: ofFile} = detail.files.get(fileId)!;
	const seconds = secondsOf(durationMs ?? ofFile ?? (parts.length === 1 ? whole ?? detail.item.durationMs : undefined));
	return [`#EXTINF:${seconds},${entryTitle(detail, index + 1, parts.length)}\n${placeOf(path!)}\n`];
});

const columns: readonly FixedColumn[] = [
	{name: '#EXTINF seconds', from: 'file.durationMs, version.durationMs, durationMs', about: 'How long it plays, -1 where nobody knows'},
	{name: '#EXTINF title', from: 'show, seasonNumber, episodeNumber, title, editionTitle, year', about: 'What the player shows'},
	{name: 'address', from: 'file.path', about: 'The file as the server sees it, as a file:// address, or with --paths as a path'},
];

export const m3uFormat: ExportFormat = {
	about: 'A playlist of the files for VLC, mpv and, with --paths, Kodi',
	extension: 'm3u',
	columns,
	takes: ['paths'],
	async * chunks({rows, hasPaths, say}) {
		yield '#EXTM3U\n';
		// Only files that several items share can come twice.
		const sharedIds = new Set<string>();
		let left = 0;
		for await (const {detail} of rows('item')) {
			const {item, files} = detail;
			if (item.versions.length === 0) {
				continue;
			}

			const version = playableVersion(item, ({fileId}) => files.get(fileId)?.path !== undefined);
			if (version === undefined) {
				left++;
				continue;
			}

			yield * playlistEntries(detail, version, sharedIds, hasPaths ? fileLine : fileAddress);
		}

		if (left > 0) {
			say(`${plural(left, 'item')} left out: gone from the server, in its trash, without a file that the server finds, or with a path that this user may not see.`);
		}
	},
};
