import test from 'ava';
import fc from 'fast-check';
import {
	findTwins,
	identifySections,
	machineIdentifierOf,
	serverIdIn,
	uuidOf,
} from '../../source/sync/identification.js';
import type {Library, Server} from '../../source/catalog/types.js';
import type {Section} from '../../source/plex/types.js';
import {makeLibrary} from '../query/_items.js';

const section = (uuid: string, changes: Partial<Section> = {}): Section => ({
	id: uuid, uuid, key: '1', title: 'Films', type: 'movie', agent: undefined, language: undefined, locations: ['/films'], isRefreshing: false, contentChangedAt: '1', scannedAt: '1', updatedAt: '1', ...changes,
});

const syncState = {
	stamps: {}, lookedAt: '2026-01-01T00:00:00Z', sweptAt: '2026-01-01T00:00:00Z', fullAt: '2026-01-01T00:00:00Z', auditedDay: 1,
};

const library = (id: string, changes: Partial<Library> = {}): Library => ({
	...makeLibrary(id, 'Films'), serverId: 'attic', type: 'movie', locations: ['/films'], sync: {...syncState, viewer: 'ann'}, ...changes,
});

const identify = (sections: readonly Section[], libraries: Library[], {serverId = 'attic', viewer = 'ann'} = {}) =>
	identifySections(sections, {libraries}, {serverId, viewer}).map(({id}) => id);

test('a section belongs to the library of its own server, also when a copy of the server has the same uuid', t => {
	const libraries = [library('u1'), library('copy', {serverId: 'barn', uuid: 'u1'})];
	t.deepEqual(identify([section('u1')], libraries), ['u1']);
	t.deepEqual(identify([section('u1')], libraries, {serverId: 'barn'}), ['copy']);
	const [third] = identify([section('u1')], libraries, {serverId: 'cellar'});
	t.false(libraries.some(({id}) => id === third));
	t.deepEqual(identify([section('u1')], libraries, {serverId: 'cellar'}), [third]);
});

test('a library that was made anew is recognised by its folder or title', t => {
	t.deepEqual(identify([section('u2')], [library('u1')]), ['u1']);
	t.deepEqual(identify([section('u2', {title: 'Movies'})], [library('u1')]), ['u1']);
	t.deepEqual(identify([section('u2', {locations: ['/new-disk']})], [library('u1')]), ['u1']);
	// A folder tells more than a title.
	t.deepEqual(identify([section('u2', {locations: ['/b']})], [library('u1', {locations: ['/a']}), library('u0', {title: 'Old', locations: ['/b']})]), ['u0']);
});

test('a library is not made anew while it is still listed, of another type, of another server, or only unseen by this viewer', t => {
	t.deepEqual(identify([section('u1'), section('u2')], [library('u1')]), ['u1', 'u2']);
	t.deepEqual(identify([section('u2', {type: 'show'})], [library('u1')]), ['u2']);
	t.deepEqual(identify([section('u2')], [library('u1', {serverId: 'barn'})]), ['u2']);
	t.deepEqual(identify([section('u2')], [library('u1')], {viewer: 'bob'}), ['u2']);
	t.deepEqual(identify([section('u2')], [library('u1', {sync: {...syncState, viewer: 'bob', completeViewer: 'ann'}})], {viewer: 'bob'}), ['u2']);
	t.deepEqual(identify([section('u2', {title: 'Others', locations: ['/others']})], [library('u1')]), ['u2']);
});

test('two sections never belong to one library, and the libraries of other servers are never touched', t => {
	const names = fc.constantFrom('a', 'b', 'c', 'd');
	const libraries = fc.uniqueArray(fc.record({
		id: names, serverId: fc.constantFrom('attic', 'barn'), uuid: fc.option(names, {nil: undefined}), title: names,
	}), {selector: ({id}) => id});
	const sections = fc.uniqueArray(fc.record({uuid: names, title: names}), {selector: ({uuid}) => uuid});
	fc.assert(fc.property(libraries, sections, (known, listed) => {
		const own = known.map(({id, ...rest}) => library(id, rest));
		const ids = identify(listed.map(({uuid, title}) => section(uuid, {title})), own);
		t.is(new Set(ids).size, ids.length);
		for (const {id, serverId} of own) {
			t.false(serverId === 'barn' && ids.includes(id));
		}
	}));
});

const server = (id: string, machineIdentifier?: string): Server => ({id, name: id, ...(machineIdentifier !== undefined && {machineIdentifier})});

test('a server keeps its id under another machineIdentifier, and the old one can come back as another server', t => {
	const servers = [server('attic', 'attic-2')];
	t.is(machineIdentifierOf(servers[0]!), 'attic-2');
	t.is(serverIdIn({servers}, 'attic-2'), 'attic');
	const other = serverIdIn({servers}, 'attic');
	t.not(other, 'attic');
	t.is(serverIdIn({servers: [...servers, server(other, 'attic')]}, 'attic'), other);
	t.is(serverIdIn({servers}, 'barn'), 'barn');
});

test('an unknown server is compared with the servers whose imported libraries it lists', t => {
	const imported = {
		lastImport: {
			runId: 'r', finishedAt: '2026-01-01T00:00:00Z', durationMs: 1, complete: true, expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0,
		},
	};
	const header = {
		servers: [server('attic'), server('barn')],
		libraries: [library('u1', imported), library('u2', imported), library('x', {...imported, serverId: 'barn', uuid: 'u1'})],
	};
	t.deepEqual(findTwins(header, [section('u1'), section('u9')]), [{server: server('attic'), isWhole: false}, {server: server('barn'), isWhole: true}]);
	t.deepEqual(findTwins(header, [section('u9')]), []);
	t.is(uuidOf(header.libraries[2]!), 'u1');
});
