import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {
	movieRow,
	serveRows,
	type AnyRow,
	type AnySection,
} from '../helpers/row-server.js';
import {runHere} from '../helpers/run-here.js';

/**
What every plain object has already. A program that keeps something in a plain object by a name of the server's finds or loses something under these.
*/
const names = [...Object.getOwnPropertyNames(Object.prototype), 'then', 'toJSON', 'length', 'prototype'].toSorted();

const oddRow = (name: string, index: number): AnyRow => {
	const part = {
		id: name, key: `/library/parts/${name}`, file: `/srv/${name}/${name}`, size: 1000 + index, container: name, Stream: [1, 2, 3].map(streamType => ({
			streamType, codec: name, language: name, languageTag: name, languageCode: name, title: name, colorTrc: name,
		})),
	};
	return {
		...movieRow(String(100 + index)),
		ratingKey: name,
		title: name,
		titleSort: name,
		guid: `${name}://${name}`,
		Guid: [{id: `${name}://${name}`}, {id: `imdb://${name}`}],
		Rating: [{image: `${name}://${name}`, type: name, value: 7}],
		Image: [{type: name, url: `/${name}`}],
		Field: [{name, locked: true}],
		subtype: name,
		studio: name,
		contentRating: name,
		...Object.fromEntries(['Genre', 'Country', 'Collection', 'Label', 'Director', 'Writer', 'Producer'].map(kind => [kind, [{tag: name, tagKey: name}]])),
		Role: [{tag: name, tagKey: name, role: name}],
		Media: [{
			id: name, title: name, videoResolution: name, videoCodec: name, videoProfile: name, audioCodec: name, container: name, Part: [part],
		}],
		// As a field of the row itself; in a literal this would set the prototype.
		...JSON.parse(`{"__proto__":{"type":"movie"},${JSON.stringify(name)}:1}`) as AnyRow,
	};
};

const sectionOf = (uuid: string, index: number): AnySection => ({
	key: uuid, uuid, title: uuid, type: 'movie', agent: uuid, language: uuid, rows: {1: [{...oddRow(uuid, index), ratingKey: String(900 + index)}]},
});

test('libraries, items, people, tags and tracks may have the names that every object has', withHousehold, async (t, {home}) => {
	const sections: AnySection[] = [
		{
			key: '1', uuid: 'films', title: 'Films', type: 'movie', rows: {1: names.map((name, index) => oddRow(name, index))},
		},
		...names.map((name, index) => sectionOf(name, index)),
		{
			key: '99', uuid: 'others', title: 'Others', type: 'constructor', rows: {},
		},
	];
	const {env} = await serveRows(t, sections);
	const reelcat = async (...args: string[]) => {
		const {exitCode, stdout, stderr} = await runHere(home, args, {env});
		t.is(exitCode, 0, `${args.join(' ')}: ${stdout}${stderr}`);
		return stdout;
	};

	const exported = async () => {
		const text = await reelcat('export');
		return text.trimEnd().split('\n').map(line => JSON.parse(line) as {title: string; genres: string[]; library: {id: string}});
	};

	await reelcat('import', '--all');
	const items = await exported();
	t.deepEqual(items.filter(({library}) => library.id === 'films').map(({title}) => title).toSorted(), names);
	t.deepEqual(items.map(({library}) => library.id).filter(id => id !== 'films').toSorted(), names);
	for (const item of items) {
		t.deepEqual(item.genres, [item.title]);
	}

	for (const name of names) {
		const {stdout} = await runHere(home, ['ls', `--library=${name}`, '--json'], {env});
		t.is((JSON.parse(stdout) as {items: unknown[]}).items.length, 1, name);
	}

	t.regex(await reelcat('verify'), /in order/v);
	t.regex(await reelcat('sync'), /In step/v);
	await reelcat('backup');
	sections[1] = {...sections[1]!, contentChangedAt: 2, rows: {1: [...sections[1]!.rows['1']!, movieRow('777')]}};
	await reelcat('sync');
	t.regex(await reelcat('diff', '--since', 'latest'), /Movie 777/v);
	t.is((await exported()).length, items.length + 1);
	await reelcat('restore', '--yes');
	t.deepEqual(await exported(), items);
	t.regex(await reelcat('verify'), /in order/v);
});
