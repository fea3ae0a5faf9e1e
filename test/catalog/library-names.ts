import test from 'ava';
import fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import {clean} from '../../source/base/text/clean.js';
import {createLibraryNames, type NamedLibrary} from '../../source/catalog/library-names.js';

const attic = {id: 'attic0000001', name: 'Attic', machineIdentifier: 'aaaa1111aaaa'};
const barn = {id: 'barn00000001', name: 'Barn', machineIdentifier: 'bbbb2222bbbb'};

const library = (id: string, title: string, {id: serverId}: {id: string}, key = '1'): NamedLibrary => ({
	id, serverId, key, title, uuid: `uuid-${id}`,
});

const films = library('l1', 'Films', attic);
const series = library('l2', 'Series', attic, '2');
const barnFilms = library('l3', 'films ', barn);
const kids = library('l4', 'Kids', barn, '4');

const names = createLibraryNames({libraries: [films, series, barnFilms, kids], servers: [attic, barn]});
const found = (text: string, scope?: Parameters<typeof names.find>[1]) => names.find(text, scope).map(({id}) => id);

test('a library is printed by its title, and with its server where another one has the same title', t => {
	t.deepEqual(['l1', 'l2', 'l3', 'l4', 'gone'].map(id => names.printed(id)), ['Films@Attic', 'Series', 'films@Barn', 'Kids', undefined]);
	t.deepEqual(['l1', 'l2', 'l3', 'l4', 'gone'].map(id => names.placed(id)), ['Films@Attic', 'Series@Attic', 'films@Barn', 'Kids@Barn', undefined]);
});

test('with one server nothing is said of it', t => {
	const alone = createLibraryNames({libraries: [films, series], servers: [attic, barn]});
	t.false(alone.hasSeveralServers);
	t.deepEqual(['l1', 'l2'].map(id => alone.placed(id)), ['Films', 'Series']);
});

test('title, key, id and uuid name a library, alone or with the name or the beginning of an id of its server', t => {
	for (const text of ['kids', ' KIDS', '4', 'l4', 'uuid-l4', 'Kids@Barn', 'kids@barn', '4@Barn', 'uuid-l4@Barn', 'Kids@bbbb2222bbbb', 'Kids@bbbb', 'Kids@barn00000001', 'Kids#4@Barn']) {
		t.deepEqual(found(text), ['l4'], 'Typed: ' + text);
	}

	for (const text of ['', '@', 'Kids@', '@Barn', 'Kids@Attic', 'Kids@bbb', 'Kid']) {
		t.deepEqual(found(text), [], 'Typed: ' + text);
	}
});

test('a name of several libraries is refused with the names to choose from', t => {
	const error = t.throws<AppError>(() => names.one('FILMS'), {instanceOf: AppError});
	t.is(error.code, 'usage');
	t.is(error.hint, 'Name one of them: "Films@Attic", "films@Barn".');
});

test('near a server a plain name means its library only, and a name with a server any', t => {
	t.deepEqual(found('Films', {near: barn.id}), ['l3']);
	t.deepEqual(found('Series', {near: barn.id}), []);
	t.deepEqual(found('Series@Attic', {near: barn.id}), ['l2']);
	t.deepEqual(found('Series@Attic', {within: barn.id}), []);
	t.deepEqual(found('l2', {near: barn.id}), ['l2'], 'an id means one library in the world');
});

test('titles may hold the sign that goes before a server', t => {
	const home = {id: 'home00000001', name: 'Home'};
	const odd = createLibraryNames({libraries: [library('a', 'Me@Home', attic), library('b', 'Me', home), library('c', 'a@b@c', attic, '3')], servers: [attic, home]});
	t.deepEqual(odd.find('a@b@c').map(({id}) => id), ['c']);
	t.deepEqual(odd.find('a@b@c@Attic').map(({id}) => id), ['c']);
	t.deepEqual(odd.find('Me@Home').map(({id}) => id), ['a', 'b']);
	t.deepEqual(['a', 'b'].map(id => odd.printed(id)), ['Me@Home@Attic', 'Me']);
});

test('two servers of one name are told apart by their ids', t => {
	const twin = {id: 'twin00000001', name: 'Attic', machineIdentifier: 'cccc3333cccc'};
	const twins = createLibraryNames({libraries: [films, library('t', 'Films', twin)], servers: [attic, twin]});
	t.deepEqual(['l1', 't'].map(id => twins.printed(id)), ['Films@aaaa1111', 'Films@cccc3333']);
	t.is(twins.serverName(twin.id), 'Attic (cccc3333)');
});

// Few letters, so that titles, keys and names of servers meet often.
const word = fc.oneof(fc.string({unit: fc.constantFrom('a', 'A', 'b', '@', '#', '1', ' ', '́', '\u{1B}', 'é'), maxLength: 5}), fc.string({unit: 'grapheme', maxLength: 4}));
const worlds = fc.record({
	servers: fc.uniqueArray(fc.record({id: fc.string({unit: fc.constantFrom('a', 'b'), minLength: 6, maxLength: 6}), name: word}), {selector: ({id}) => id, minLength: 1, maxLength: 3}),
	libraries: fc.uniqueArray(fc.record({
		id: fc.string({unit: fc.constantFrom('a', 'b', '1'), minLength: 1, maxLength: 3}), title: word, key: fc.constantFrom('1', '2', 'a'), place: fc.nat(2),
	}), {selector: ({id}) => id, maxLength: 6}),
}).map(({servers, libraries}) => ({
	servers,
	libraries: libraries.map(({place, ...rest}) => ({...rest, serverId: servers[place % servers.length]!.id})),
}));

test('every printed name means exactly its library, and can be shown as it is', t => {
	fc.assert(fc.property(worlds, world => {
		const all = createLibraryNames(world);
		for (const {id} of world.libraries) {
			for (const name of [all.printed(id)!, all.placed(id)!]) {
				t.deepEqual(all.find(name).map(entry => entry.id), [id], 'Printed: ' + name);
				t.is(clean(name), name);
				t.deepEqual(all.find(` ${name} `).map(entry => entry.id), [id]);
			}
		}
	}), {numRuns: 500});
});

test('a plain title of its own is printed as it is, whatever the other libraries are', t => {
	fc.assert(fc.property(worlds, ({servers, libraries}) => {
		const own = {
			id: 'own', serverId: servers[0]!.id, key: '77', title: 'Unlike the others',
		};
		t.is(createLibraryNames({servers, libraries: [...libraries, own]}).printed('own'), 'Unlike the others');
	}), {numRuns: 100});
});
