import {clean} from '../../base/text/clean.js';
import {plural} from '../../base/text/format.js';
import {pathNames} from '../../catalog/folder.js';
import {createLibraryNames} from '../../catalog/library-names.js';
import {bestVersion, isLost, originalVersions} from '../../catalog/quality.js';
import type {CatalogHeader, Version} from '../../catalog/types.js';
import type {ItemDetail} from '../../query/types.js';
import type {
	ExportSource,
	FolderFile,
	FolderTarget,
} from '../format.js';
import {
	itemArtwork,
	episodeArtwork,
	filmArtwork,
	seasonArtworkName,
	showArtwork,
	type Artwork,
} from './artwork.js';
import {
	episodeNodes,
	movieNodes,
	nfoText,
	showNodes,
} from './nfo.js';
import {
	createPlaces,
	createUnseen,
	placeBelow,
	type Places,
} from './places.js';
import type {XmlNode} from './xml.js';

/**
Where something of the media lies: below which folder of the export, and by which names.
*/
type MediaPlace = {root: readonly string[]; names: readonly string[]};

type Locate = (libraryId: string, path: string) => MediaPlace | undefined;

/**
In a folder of its own each library has a folder, and each of its locations, if it has several. What is in no location has its whole path. Beside the media there is only what is below the folder.
*/
const createLocate = (header: CatalogHeader, places: Places, mediaFolder: string | undefined): Locate => {
	if (mediaFolder !== undefined) {
		return (_libraryId, path) => {
			const found = placeBelow([mediaFolder], path);
			return found === undefined ? undefined : {root: [], names: found.names};
		};
	}

	const {printed} = createLibraryNames(header);
	const roots = new Map(header.libraries.map(({id, title, locations}) => {
		const root = places.folder([], printed(id) ?? clean(title).trim());
		return [id, {root, locations, below: locations.length < 2 ? [root] : locations.map(location => places.folder(root, pathNames(location).at(-1) ?? ''))}];
	}));
	return (libraryId, path) => {
		const {root, locations, below} = roots.get(libraryId)!;
		const found = placeBelow(locations, path);
		return found === undefined ? {root, names: pathNames(path)} : {root: below[found.index]!, names: found.names};
	};
};

/**
The versions that the server can play, the best one first, each with the path of its first file.
*/
const playedVersions = ({item, files}: ItemDetail): Array<{version: Version; fileId: string; path: string}> => {
	const best = bestVersion(item.versions);
	const versions = originalVersions(item.versions);
	return [...versions.filter(version => version === best), ...versions.filter(version => version !== best)].flatMap(version => {
		const [part] = version.parts;
		const path = part === undefined ? undefined : files.get(part.fileId)?.path;
		return path === undefined || isLost(item) || part?.unavailable === true ? [] : [{version, fileId: part!.fileId, path}];
	});
};

type Episode = {order: readonly number[]; nodes: XmlNode[]};

/**
A file that several episodes share. It is written once the last of them has come, or at the end.
*/
type SharedFile = {artwork: Artwork; episodes: Episode[]; waiting: Set<string>; media: MediaPlace; id: string};

type Show = {
	detail: ItemDetail;
	folders: readonly MediaPlace[];
};

const pathOf = ({root, names}: MediaPlace) => [...root, ...names].join('/');

const stemOf = (name: string) => /^(?<stem>.+)\.[^.]*$/sv.exec(name)?.groups!['stem'] ?? name;

const byOrder = (left: Episode, right: Episode) => left.order.map((number, index) => number - right.order[index]!).find(difference => difference !== 0) ?? 0;

/**
The folders of a show that the server tells, and those above episodes that lie elsewhere: Kodi takes no episode without a tvshow.nfo above it, and a server may know fewer folders than there are.
*/
const showFolders = (known: readonly MediaPlace[], ofEpisodes: Iterable<MediaPlace>): MediaPlace[] => {
	const all = new Map(known.map(folder => [pathOf(folder), folder]));
	for (const {root, names} of ofEpisodes) {
		const highest = {root, names: names.slice(0, 1)};
		if (names.length > 0 && !all.values().some(folder => `${pathOf({root, names})}/`.startsWith(`${pathOf(folder)}/`))) {
			all.set(pathOf(highest), highest);
		}
	}

	return all.values().toArray();
};

const sayCounts = (say: ExportSource['say'], {unplayable, outside, unsafe, bare}: Readonly<Record<'unplayable' | 'outside' | 'unsafe' | 'bare', number>>, {renamed, unseen, joined, misread, more}: Readonly<Record<'renamed' | 'unseen' | 'joined' | 'misread' | 'more', readonly string[]>>) => {
	for (const [count, line] of [
		[unplayable, `${plural(unplayable, 'item')} left out: gone from the server or in its trash, without a file that the server finds, or with a path that this user may not see.`],
		[outside, `${plural(outside, 'item')} left out, because the folder does not hold ${outside === 1 ? 'its' : 'their'} files.`],
		[unsafe, `${plural(unsafe, 'file')} left out, because the path of the media has names that no file should have.`],
		[renamed.length, `${plural(renamed.length, 'file has a name', 'files have names')} of which Kodi takes no notice, because two items play the same file or a name is not safe, for instance ${clean(renamed[0] ?? '')}.`],
		[bare, `${plural(bare, 'show is', 'shows are')} not in the query, so there is no tvshow.nfo, without which Kodi takes no episodes.`],
		[unseen.length, `${plural(unseen.length, 'file')} of which Kodi takes no notice, because of "sample" or "-trailer" in the path, or of a folder called Proof or Subs, for instance ${clean(unseen[0] ?? '')}.`],
		[joined.length, `${plural(joined.length, 'film')} that Kodi takes for a part of another one, because the names differ in a letter or a number, for instance ${clean(joined[0] ?? '')}. In a folder of its own each is a film.`],
		[misread.length, `${plural(misread.length, 'file')} that Kodi leaves out or takes for another episode, because the name has no number as in S01E02, for instance ${clean(misread[0] ?? '')}. Only another name of the file helps.`],
		[more.length, `${plural(more.length, 'file')} in which Kodi finds one more episode, because a number follows that of the episode with only "-", "_" or "x" between them, for instance ${clean(more[0] ?? '')}. Only another name of the file helps.`],
	] as const) {
		if (count > 0) {
			say(line);
		}
	}
};

const createTree = ({header, say}: Pick<ExportSource, 'header' | 'say'>, {isWindows, mediaFolder, hasArtwork}: FolderTarget) => {
	const places = createPlaces(isWindows);
	const locate = createLocate(header, places, mediaFolder);
	const shows = new Map<string, Show>();
	const seasonTitles = new Map<string, Map<number, string>>();
	const seasonArtwork = new Map<string, Artwork>();
	const episodeFolders = new Map<string, Map<string, MediaPlace>>();
	const shared = new Map<string, SharedFile>();
	const counts = {unplayable: 0, outside: 0, unsafe: 0};
	const renamed: string[] = [];
	const {add, told} = createUnseen();

	type Told = {name?: string; nodes: readonly XmlNode[]; artwork: Artwork; orElse: string};

	const fileAt = ({root, names}: MediaPlace, {name, nodes, artwork, orElse}: Told): FolderFile[] => {
		if (mediaFolder !== undefined && !places.areSafe(names)) {
			counts.unsafe++;
			return [];
		}

		const folders = name === undefined ? names.slice(0, -1) : names;
		const stem = name ?? stemOf(names.at(-1)!);
		const place = places.file(root, folders, {stem, ending: '.nfo', orElse});
		const beside = mediaFolder === undefined ? {} : {beside: names};
		const file = {names: place.names, text: nfoText(nodes), ...beside};
		if (place.isChanged) {
			renamed.push(place.names.join('/'));
			return [file];
		}

		// Kodi knows a picture only by its exact name.
		const pictures = hasArtwork ? artwork : [];
		return [file, ...pictures.flatMap(([word, picture]) => {
			const at = places.file(root, folders, {stem: name === undefined ? `${stem}${word}` : word, ending: '.jpg', orElse});
			return at.isChanged ? [] : [{names: at.names, picture, ...beside}];
		})];
	};

	// One item has one file for all of its versions whose files differ only in the extension.
	const located = (detail: ItemDetail) => {
		const {id, libraryId, type, episodeNumber} = detail.item;
		const played = playedVersions(detail);
		const media = played.flatMap(({path, ...rest}) => {
			const place = locate(libraryId, path);
			return place === undefined || place.names.length === 0
				? []
				: [{
					...rest, id, place, key: JSON.stringify([...place.root, ...place.names.slice(0, -1), stemOf(place.names.at(-1)!)]),
				}];
		});
		if (played.length === 0) {
			counts.unplayable++;
		} else if (media.length === 0) {
			counts.outside++;
		}

		const own = media.filter(({key}, index) => media.findIndex(other => other.key === key) === index);
		for (const {place: {root, names}} of own) {
			// Kodi has the folders of the media, and none that stands for a library.
			add(type === 'movie' ? 'movie' : 'episode', [...root.slice(1), ...names], episodeNumber);
		}

		return own;
	};

	const sharedFile = ({episodes, media, id, artwork}: SharedFile) => fileAt(media, {nodes: episodes.toSorted(byOrder).flatMap(({nodes}) => nodes), artwork, orElse: id});

	const episodeFiles = (detail: ItemDetail): FolderFile[] => {
		const {item} = detail;
		return located(detail).flatMap(({version, fileId, place, id}) => {
			if (item.showId !== undefined) {
				const folder = {root: place.root, names: place.names.slice(0, -1)};
				const folders = episodeFolders.get(item.showId) ?? new Map<string, MediaPlace>();
				episodeFolders.set(item.showId, folders.set(pathOf(folder), folder));
			}

			const nodes = episodeNodes(detail, version);
			const artwork = itemArtwork(item, episodeArtwork);
			const sharers = detail.sharedWith.get(fileId);
			if (sharers === undefined) {
				return fileAt(place, {nodes, artwork, orElse: id});
			}

			// Each library that plays the file has its own place for it.
			const key = JSON.stringify([fileId, place]);
			const file = shared.get(key) ?? {
				artwork, episodes: [], waiting: new Set([...sharers, item.id]), media: place, id,
			};
			file.episodes.push({order: [item.seasonNumber ?? 0, item.episodeNumber ?? 0], nodes});
			file.waiting.delete(item.id);
			shared.set(key, file);
			if (file.waiting.size > 0) {
				return [];
			}

			shared.delete(key);
			return sharedFile(file);
		});
	};

	const addShow = (detail: ItemDetail) => {
		const {id, libraryId, folders = []} = detail.item;
		shows.set(id, {detail, folders: folders.map(folder => locate(libraryId, folder)).filter(place => place !== undefined)});
	};

	const showFiles = ({detail, folders}: Show): FolderFile[] => {
		const {id} = detail.item;
		const artwork = [...itemArtwork(detail.item, showArtwork), ...seasonArtwork.get(id) ?? []];
		const nodes = showNodes(detail, seasonTitles.get(id) ?? new Map<number, string>());
		return showFolders(folders, episodeFolders.get(id)?.values() ?? []).flatMap(folder => fileAt(folder, {
			name: 'tvshow', nodes, artwork, orElse: id,
		}));
	};

	return {
		files(detail: ItemDetail): FolderFile[] {
			const {item} = detail;
			if (item.type === 'movie') {
				return located(detail).flatMap(({version, place, id}) => fileAt(place, {nodes: movieNodes(detail, version), artwork: itemArtwork(item, filmArtwork), orElse: id}));
			}

			if (item.type === 'episode') {
				return episodeFiles(detail);
			}

			if (item.type === 'show') {
				addShow(detail);
			} else if (item.showId !== undefined && item.seasonNumber !== undefined) {
				const titles = seasonTitles.get(item.showId) ?? new Map<number, string>();
				titles.set(item.seasonNumber, item.title);
				seasonTitles.set(item.showId, titles);
				seasonArtwork.set(item.showId, [...seasonArtwork.get(item.showId) ?? [], ...itemArtwork(item, [[seasonArtworkName(item.seasonNumber), 'poster', 'poster']])]);
			}

			return [];
		},
		* rest(): Generator<FolderFile> {
			for (const file of shared.values()) {
				yield * sharedFile(file);
			}

			for (const show of shows.values()) {
				yield * showFiles(show);
			}

			const bare = episodeFolders.keys().filter(id => !shows.has(id)).toArray().length;
			sayCounts(say, {...counts, bare}, {renamed, ...told()});
		},
	};
};

/**
The files of an export for Kodi. A show comes after all of its seasons, whose names it has, so shows are last.
*/
export async function * nfoFiles(source: ExportSource, target: FolderTarget): AsyncGenerator<FolderFile> {
	const tree = createTree(source, target);
	for await (const {detail} of source.rows('item')) {
		yield * tree.files(detail);
	}

	// No item is read here that would notice it.
	for (const file of tree.rest()) {
		source.signal.throwIfAborted();
		yield file;
	}
}
