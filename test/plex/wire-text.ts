import {Buffer} from 'node:buffer';
import test from 'ava';
import fc from 'fast-check';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {readString} from '../../source/plex/wire.js';
import {readWireText} from '../../source/plex/wire-text.js';

const context = {serverId: 's', libraryId: 'l'};

/**
The bytes of an answer with one film, whose path has these bytes.
*/
const answer = (path: Uint8Array) => Buffer.concat([Buffer.from('{"file":"'), path, Buffer.from('"}')]);

const fileOf = (file: unknown) => {
	const normalized = normalize({
		ratingKey: '1', type: 'movie', title: 'A', Media: [{id: 1, Part: [{id: 1, file}]}],
	}, context);
	return normalized.ok ? normalized.value.files[0] : undefined;
};

const fileOfBytes = (path: Uint8Array) => fileOf((JSON.parse(readWireText(answer(path)).text) as {file: string}).file);

test('UTF-8 is read as it is, and anything else byte by byte', t => {
	t.deepEqual(readWireText(Buffer.from('{"a":"É 東京"}')), {text: '{"a":"É 東京"}', isMended: false});
	const {text, isMended} = readWireText(Buffer.concat([Buffer.from('\u{FEFF}{"a":"É","b":"'), Buffer.from([0xC8, 0x5C, 0x22]), Buffer.from('"}')]));
	const {a, b} = JSON.parse(text) as {a: string; b: string};
	t.true(isMended);
	t.is(a, 'É');
	t.is(readString(b), 'È"');
});

test('two files whose names differ in bytes that are not UTF-8 are two files, with readable paths', t => {
	const [acute, grave] = [0xC9, 0xC8].map(byte => fileOfBytes(Buffer.concat([Buffer.from('/m/'), Buffer.from([byte]), Buffer.from('.mkv')])));
	t.is(acute?.path, '/m/É.mkv');
	t.is(grave?.path, '/m/È.mkv');
	t.not(acute?.id, grave?.id);
});

test('two paths of different bytes never become one file', t => {
	const byte = fc.integer({min: 0x20, max: 0xFF}).filter(value => value !== 0x22 && value !== 0x5C && value !== 0x7F);
	const letters = fc.constantFrom('é', 'e\u{301}', '\u{E9}', 'É', 'a', 'A', '/', ' ');
	const path = fc.oneof(
		fc.array(byte, {minLength: 1, maxLength: 4}).map(bytes => Buffer.from([0x2F, ...bytes])),
		fc.array(letters, {minLength: 1, maxLength: 4}).map(parts => Buffer.from(`/${parts.join('')}`)),
		fc.array(letters.filter(letter => letter.length === 1), {minLength: 1, maxLength: 3}).map(parts => Buffer.from(`/${parts.join('')}`, 'latin1')),
	);
	fc.assert(fc.property(path, path, (left, right) => {
		t.is(fileOfBytes(left)?.id === fileOfBytes(right)?.id, left.equals(right));
	}), {numRuns: 500});
});

test('paths that differ in case, in a trailing separator, in blanks or in how an accent is written are of different files', t => {
	const paths = ['/m/É', '/m/E\u{301}', '/m/é', '/m/É/', '/m/É//', '/m//É', '/M/É', '/m/É ', ' /m/É', String.raw`\m\É`, '/m/./É', '/m/%C3%89', '/m/\u{C3}\u{89}'];
	t.is(new Set(paths.map(path => fileOf(path)?.id)).size, paths.length);
	t.deepEqual(paths.map(path => fileOf(path)?.path), paths);
});

test('half a character is not any other half', t => {
	t.not(fileOf('/a\u{D800}.mkv')?.id, fileOf('/a\u{DBFF}.mkv')?.id);
	t.not(fileOf('/a\u{D800}.mkv')?.id, fileOf('/a\u{FFFD}.mkv')?.id);
	t.not(fileOf('/a\u{D800}.mkv')?.id, fileOf(JSON.stringify('/a\u{D800}.mkv'))?.id);
});
