import {Buffer} from 'node:buffer';
import {
	mkdir,
	readdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {AppError} from '../../source/base/errors.js';
import {openPictures, pictureEnding, type FetchPicture} from '../../source/commands/export-artwork.js';
import {folderLines, writeToFolder} from '../../source/commands/export-folder.js';
import type {ExportSource, FolderFormat} from '../../source/export/format.js';
import type {ReportSources} from '../../source/reports/report.js';
import {exportFolder} from '../export/_exports.js';

const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex');
const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

const source = (at: string) => ({
	serverId: 'server', path: at, width: 1000, height: 1500,
});

/**
A format with a text and three pictures.
*/
const format: FolderFormat = {
	about: 'A test',
	columns: [],
	takes: [],
	async * files(_source, {hasArtwork}) {
		yield {names: ['Orsa', 'Orsa.nfo'], text: 'Orsa'};
		for (const [name, at] of hasArtwork ? [['Orsa-poster.jpg', '/jpeg'], ['Orsa-fanart.jpg', '/png'], ['Orsa-thumb.jpg', '/page']] as const : []) {
			yield {names: ['Orsa', name], picture: source(at)};
		}
	},
	isOwn: () => false,
};

const pictures = new Map<string, Uint8Array>([['/jpeg', jpeg], ['/png', png], ['/page', Buffer.from('<html>')]]);

const write = async (folder: string, options: {fetchPicture?: FetchPicture; isOverwriting?: boolean}) => writeToFolder(path.join(folder, 'out'), format, {} as ExportSource, {
	isBeside: false, isOverwriting: false, fetchPicture: undefined, ...options,
});

const namesIn = async (folder: string) => (await readdir(path.join(folder, 'out', 'Orsa'))).toSorted();

const fetching = () => {
	const asked: string[] = [];
	const fetchPicture: FetchPicture = async picture => {
		asked.push(picture.path);
		return pictures.get(picture.path);
	};

	return {asked, fetchPicture};
};

test('pictures get the ending of what they are, and what is none is left out and counted', async t => {
	for (const isThere of [false, true]) {
		const folder = await exportFolder(t);
		if (isThere) {
			await mkdir(path.join(folder, 'out'));
		}

		const written = await write(folder, fetching());
		t.deepEqual(await namesIn(folder), ['Orsa-fanart.png', 'Orsa-poster.jpg', 'Orsa.nfo']);
		t.true(jpeg.equals(await readFile(path.join(folder, 'out', 'Orsa', 'Orsa-poster.jpg'))));
		t.like(written, {written: 3, withoutPicture: 1});
		t.is(folderLines(written).at(-1), '1 picture left out, because the server does not give it.');
	}
});

test('without --artwork there are no pictures', async t => {
	const folder = await exportFolder(t);
	t.like(await write(folder, {}), {written: 1, withoutPicture: 0});
	t.deepEqual(await namesIn(folder), ['Orsa.nfo']);
});

test('a picture that is there stays, whatever its ending is, and the server is not asked, unless --overwrite is given', async t => {
	const folder = await exportFolder(t);
	await mkdir(path.join(folder, 'out', 'Orsa'), {recursive: true});
	await writeFile(path.join(folder, 'out', 'Orsa', 'Orsa-poster.png'), 'mine');
	await writeFile(path.join(folder, 'out', 'Orsa', 'Orsa-fanart.png'), 'mine');
	const {asked, fetchPicture} = fetching();
	t.like(await write(folder, {fetchPicture}), {written: 1, unchanged: 2});
	t.deepEqual(asked, ['/page']);
	t.like(await write(folder, {fetchPicture, isOverwriting: true}), {written: 2, unchanged: 1});
	t.true(png.equals(await readFile(path.join(folder, 'out', 'Orsa', 'Orsa-fanart.png'))));
});

const withServer = async (picture: (request: {path: string}) => Promise<Uint8Array>) => openPictures({
	signal: new AbortController().signal,
	async connect() {
		return {plex: {picture}, server: {id: 'server'}} as unknown as Awaited<ReturnType<ReportSources['connect']>>;
	},
});

test('only pictures of the connected server are asked for, and those of the versions of a film once', async t => {
	const asked: string[] = [];
	const fetchPicture = await withServer(async ({path: at}) => {
		asked.push(at);
		return jpeg;
	});
	t.is(await fetchPicture({...source('/a'), serverId: 'other'}), undefined);
	for (const at of ['/a', '/b', '/a', '/b', '/c', '/a']) {
		t.is(await fetchPicture(source(at)), jpeg);
	}

	t.deepEqual(asked, ['/a', '/b', '/c', '/a']);
});

const endOf = async (t: ExecutionContext, error: Error) => {
	const fetchPicture = await withServer(async () => {
		throw error;
	});
	return t.throwsAsync(fetchPicture(source('/a')));
};

test('a picture that fails is left out, and a server that is gone ends the export', async t => {
	const fetchPicture = await withServer(async () => {
		throw new AppError('not-found', 'There is no such picture.');
	});
	t.is(await fetchPicture(source('/a')), undefined);
	for (const code of ['cancelled', 'unreachable', 'timeout', 'unauthorized', 'tls'] as const) {
		t.is((await endOf(t, new AppError(code, 'It is gone.')) as AppError).code, code);
	}

	t.is((await endOf(t, new TypeError('A bug.')))?.name, 'TypeError');
});

test('the beginning tells what a picture is', t => {
	t.is(pictureEnding(jpeg), '.jpg');
	t.is(pictureEnding(png), '.png');
	t.is(pictureEnding(Buffer.from('<svg')), undefined);
	t.is(pictureEnding(Buffer.from('')), undefined);
});
