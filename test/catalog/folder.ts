import test from 'ava';
import fc from 'fast-check';
import {createFolders, splitPath} from '../../source/catalog/folder.js';

const isUnderFolder = (path: string, folder: string) => createFolders([folder]).indexOf(path) !== undefined;

const cases: ReadonlyArray<[title: string, path: string, folder: string, isUnder: boolean]> = [
	['a file in a folder', '/srv/films/a.mkv', '/srv/films', true],
	['a file deeper below', '/srv/films/a/b/c.mkv', '/srv/films', true],
	['a folder that begins alike', '/srv/films2/a.mkv', '/srv/films', false],
	['another case on POSIX', '/srv/Films/a.mkv', '/srv/films', false],
	['a trailing separator', '/srv/films/a.mkv', '/srv/films/', true],
	['doubled separators in the folder', '/srv/films/a.mkv', '/srv//films//', true],
	['doubled separators in the path', '/srv//films///a.mkv', '/srv/films', true],
	['two leading separators on POSIX', '/srv/films/a.mkv', '//srv/films', true],
	['the root', '/srv/films/a.mkv', '/', true],
	['a backslash in a POSIX name', String.raw`/srv/films\a.mkv`, '/srv/films', false],
	['decomposed accents', '/srv/Ame\u{301}lie/a.mkv', '/srv/Am\u{E9}lie', true],
	['a drive', String.raw`D:\Films\a.mkv`, String.raw`D:\Films`, true],
	['a drive letter in another case', String.raw`E:\Films\a.mkv`, String.raw`e:\films`, true],
	['a drive with slashes', 'd:/films/a.mkv', String.raw`D:\Films` + '\\', true],
	['a whole drive', String.raw`D:\a.mkv`, 'D:', true],
	['another drive', String.raw`E:\Films\a.mkv`, String.raw`D:\Films`, false],
	['a Windows folder that begins alike', String.raw`D:\Films2\a.mkv`, String.raw`D:\Films`, false],
	['a share', String.raw`\\nas1\films\a.mkv`, String.raw`\\nas1\films`, true],
	['a share with slashes', String.raw`\\NAS1\Films\a.mkv`, '//nas1/films', true],
	['a share of another machine', String.raw`\\nas2\films\a.mkv`, String.raw`\\nas1\films`, false],
	['a share is no path of POSIX', String.raw`\\nas1\films\a.mkv`, '/nas1/films', false],
	['a share with a trailing separator', String.raw`\\nas1\films\a.mkv`, String.raw`\\nas1\films` + '\\', true],
	['a long path', String.raw`\\?\D:\Films\a.mkv`, String.raw`d:\films`, true],
	['a long path of a share', String.raw`\\?\UNC\nas1\films\a.mkv`, String.raw`\\nas1\films`, true],
	['one letter stays one letter', String.raw`D:\STRASSE\a.mkv`, String.raw`D:\straße`, false],
];

for (const [title, path, folder, isUnder] of cases) {
	test(`under a folder: ${title}`, t => {
		t.is(isUnderFolder(path, folder), isUnder);
	});
}

test('a file belongs to the innermost folder, and of the same folder to the first', t => {
	const folders = createFolders(['/srv', '/srv/films/4k/', '/srv/films', '/srv//films']);
	t.is(folders.indexOf('/srv/films/4k/a.mkv'), 1);
	t.is(folders.indexOf('/srv/films/4k2/a.mkv'), 2);
	t.is(folders.indexOf('/srv/tv/a.mkv'), 0);
	t.is(folders.indexOf('/mnt/a.mkv'), undefined);
});

const names = fc.string({unit: fc.constantFrom(...'abzABZé 019.'), minLength: 1, maxLength: 6});

/**
The same path written in each of the ways in which servers name paths.
*/
const styles: ReadonlyArray<(folders: readonly string[]) => string> = [
	folders => `/${folders.join('/')}`,
	folders => ['D:', ...folders].join('\\'),
	folders => `\\\\${folders.join('\\')}`,
	folders => `//${folders.join('/')}`,
];
const styleOf = fc.constantFrom(...styles);

test('whatever is joined to a folder is under it, however both are written', t => {
	fc.assert(fc.property(styleOf, fc.array(names, {minLength: 1, maxLength: 4}), fc.array(names, {minLength: 1, maxLength: 3}), (write, folder, below) => {
		const path = write([...folder, ...below]);
		const separator = path.includes('\\') ? '\\' : '/';
		t.true(isUnderFolder(path, write(folder)));
		t.true(isUnderFolder(path, `${write(folder).normalize('NFD')}${separator}${separator}`));
	}));
});

test('a name that only begins alike is another folder', t => {
	fc.assert(fc.property(styleOf, fc.array(names, {maxLength: 3}), names, names, (write, above, name, more) => {
		t.false(isUnderFolder(write([...above, name + more, 'a.mkv']), write([...above, name])));
	}));
});

test('case counts exactly where the system of the path has it count', t => {
	fc.assert(fc.property(styleOf, fc.array(fc.string({unit: fc.constantFrom(...'abcxyzé'), minLength: 1, maxLength: 6}), {minLength: 1, maxLength: 4}), (write, folder) => {
		const path = write([...folder, 'a.mkv']);
		t.is(isUnderFolder(path, write(folder).toUpperCase()), write !== styles[0]);
	}));
});

test('a nested folder takes its files from the outer one, in any order of the list', t => {
	fc.assert(fc.property(styleOf, fc.array(names, {minLength: 1, maxLength: 3}), names, fc.boolean(), (write, outer, inner, isTurned) => {
		const list = [write(outer), write([...outer, inner])];
		const folders = createFolders(isTurned ? list.toReversed() : list);
		const found = folders.indexOf(write([...outer, inner, 'a.mkv']));
		t.is(found, isTurned ? 0 : 1);
		t.is(folders.indexOf(write([...outer, `${inner}-`, 'a.mkv'])), isTurned ? 1 : 0);
	}));
});

test('a path is split at its last separator', t => {
	t.deepEqual(splitPath(String.raw`/srv/films/AC\DC.mkv`), {folder: '/srv/films', name: String.raw`AC\DC.mkv`});
	t.deepEqual(splitPath(String.raw`D:\Films\a.mkv`), {folder: String.raw`D:\Films`, name: 'a.mkv'});
	t.deepEqual(splitPath('a.mkv'), {folder: '', name: 'a.mkv'});
});
