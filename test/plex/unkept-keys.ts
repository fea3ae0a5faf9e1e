import {readdirSync, readFileSync} from 'node:fs';
import test from 'ava';
import {itemTypes} from '../../source/catalog/kinds.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {unkeptKeys} from '../../source/plex/normalize/unkept-keys.js';
import {withDemo} from '../demo/_demo.js';

const folder = new URL('../../fixtures/plex/', import.meta.url);

/**
A row that notes which keys are read of it. `Extras` holds rows of its own, and streams differ by their type.
*/
const watched = (value: unknown, element: string, read: Set<string>): unknown => {
	if (Array.isArray(value)) {
		return value.map(part => watched(part, element, read));
	}

	return typeof value === 'object' && value !== null
		? new Proxy(value, {
			get(target, key) {
				const inner = (target as Record<string | symbol, unknown>)[key];
				if (typeof key === 'symbol') {
					return inner;
				}

				read.add(`${element}.${key}`);
				return watched(inner, elementIn(element, key, inner), read);
			},
		})
		: value;
};

const elementIn = (element: string, key: string, value: unknown): string => element === 'Extras' && key === 'Metadata' ? 'Extra' : (key === 'Stream' ? `Stream ${streamType(value)}` : key);

const streamType = (value: unknown): string => {
	const [stream] = [value].flat() as Array<{streamType?: string | number} | undefined>;
	return String(stream?.streamType ?? '');
};

/**
All keys of a row, with an example of where each stands.
*/
const keysOf = (value: unknown, element: string, found: Set<string>): void => {
	if (Array.isArray(value)) {
		for (const part of value) {
			keysOf(part, element, found);
		}
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, inner] of Object.entries(value)) {
			found.add(`${element}.${key}`);
			if (!isUnkept(`${element}.${key}`)) {
				keysOf(inner, elementIn(element, key, inner), found);
			}
		}
	}
};

/**
Each stream is watched alone, so that it is known of which type it is. A version without any is watched as it is.
*/
const oneStreamEach = (row: unknown): unknown[] => {
	const {Media, ...rest} = row as {Media?: unknown};
	const rows: unknown[] = [row];
	for (const media of [Media].flat() as Array<{Part?: unknown} | undefined>) {
		for (const part of [media?.Part].flat() as Array<{Stream?: unknown} | undefined>) {
			for (const stream of [part?.Stream].flat()) {
				if (media !== undefined) {
					rows.push({...rest, Media: [{...media, Part: [{...part, ...(stream !== undefined && {Stream: [stream]})}]}]});
				}
			}
		}
	}

	return rows.slice(rows.length > 1 ? 1 : 0);
};

const forgotten = (rows: readonly unknown[]): string[] => {
	const [read, found] = [new Set<string>(), new Set<string>()];
	for (const row of rows.filter(candidate => itemTypes.includes((candidate as {type?: never})?.type as never)).flatMap(candidate => oneStreamEach(candidate))) {
		keysOf(row, 'item', found);
		normalize(watched(row, 'item', read), {serverId: 'server', libraryId: 'library'});
	}

	return [...found].filter(key => !read.has(key) && !isUnkept(key)).toSorted();
};

const isUnkept = (name: string): boolean => {
	const [element = '', key = ''] = name.split('.', 2);
	return Object.hasOwn(unkeptKeys, element) && Object.hasOwn(unkeptKeys[element]!, key);
};

const recordedRows = readdirSync(folder).filter(name => name.endsWith('.json')).flatMap(name => {
	const {MediaContainer} = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {MediaContainer?: {Metadata?: unknown}};
	return [MediaContainer?.Metadata].flat();
});

test('every key of a recorded row is read, or stands among those that are deliberately not kept', t => {
	t.true(recordedRows.length > 15);
	t.deepEqual(forgotten(recordedRows), []);
});

test('every key of a demo row is read, or stands among those that are deliberately not kept', async t => {
	const {server, ask} = await withDemo(t);
	const rows: unknown[] = [];
	const listed: unknown[] = [];
	for (const [section, type] of [['1', 1], ['2', 2], ['2', 3], ['2', 4], ['4', 2], ['4', 4], ['5', 1]] as const) {
		const page = server.library.page(section, type, {start: 0, size: 90});
		listed.push(...page);
		const keys = page.map(row => (row as {ratingKey?: string} | undefined)?.ratingKey).filter(key => key !== undefined);
		const response = await ask(`/library/metadata/${keys.join(',')}?includeChapters=1&includeMarkers=1&includeExtras=1`);
		const {MediaContainer: {Metadata}} = await response.json() as {MediaContainer: {Metadata: unknown[]}};
		rows.push(...Metadata);
	}

	t.true(rows.length > 300);
	t.deepEqual(forgotten(rows), []);
	t.deepEqual(forgotten(listed.filter(row => row !== undefined)), []);
});

test('a key that nobody knows is found wherever it stands', t => {
	const row = {
		ratingKey: '1', type: 'movie', newField: 1, Genre: [{tag: 'Drama', newTag: 1}], Chapter: {startTimeOffset: 0, newChapter: 1}, Extras: {Metadata: [{title: 'x', newExtra: 1}]},
		Media: [{id: 1, newMedia: 1, Part: {id: 2, newPart: 1, Stream: [{streamType: 1, newVideo: 1}, {streamType: 2, newAudio: 1, width: 5}, {streamType: 3, newText: 1}]}}],
	};
	t.deepEqual(forgotten([row]), ['Chapter.newChapter', 'Extra.newExtra', 'Genre.newTag', 'Media.newMedia', 'Part.newPart', 'Stream 1.newVideo', 'Stream 2.newAudio', 'Stream 2.width', 'Stream 3.newText', 'item.newField']);
});

test('every key that is not kept has a reason', t => {
	const reasons = Object.values(unkeptKeys).flatMap(keys => Object.values(keys));
	t.true(reasons.every(reason => reason.split(' ').length > 1));
});
