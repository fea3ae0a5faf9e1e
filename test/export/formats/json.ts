import test from 'ava';
import * as z from 'zod';
import {exportRecordSchema} from '../../../source/export/record.js';
import {
	exported,
	hostileStore,
	hostileTitles,
	mixedStore,
	obeyed,
	storeWith,
} from '../_exports.js';

test('json is one array of the records that ndjson has', async t => {
	const store = await mixedStore();
	const lines = (await exported(store)).trimEnd().split('\n').map(line => JSON.parse(line) as unknown);
	const array = z.array(exportRecordSchema()).parse(JSON.parse(await exported(store, '--format', 'json')));
	t.is(array.length, 13);
	t.deepEqual(array as unknown, lines);
	t.is(await exported(store, '--format', 'ndjson'), await exported(store));
});

test('an empty export is an empty array', async t => {
	t.is(await exported(await storeWith([]), '--format', 'json'), '[]\n');
});

test('with chosen columns the objects have these, and lists and objects stay what they are', async t => {
	const store = await mixedStore();
	t.deepEqual(JSON.parse(await exported(store, '--format', 'json', '--columns', 'title,imdb,ratings,show', 'nosferatu')), [{
		title: 'Nosferatu', imdb: ['tt1', 'tt2'], ratings: [{source: 'imdb', kind: 'audience', value: 7.9}], show: 'The Show',
	}]);
	t.is(await exported(store, '--format', 'ndjson', '--rows', 'version', '--columns', 'title,version.id', 'twin'), '{"title":"Twin","version.id":"m"}\n');
});

test('hostile titles come back as they were, but for halves of characters, and none reaches a terminal as a command', async t => {
	for (const format of ['json', 'ndjson']) {
		const text = await exported(await hostileStore(), '--format', format, '--columns', 'title');
		const objects = format === 'json' ? JSON.parse(text) as unknown : text.trimEnd().split('\n').map(line => JSON.parse(line) as unknown);
		t.deepEqual(objects, hostileTitles.map(title => ({title: title.toWellFormed()})), `It is ${format}.`);
		t.notRegex(text, obeyed);
	}
});
