/**
The yardstick of the import benchmark. It lists, fetches the same batches, parses and writes them, and does nothing else.

Usage: node benchmark/bare-import.ts URL TOKEN FILE
*/
import {open} from 'node:fs/promises';
import process from 'node:process';

const [url = '', token = '', file = ''] = process.argv.slice(2);
const headers = {accept: 'application/json', 'x-plex-token': token};
const types: Record<string, number[]> = {movie: [1], show: [2, 3, 4]};
const pageSize = 500;
const batchSize = 100;
const concurrency = 4;

type Container = {
	MediaContainer: {
		totalSize?: number;
		Directory?: Array<{key: string; type: string}>;
		Metadata?: Array<{ratingKey: string}>;
	};
};

let requests = 0;
const get = async (path: string, extra: Record<string, string> = {}) => {
	requests++;
	const response = await fetch(url + path, {headers: {...headers, ...extra}});
	return JSON.parse(await response.text()) as Container;
};

const output = await open(file, 'w', 0o600);
let items = 0;
const fetchBatch = async (keys: readonly string[]) => {
	const {MediaContainer: {Metadata: details = []}} = await get(`/library/metadata/${keys.join(',')}?skipRefresh=1&includeChapters=1&includeMarkers=1&includeExtras=1`);
	items += details.length;
	await output.write(details.map(row => `${JSON.stringify(row)}\n`).join(''));
};

const {MediaContainer: {Directory: sections = []}} = await get('/library/sections');
for (const {key, type} of sections) {
	for (const number of types[type] ?? []) {
		const waiting = new Set<Promise<void>>();
		for (let start = 0, total = 1; start < total;) {
			const {MediaContainer: page} = await get(`/library/sections/${key}/all?type=${number}&sort=id&includeGuids=1`, {
				'x-plex-container-start': String(start),
				'x-plex-container-size': String(pageSize),
			});
			const rows = page.Metadata ?? [];
			total = page.totalSize ?? 0;
			start += rows.length;
			for (let first = 0; first < rows.length; first += batchSize) {
				const keys = rows.slice(first, first + batchSize).map(({ratingKey}) => ratingKey);
				const work = fetchBatch(keys);
				waiting.add(work);
				void work.finally(() => {
					waiting.delete(work);
				});
				if (waiting.size >= concurrency) {
					await Promise.race(waiting);
				}
			}
		}

		await Promise.all(waiting);
	}
}

await output.sync();
await output.close();
process.stdout.write(`${JSON.stringify({items, requests})}\n`);
