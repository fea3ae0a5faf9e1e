import {Buffer} from 'node:buffer';
import {firstBytes} from '../../base/text/bytes.js';
import {createFolders, pathNames} from '../../catalog/folder.js';

/**
The names of the folders and of the file that lead from a folder to a file in it. `isChanged` says that they are not quite those that were asked for.
*/
type FilePlace = {names: readonly string[]; isChanged: boolean};

export type Places = {
	/**
	A folder for all that belongs together: nobody else gets the same one.
	*/
	folder: (parents: readonly string[], name: string) => string[];
	/**
	The place of a file, which no other one has, in upper or lower case. `root` comes from `folder`; all other names may be anything.
	*/
	file: (root: readonly string[], folders: readonly string[], name: {stem: string; ending: string; orElse: string}) => FilePlace;
	/**
	Whether each name can be one as it is.
	*/
	areSafe: (names: readonly string[]) => boolean;
};

type Kind = 'file' | 'folder' | 'own folder';

/**
What file systems take for a name.
*/
const mostNameBytes = 255;

/**
The names below a root. A system takes about 1000 bytes for the whole path, and the folder of the export needs some of them.
*/
const mostPathBytes = 700;

const forbidden = {windows: /[\p{Control}"*\/:<>?\\\|]/gv, others: /[\p{Control}\/]/gv};
const reservedOnWindows = /^(?:aux|com\d|con|lpt\d|nul|prn)(?:\.|$)/iv;

/**
The same name, or one that every file system takes and that leads nowhere else.
*/
const safeName = (name: string, isWindows: boolean): string => {
	const safe = firstBytes(name.toWellFormed().replaceAll(isWindows ? forbidden.windows : forbidden.others, '_'), mostNameBytes);
	if (/^\.{0,2}$/v.test(safe)) {
		return safe === '' ? '_' : '_'.repeat(safe.length);
	}

	if (!isWindows) {
		return safe;
	}

	const closed = safe.replace(/(?<![ .])[ .]+$/v, ends => '_'.repeat(ends.length));
	return reservedOnWindows.test(closed) ? firstBytes(`_${closed}`, mostNameBytes) : closed;
};

// A disk may take names that differ only in case or in how accents are written for the same one.
const keyOf = (names: readonly string[]) => names.join('/').normalize('NFC').toLowerCase();

const numbered = (name: string, ending: string, number: number) => {
	const end = number === 1 ? ending : ` (${number})${ending}`;
	return firstBytes(name, mostNameBytes - Buffer.byteLength(end)) + end;
};

/**
Gives each file of an export a place of its own, whatever the names are that a server tells. What cannot be a name is changed, and the second file of one name gets a number.
*/
export const createPlaces = (isWindows: boolean): Places => {
	const taken = new Map<string, Kind>();
	const nextNumber = new Map<string, number>();
	const take = (parents: readonly string[], {name, ending, kind}: {name: string; ending: string; kind: Kind}): string => {
		const wanted = keyOf([...parents, `${name}${ending}`]);
		const isFree = (key: string) => !taken.has(key) || (kind === 'folder' && taken.get(key) === 'folder');
		// Of many files that want the same name, each would try all numbers again. Folders do not, since they may be shared.
		for (let number = kind === 'folder' ? 1 : nextNumber.get(wanted) ?? 1; ; number++) {
			const free = safeName(numbered(name, ending, number), isWindows);
			const key = keyOf([...parents, free]);
			if (isFree(key)) {
				taken.set(key, kind);
				nextNumber.set(wanted, number + 1);
				return free;
			}
		}
	};

	return {
		areSafe: names => names.every(name => safeName(name, isWindows) === name),
		folder: (parents, name) => [...parents, take(parents, {name: safeName(name, isWindows), ending: '', kind: 'own folder'})],
		file(root, folders, {stem, ending, orElse}) {
			const isLong = Buffer.byteLength([...folders, stem, ending].join('/')) > mostPathBytes;
			const names = [...root];
			for (const folder of isLong ? [] : folders) {
				names.push(take(names, {name: safeName(folder, isWindows), ending: '', kind: 'folder'}));
			}

			names.push(take(names, {name: safeName(isLong ? orElse : stem, isWindows), ending, kind: 'file'}));
			const asked = [...root, ...folders, `${stem}${ending}`];
			return {names, isChanged: names.length !== asked.length || names.some((name, index) => name !== asked[index])};
		},
	};
};

/**
Where a path of a server is below the innermost of some folders: the folder and the names that lead on from there.

@example
```
placeBelow(['/srv/films'], '/srv/films/Orsa (2016)/Orsa.mkv'); //=> {index: 0, names: ['Orsa (2016)', 'Orsa.mkv']}
```
*/
export const placeBelow = (folders: readonly string[], path: string): {index: number; names: string[]} | undefined => {
	const index = createFolders(folders).indexOf(path);
	return index === undefined ? undefined : {index, names: pathNames(path).slice(pathNames(folders[index]!).length)};
};

/**
What Kodi 20 never takes for a film or an episode, by the path of the file.
*/
const unseenPaths = {
	movie: /-trailer|[\u{20}-\u{2F}\\_]sample[ \-.\/\\_]|\/(?:proof|subs)\//iv,
	episode: /[\u{20}-\u{2F}\\_]sample[ \-.\/\\_]/iv,
};

const partWord = /(?:cd|dvd|p(?:ar)?t|dis[ck])[ \-._]*(?<digits>\d*)$/v;

/**
Whether Kodi 20 takes two files of a folder, one after the other, for parts of one film: their names differ only in a letter from a to d, wherever it is (Plan A, Plan B), or in a number behind a word for a part, which may be the end of another word (Script 1, Script 2).
*/
export const areParts = (leftName: string, rightName: string): boolean => {
	const [left, right] = [leftName.toLowerCase(), rightName.toLowerCase()];
	const shortest = Math.min(left.length, right.length);
	let start = 0;
	while (start < shortest && left[start] === right[start]) {
		start++;
	}

	let end = 0;
	while (end < shortest - start && left.at(-1 - end) === right.at(-1 - end)) {
		end++;
	}

	const parts = [left, right].map(name => name.slice(start, name.length - end));
	if (parts.every(part => /^[a-d]$/v.test(part))) {
		return true;
	}

	const digits = partWord.exec(left.slice(0, start))?.groups!['digits'];
	return digits !== undefined && left !== right && parts.every(part => /^\d+$/v.test(digits + part));
};

const episodePlaces = [/s\d+[ \-.x_]*e(?<episode>\d+)/iv, /[ \(\-.\[_]\d+x(?<episode>\d+)/iv];

/**
The episodes that Kodi 20 finds in the name of a file. A number right behind that of an episode, with only `-`, `_`, `e` or `x` between them, is one more: S01E02_1080p has the episodes 2 and 1080.
*/
export const episodesInName = (name: string): number[] => {
	const text = ` ${name}`;
	const first = episodePlaces.map(place => place.exec(text)).find(found => found !== null);
	const rest = first && text.slice(first.index + first[0].length);
	return rest === undefined ? [] : [Number(first!.groups!['episode']), ...rest.matchAll(/[\-ex_]+(?<more>\d+)/givy).map(({groups}) => Number(groups!['more']))];
};

/**
How Kodi 20 finds an episode in a name that has no season with it: e02, ep 02, a date, part 2. A date takes the numbers of the NFO file.
*/
const loosePlaces = [/[ \-.\/\\_]e(?:p[ \-._]?)?\d+/iv, /\d{4}[\-.]\d{2}[\-.]\d{2}/v, /\d{2}[\-.]\d{2}[\-.]\d{4}/v, /[ \-.\/\\_]p(?:ar)?t[ \-._](?:[ivx]+|\d+)[ \-._]/iv];

/**
Whether Kodi 20 leaves a file with this episode out, or takes it for another one, because its name has no number that Kodi reads: `05 - Home` has none, and `Orsa 1032` is the episode 32 of a season 10.
*/
export const isMisread = (name: string, episodeNumber: number): boolean => {
	if (episodesInName(name).length > 0 || loosePlaces.some(place => place.test(`/${name}`))) {
		return false;
	}

	const {episode} = /[ \-.\/_]\d+(?<episode>\d{2})(?:[a-i]|\.[1-9])?[ \-._]/iv.exec(`/${name}`)?.groups ?? {};
	return episode === undefined || Number(episode) !== episodeNumber;
};

/**
Keeps what Kodi will not find as a film or an episode of its own, or as more than it is, whatever its NFO file says.
*/
export const createUnseen = () => {
	const unseen: string[] = [];
	const folders = new Map<string, string[]>();
	const episodes = new Map<string, number[]>();
	return {
		add(type: 'movie' | 'episode', names: readonly string[], episodeNumber?: number) {
			const path = `/${names.join('/')}`;
			if (unseenPaths[type].test(path)) {
				unseen.push(path.slice(1));
			} else if (type === 'movie') {
				const folder = path.slice(0, path.lastIndexOf('/') + 1);
				const all = folders.get(folder) ?? [];
				all.push(names.at(-1)!);
				folders.set(folder, all);
			} else {
				episodes.set(path, [...episodes.get(path) ?? [], episodeNumber ?? 0]);
			}
		},
		told: () => ({
			unseen,
			joined: folders.entries().flatMap(([folder, all]) => all.toSorted((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1)
				.flatMap((name, index, sorted) => index > 0 && areParts(sorted[index - 1]!, name) ? [`${folder}${name}`.slice(1)] : [])).toArray(),
			misread: episodes.entries().filter(([path, own]) => isMisread(path.slice(path.lastIndexOf('/') + 1), own[0]!)).map(([path]) => path.slice(1)).toArray(),
			more: episodes.entries().filter(([path, own]) => episodesInName(path.slice(path.lastIndexOf('/') + 1)).slice(1).some(number => !own.includes(number))).map(([path]) => path.slice(1)).toArray(),
		}),
	};
};
