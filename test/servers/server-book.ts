import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {knownServers, pickServer} from '../../source/servers/server-book.js';
import type {StoredServer} from '../../source/store/settings-schema.js';

const settingsOf = (servers: StoredServer[]) => ({server: () => servers[0], servers: () => servers});

const book = (names: readonly string[], current?: string) => knownServers(
	{servers: () => names.map((name, index) => ({id: `${index}abcdef`, name, url: `http://10.0.0.${index}:32400`}))},
	settingsOf(names.flatMap((name, index) => name === current ? [{id: `${index}abcdef`, name, url: `http://10.0.0.${index}:32400`}] : [])),
);

test('a server is meant by its name in any case, its address, its id or the beginning of it', t => {
	const known = book(['Attic', 'Loft']);
	for (const name of ['loft', ' LOFT ', '10.0.0.1:32400', 'http://10.0.0.1:32400', 'http://10.0.0.1:32400/web/index.html#!/', '10.0.0.1:32400/library/sections?X-Plex-Token=secret', '1abcdef', '1abc']) {
		t.is(pickServer(known, name).name, 'Loft', `for ${name}`);
	}

	t.throws(() => pickServer(known, '1a'), {code: 'usage', message: /no server "1a"/v});
});

test('without a name the only one is meant, else the one that was chosen, else one must be named', t => {
	t.is(pickServer(book(['Attic']), undefined).name, 'Attic');
	t.is(pickServer(book(['Attic', 'Loft'], 'Loft'), undefined).name, 'Loft');
	const error = t.throws(() => pickServer(book(['Attic', 'Loft']), undefined), {instanceOf: AppError});
	t.is(error.code, 'usage');
	t.regex(error.hint!, /--server NAME.*"Attic" \(0abcdef, 10\.0\.0\.0:32400\), "Loft"/v);
});

test('two servers of one name are told apart by their ids, and no name is a control character', t => {
	const error = t.throws(() => pickServer(book(['Attic', 'attic']), 'ATTIC'), {instanceOf: AppError});
	t.regex(error.message, /2 servers are called "ATTIC"/v);
	t.regex(error.hint!, /0abcdef[\s\S]*1abcdef/v);
	const hostile = t.throws(() => pickServer(book(['\u{1B}[2JAttic', 'Loft']), '\u{1B}[2J'), {instanceOf: AppError});
	t.notRegex(hostile.message + hostile.hint!, /\p{Control}/v);
});

test('with none known it is said how to get one', t => {
	t.throws(() => pickServer([], undefined), {code: 'usage', message: 'No Plex server is known yet.'});
});

test('servers that were connected without a kept token are known, too, and one that is kept has its name', t => {
	const known = knownServers({servers: () => [{id: 'a', url: 'http://nas:32400'}]}, settingsOf([{id: 'b', name: 'Loft', url: 'http://loft:32400'}, {id: 'c', name: 'Barn', url: 'http://barn:32400'}]));
	t.deepEqual(known.map(({id, name, isCurrent}) => [id, name, isCurrent]), [['c', 'Barn', false], ['b', 'Loft', true], ['a', 'nas:32400', false]]);
});
