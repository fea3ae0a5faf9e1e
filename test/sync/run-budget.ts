import test from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {exitCodeOfImport, exitCodes} from '../../source/commands/exit-codes.js';
import {startDemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {PlexClient} from '../../source/plex/types.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {withRunBudget, type RunBudget} from '../../source/sync/run-budget.js';
import {importLibraries} from '../../source/sync/sync.js';
import {patient} from '../helpers/sync-world.js';

const minuteMs = 60_000;
const generous: RunBudget = {
	baseMs: Infinity, msPerRow: 0, baseBytes: Infinity, bytesPerRow: 0,
};

/**
A client each of whose pages has so many rows and bytes, and takes so long.
*/
const steady = ({rows, bytes, ms}: {rows: number; bytes: number; ms: number}, budget?: RunBudget) => {
	const used = {requests: 0, bytes: 5_000_000};
	let nowMs = 0;
	const plex = {
		async page() {
			used.requests++;
			used.bytes += bytes;
			nowMs += ms;
			return {rows: Array.from({length: rows}), total: undefined, serverSeconds: undefined};
		},
		usage: () => ({...used}),
	} as unknown as PlexClient;
	const budgeted = withRunBudget(plex, {budget, monotonicMs: () => nowMs});
	return {
		async pagesUntilEnd(most: number) {
			for (let page = 0; page < most; page++) {
				try {
					await budgeted.page({
						sectionKey: '1', type: 'movie', start: 0, size: 500,
					});
				} catch (error) {
					return {page, error};
				}
			}

			return {page: most, error: undefined};
		},
		sleep(sleptMs: number) {
			nowMs += sleptMs;
		},
	};
};

test('a run ends when it has taken more time or bytes than it may, and rows that come give it more', async t => {
	const ends: Array<[server: Parameters<typeof steady>[0], budget: RunBudget, pages: number, message: RegExp | undefined]> = [
		[{rows: 0, bytes: 0, ms: minuteMs}, {...generous, baseMs: 5 * minuteMs}, 6, /took 6 minutes for 0 rows/v],
		[{rows: 10, bytes: 0, ms: minuteMs}, {...generous, baseMs: 5 * minuteMs, msPerRow: 1000}, 7, /took 7 minutes for 70 rows/v],
		[{rows: 60, bytes: 0, ms: minuteMs}, {...generous, baseMs: 5 * minuteMs, msPerRow: 1000}, 50, undefined],
		[{rows: 1, bytes: 1_048_576, ms: 0}, {...generous, baseBytes: 4_000_000}, 4, /sent 4 MiB for 4 rows/v],
		[{rows: 1, bytes: 1_048_576, ms: 0}, {...generous, baseBytes: 4_000_000, bytesPerRow: 1_048_576}, 50, undefined],
	];
	for (const [server, budget, pages, message] of ends) {
		const {page, error} = await steady(server, budget).pagesUntilEnd(50);
		t.is(page, pages);
		t.is(isAppError(error, 'over-budget') ? message?.test(error.message) : error, message === undefined ? undefined : true);
	}
});

test('a computer that sleeps does not use up the time of a run', async t => {
	const client = steady({rows: 0, bytes: 0, ms: 0}, {...generous, baseMs: 60 * minuteMs});
	t.is((await client.pagesUntilEnd(2)).error, undefined);
	client.sleep(10 * 60 * minuteMs);
	t.is((await client.pagesUntilEnd(2)).error, undefined);
});

test('a run without a budget of its own may take what a large library on a slow server takes, and not much more', async t => {
	const import500k = steady({rows: 100, bytes: 1_000_000, ms: 5000});
	t.is((await import500k.pagesUntilEnd(5000)).error, undefined);
	const stuck = await steady({rows: 0, bytes: 1000, ms: 2 * minuteMs}).pagesUntilEnd(5000);
	t.is(stuck.page, 31);
	const flooded = await steady({rows: 1, bytes: 60_000_000, ms: 500}).pagesUntilEnd(5000);
	t.is(flooded.page, 18);
});

test('an import whose budget is used up ends as a whole, keeps what it has, and goes on the next time', async t => {
	const server = await startDemoServer({movies: 900, shows: 2});
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, timeouts: patient, concurrency: 1,
	});
	const importAll = async (store: ReturnType<typeof createMemoryStore>, budget?: RunBudget) => {
		const sections = await plex.sections();
		return importLibraries({
			plex,
			store,
			normalize,
			server: {...await plex.identity(), name: 'Demo'},
			targets: sections.filter(({type}) => type === 'movie' || type === 'show').map(section => ({section})),
			report() {/* nobody listens */},
			signal: new AbortController().signal,
			...(budget !== undefined && {budget}),
		});
	};

	try {
		const store = createMemoryStore();
		await store.load();
		const {bytes} = await importAll(store);
		const cutStore = createMemoryStore();
		await cutStore.load();
		const cut = await importAll(cutStore, {...generous, baseBytes: bytes / 3});
		t.deepEqual(cut.errors.map(({code}) => code), ['over-budget']);
		t.regex(cut.errors[0]!.hint, /It goes on where it ended/v);
		t.is(exitCodeOfImport(cut), exitCodes.partial.code);
		t.true(cut.libraries[0]!.imported > 0);
		t.true(cut.libraries.every(({complete}) => !complete));
		t.is(cut.libraries.at(-1)!.expected, 0, 'what comes after it is not tried');
		t.deepEqual((await cutStore.check()).problems, []);

		const rest = await importAll(cutStore);
		t.true(rest.ok);
		t.is(rest.libraries[0]!.unchanged, cut.libraries[0]!.imported);

		const none = createMemoryStore();
		await none.load();
		const failed = await importAll(none, {...generous, baseBytes: -1});
		t.is(exitCodeOfImport(failed), exitCodes.unreachable.code);
		t.is(failed.requests, 0);
	} finally {
		plex.close();
		await server.close();
	}
});
