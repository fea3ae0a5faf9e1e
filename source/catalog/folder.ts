/**
Paths as a server names them, which may run on any system: `/srv/tv/a.mkv`, `D:\TV\a.mkv` or `\\nas\tv\a.mkv`. On Windows, case makes no difference.
*/
type ParsedPath = {
	/**
	The systems on which the path can be read. A path that begins with two slashes may be a share of Windows or, elsewhere, an ordinary path.
	*/
	kinds: ReadonlyArray<keyof typeof systems>;
	rest: string;
};

const systems = {
	drive: {separators: /[\/\\]+/v, isCaseSensitive: false},
	share: {separators: /[\/\\]+/v, isCaseSensitive: false},
	posix: {separators: /\/+/v, isCaseSensitive: true},
};

const parsePath = (path: string): ParsedPath => {
	// Windows begins long paths with `\\?\`, and those of shares with `\\?\UNC\`.
	const rest = path.replace(/^\\\\\?\\(?<share>unc\\)?/iv, (_, share: string | undefined) => share === undefined ? '' : String.raw`\\`);
	if (/^[a-z]:(?:[\/\\]|$)/iv.test(rest)) {
		return {kinds: ['drive'], rest};
	}

	const canBeShare = /^(?:\/{2}|\\)/v.test(rest);
	return {kinds: [...canBeShare ? ['share'] as const : [], ...rest.startsWith('\\') ? [] : ['posix'] as const], rest};
};

/**
As Windows does it, one letter becomes one letter: `ß` does not become `SS`.
*/
const upperCase = (text: string): string => {
	let result = '';
	for (const character of text) {
		const upper = character.toUpperCase();
		result += upper.length === character.length ? upper : character;
	}

	return result;
};

/**
A path in forms that can be compared: a folder contains what begins with one of its forms. Servers on macOS decompose accents, hence NFC.
*/
const comparableForms = (path: string): string[] => {
	const {kinds, rest} = parsePath(path.normalize('NFC'));
	return kinds.map(kind => {
		const {separators, isCaseSensitive} = systems[kind];
		const names = rest.split(separators).filter(name => name !== '').map(name => `${isCaseSensitive ? name : upperCase(name)}/`);
		return `${kind}:${names.join('')}`;
	});
};

type FolderList = {
	/**
	The place in the list of the innermost folder that contains the path; `undefined` if none does.
	*/
	indexOf: (path: string) => number | undefined;
};

/**
Tells which of several folders a path is under. A folder may lie in another one: a file belongs to the innermost. Of the same folder named twice, it is the first.
*/
export const createFolders = (folders: readonly string[]): FolderList => {
	const innermostFirst = folders
		.flatMap((folder, index) => comparableForms(folder).map(form => ({form, index})))
		// The sort is stable.
		.toSorted((left, right) => right.form.length - left.form.length);
	return {
		indexOf(path) {
			const forms = comparableForms(path);
			return innermostFirst.find(({form}) => forms.some(other => other.startsWith(form)))?.index;
		},
	};
};

/**
The names in a path, in order; the first one may be the letter of a drive or the host of a share.
*/
export const pathNames = (path: string): string[] => {
	const {kinds, rest} = parsePath(path);
	return rest.split(systems[kinds[0] ?? 'posix'].separators).filter(name => name !== '');
};

/**
The folder and the name of a file.
*/
export const splitPath = (path: string): {folder: string; name: string} => {
	const isPosix = parsePath(path).kinds[0] === 'posix';
	const end = Math.max(path.lastIndexOf('/'), isPosix ? -1 : path.lastIndexOf('\\'));
	return {folder: path.slice(0, Math.max(0, end)), name: path.slice(end + 1)};
};
