import test from 'ava';
import fc from 'fast-check';
import {nearest, orNearest} from '../../source/base/text/nearest.js';

const commands = ['login', 'logout', 'libraries', 'import', 'export', 'sync', 'ls'];

test('a name with letters wrong, missing, too many or in another order is found', t => {
	for (const [name, meant] of [['improt', 'import'], ['snyc', 'sync'], ['exprot', 'export'], ['libaries', 'libraries'], ['IMPORT', 'import'], ['lss', 'ls']] as const) {
		t.is(nearest(name, commands), meant);
	}

	t.is(nearest('jsno', ['json', 'csv']), 'json');
});

test('the beginning of one name is that name, and of several it is none', t => {
	t.is(nearest('lib', commands), 'libraries');
	t.is(nearest('log', commands), undefined);
});

test('what is like nothing finds nothing', t => {
	for (const name of ['', ' ', 'frobnicate', 'x'.repeat(100_000)]) {
		t.is(nearest(name, commands), undefined);
	}

	t.is(nearest('import', []), undefined);
	t.is(orNearest('frobnicate', commands, 'There is more.'), 'There is more.');
	t.is(orNearest('import', commands, 'There is more.'), 'There is more.');
});

test('a name of a server is cleaned in the question', t => {
	t.is(orNearest('films', ['Films\u{1B}[2J\n'], 'See above.'), 'Did you mean "Films"? See above.');
	t.is(orNearest('flms', ['Films\n'], 'See above.'), 'Did you mean "Films"? See above.');
});

test('a long name with one letter changed is found, and a name is nearest to itself', t => {
	fc.assert(fc.property(fc.constantFrom('libraries', 'import', 'export'), fc.nat(20), fc.constantFrom('q', 'z', '1'), (name, position, letter) => {
		t.is(nearest(name, commands), name);
		t.is(nearest([...name].with(position % name.length, letter).join(''), commands), name);
	}));
});
