import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {promisify} from 'node:util';
import {deflateRaw, inflateRaw} from 'node:zlib';
import {nextTurn} from '../../base/turns.js';
import {picturePlace} from '../../catalog/item.js';
import type {Item} from '../../catalog/types.js';
import type {PagePosters} from './page-posters.js';
import {createPageColumns, createPageLists, type PageLists} from './page-columns.js';
import {
	blockSize,
	dataId,
	detailsId,
	noRevision,
	postersId,
} from './page-data.js';
import {createPageDetails, type DetailsOptions, type PageItem} from './page-details.js';

/**
What the build makes of `browser/`.
*/
export type PageAssets = {script: string; style: string};

export type CatalogPageOptions = DetailsOptions & {
	assets: PageAssets;
	/**
	What to know of the page, in sentences.
	*/
	notes?: readonly string[];
	/**
	Of a page that a server shows: the revision of the catalogue. It then asks that server for posters, and whether there is something new.
	*/
	revision?: number;
	/**
	Of a page in a file: the posters that are in it.
	*/
	posters?: PagePosters | undefined;
	/**
	What a thread makes, see `createPageMaker`, while this one takes the rows; undefined where it is not quicker.
	*/
	threaded?: (onRow: (row: Pick<PageItem, 'item' | 'names' | 'titleOf'>) => void) => AsyncIterable<Uint8Array> | undefined;
};

const [pack, unpack] = [promisify<string, {level: number}, Uint8Array>(deflateRaw), promisify(inflateRaw)];

/**
The text of an HTML page that shows these items without any other file and without a network, in pieces. It is the same for the same items.

What lists need comes first, and the page begins to work with it, while the browser still reads the details. Until then the details are held compressed, which takes about a fifth of their size.

@throws Error for a script or a style that cannot stand in a page
*/
export async function * catalogPage(rows: AsyncIterable<PageItem>, {assets, notes = [], hasPaths, revision, posters, threaded}: CatalogPageOptions): AsyncGenerator<string> {
	const columns = createPageColumns();
	yield pageHead(assets, revision !== undefined);
	const blocks: Uint8Array[] = [];
	const posterBlocks: string[] = [];
	const pictured: number[] = [];
	const waiting: Waiting[] = [];
	const holdBlock = async (block: Uint8Array) => {
		const items = waiting.splice(0, blockSize);
		const shown = await posters?.of(items) ?? [];
		pictured.push(...items.map(({hasPicture}, place) => Number(revision === undefined ? (shown[place] ?? '') !== '' : hasPicture)));
		if (shown.some(poster => poster !== '')) {
			posterBlocks.push(dataElement(postersId(blocks.length), embeddedJson(shown)));
		}

		blocks.push(block);
	};

	const made = threaded?.(row => {
		columns.add(row);
		waiting.push({id: row.item.id, type: row.item.type, hasPicture: false});
	});
	let lists: PageLists;
	if (made === undefined) {
		const gathered = createPageLists();
		let details = createPageDetails({hasPaths});
		const packDetails = async () => {
			const json = embeddedJson(details.data());
			await holdBlock(await pack(json, {level: 1}));
			details = createPageDetails({hasPaths});
		};

		for await (const row of rows) {
			const {id, type, images} = row.detail.item;
			columns.add(row);
			gathered.add(row.detail);
			details.add(row);
			waiting.push({id, type, hasPicture: picturePlace({images}) !== undefined});
			if (waiting.length === blockSize) {
				await packDetails();
			}
		}

		if (waiting.length > 0) {
			await packDetails();
		}

		lists = gathered.data();
	} else {
		let last: Uint8Array = new Uint8Array();
		for await (const block of made) {
			if (last.length > 0) {
				await holdBlock(last);
			}

			last = block;
		}

		lists = JSON.parse(Buffer.from(last).toString()) as PageLists;
	}

	posters?.end();
	const data = await columns.data(lists, {
		notes: [...notes], blockSize, revision: revision ?? noRevision, pictured: pictured.includes(1) ? pictured : [],
	});
	yield `<script type="application/json" id="${dataId}">`;
	for (const piece of jsonPieces(data)) {
		yield embedded(piece);
		await nextTurn();
	}

	yield '</script>\n';
	yield `<script>${assets.script}</script>\n`;
	for (const [number, block] of blocks.entries()) {
		const details = await unpack(block);
		yield dataElement(detailsId(number), details.toString());
	}

	yield * posterBlocks;

	yield '</body>\n</html>\n';
}

type Waiting = Pick<Item, 'id' | 'type'> & {hasPicture: boolean};

/**
JSON as it can stand in a script element: nothing in it can end the element or begin another one.
*/
export const embeddedJson = (value: unknown): string => embedded(JSON.stringify(value));

const embedded = (json: string) => json.replaceAll('<', String.raw`\u003C`);

const entriesPerPiece = 4096;

/**
The same text as of `JSON.stringify`, in pieces that take a few milliseconds each: long lists are cut.
*/
export function * jsonPieces(value: unknown): Generator<string> {
	if (Array.isArray(value)) {
		const [first] = value as unknown[];
		const haveParts = typeof first === 'object' && !Array.isArray(first);
		const size = haveParts ? 1 : entriesPerPiece;
		yield '[';
		for (let start = 0; start < value.length; start += size) {
			yield start === 0 ? '' : ',';
			yield * haveParts ? jsonPieces(value[start]) : [JSON.stringify(value.slice(start, start + size)).slice(1, -1)];
		}

		yield ']';
	} else if (typeof value === 'object' && value !== null) {
		yield '{';
		for (const [place, [name, part]] of Object.entries(value).filter(entry => entry[1] !== undefined).entries()) {
			yield `${place === 0 ? '' : ','}${JSON.stringify(name)}:`;
			yield * jsonPieces(part);
		}

		yield '}';
	} else {
		yield JSON.stringify(value);
	}
}

const dataElement = (id: string, json: string) => `<script type="application/json" id="${id}">${json}</script>\n`;

const sourceHash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
Nothing is loaded from anywhere but the server of a page that has one; only our own script and style run, by their digests, and no text becomes markup.
*/
const contentPolicy = ({script, style}: PageAssets, isServed: boolean) => [
	'default-src \'none\'',
	`script-src ${sourceHash(script)}`,
	`style-src ${sourceHash(style)}`,
	`img-src ${isServed ? '\'self\' ' : ''}data:`,
	...isServed ? ['connect-src \'self\''] : [],
	'base-uri \'none\'',
	'form-action \'none\'',
	'require-trusted-types-for \'script\'',
	'trusted-types \'none\'',
].join('; ');

/**
What the build makes the script for. An older browser cannot even read it, so the page itself must say this, and its style shows it after a while.
*/
export const oldestBrowsers = 'Chrome 112, Firefox 116, Safari 17';

const pageHead = (assets: PageAssets, isServed: boolean): string => {
	const {script, style} = assets;
	// A browser turns CR into LF before it takes the digest, and these would end an element early.
	if (/\r|<\/script|<!--/iv.test(script) || /\r|<\/style/iv.test(style)) {
		throw new Error('The script or the style of the page holds what cannot stand in an element.');
	}

	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets, isServed)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Catalogue</title>
<style>${style}</style>
</head>
<body>
<div id="page"><p class="opening">Opening the catalogue …</p>
<p class="opening too-old">If it does not open, this browser may be too old: the page needs ${oldestBrowsers} or a newer one.</p></div>
<noscript><p class="opening">This page needs JavaScript, which this viewer does not run. Open the file in a web browser.</p></noscript>
`;
};
