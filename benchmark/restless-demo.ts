/**
A demo server in its own process that does what it is told and compares a catalogue with itself: a fresh import must give the same. It reads and writes one JSON object per line.

Usage: tsx benchmark/restless-demo.ts MOVIES SHOWS
*/
import process from 'node:process';
import {createInterface} from 'node:readline';
import type {PlexRow} from '../source/demo/library/row.js';
import {startDemoServer} from '../source/demo/server.js';
import {createPlexClient} from '../source/plex/client.js';
import {normalize} from '../source/plex/normalize/normalize.js';
import {openCatalog} from '../source/store/open-catalog.js';
import {createMemoryStore} from '../source/store/memory-store.js';
import {importLibraries} from '../source/sync/sync.js';
import {expectSame, expectWhole} from '../test/helpers/catalog-content.js';
import {soakedLibraries, type Deed} from './soak-deed.js';

const [movies, shows] = process.argv.slice(2).map(Number);
const server = await startDemoServer({movies, shows});
const {library} = server;
let number = 800_000;
let isUnplugged = false;

const tell = (value: unknown) => {
	process.stdout.write(`${JSON.stringify(value)}\n`);
};

const pickRow = (sectionKey: string, type: number, pick: number): PlexRow => {
	const [row] = library.page(sectionKey, type, {start: pick % library.total(sectionKey, type), size: 1}) as PlexRow[];
	return library.row(row!.ratingKey)!;
};

/**
The library keeps only the last change of a row.
*/
const changes = new Map<string, Array<(row: PlexRow) => void>>();
const change = (ratingKey: string, one: (row: PlexRow) => void) => {
	const all = [...changes.get(ratingKey) ?? [], one];
	changes.set(ratingKey, all);
	library.changeItem(ratingKey, row => {
		for (const each of all) {
			each(row);
		}
	});
};

const copy = (row: PlexRow, own: Partial<PlexRow>) => {
	const ratingKey = String(number++);
	library.addItem('1', 1, {
		...structuredClone(row), ...own, ratingKey, key: `/library/metadata/${ratingKey}`,
	});
};

const compare = async (folder: string) => {
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'judge', version: '1.0.0',
	});
	const store = await openCatalog({folder, access: 'read'});
	const fresh = createMemoryStore();
	try {
		await Promise.all([store.load(), fresh.load()]);
		await expectWhole(store);
		const sections = await plex.sections();
		await importLibraries({
			plex,
			server: {...await plex.identity(), name: 'Demo'},
			store: fresh,
			normalize,
			targets: sections.filter(({title}) => soakedLibraries.includes(title.trim())).map(section => ({section})),
			report() {/* nobody listens */},
			signal: new AbortController().signal,
		});
		await expectSame(store, fresh);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message.slice(0, 1000) : String(error);
	} finally {
		plex.close();
		await store.close();
	}
};

const act = async (deed: Deed): Promise<unknown> => {
	switch (deed.deed) {
		case 'add': {
			const own = number;
			copy(pickRow('1', 1, deed.pick), {
				title: `Newcomer ${own}`, guid: `plex://movie/new${own}`, Guid: [{id: `imdb://tt${own}`}], Media: [],
			});
			return undefined;
		}

		case 'edit': {
			const own = number++;
			change(pickRow('1', 1, deed.pick).ratingKey, row => {
				row.title = `Edited ${own}`;
				row.updatedAt = 1_750_000_000 + own;
			});
			return undefined;
		}

		case 'remove': {
			const episode = pickRow('2', 4, deed.pick);
			// The catalogue keeps a show that is not listed as long as the server has it; a fresh import finds it only through its episodes.
			const isListed = library.page('2', 2, {start: 0, size: library.total('2', 2)}).some(row => (row as PlexRow).ratingKey === episode.grandparentRatingKey);
			library.removeItem(isListed && deed.pick % 5 === 0 ? episode.ratingKey : pickRow('1', 1, deed.pick).ratingKey);
			return undefined;
		}

		case 'rekey': {
			const row = pickRow('1', 1, deed.pick);
			library.removeItem(row.ratingKey);
			copy(row, {});
			return undefined;
		}

		case 'replace': {
			const own = number++;
			change(pickRow('1', 1, deed.pick).ratingKey, row => {
				const part = row.Media?.[0]?.Part?.[0];
				if (part === undefined) {
					return;
				}

				part.file = `/srv/films/replaced-${own}.mkv`;
				part.size = own;
			});
			return undefined;
		}

		case 'watch': {
			const own = number++;
			change(pickRow('1', 1, deed.pick).ratingKey, row => {
				row.viewCount = (own % 7) + 1;
				row.lastViewedAt = 1_750_000_000 + own;
			});
			return undefined;
		}

		case 'unplug':
		case 'replug': {
			// If an item were taken away twice, we would no longer know what to put back.
			if (isUnplugged !== (deed.deed === 'unplug')) {
				isUnplugged = deed.deed === 'unplug';
				library[deed.deed]('1', '/srv/films/');
			}

			return undefined;
		}

		case 'drop': {
			server.push.drop();
			return undefined;
		}

		case 'freeze': {
			server.push.freeze(deed.isFrozen);
			return undefined;
		}

		case 'refuse': {
			server.push.refuse(deed.status);
			return undefined;
		}

		case 'faults': {
			server.setFaults(deed.faults);
			return undefined;
		}

		case 'requests': {
			return server.requests.total();
		}

		case 'compare': {
			return compare(deed.folder);
		}
	}
};

tell({url: server.url, token: server.token});
for await (const line of createInterface({input: process.stdin})) {
	tell({answer: await act(JSON.parse(line) as Deed) ?? null});
}
