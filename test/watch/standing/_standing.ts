import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {SavedQuery} from '../../../source/catalog/saved-query.js';
import type {CatalogRecord, Library} from '../../../source/catalog/types.js';
import {createQueryIndex} from '../../../source/app/query-index.js';
import {savedWorld} from '../../../source/query/language/query-source.js';
import type {ListQuery} from '../../../source/query/types.js';
import {createMemoryStore} from '../../../source/store/memory-store.js';
import {defaultAlertLimits} from '../../../source/watch/alerts/alert-facts.js';
import {openNotifier} from '../../../source/watch/notify/notifier.js';
import {openStandingFiles} from '../../../source/watch/standing/standing-files.js';
import {createStandingQueries, type Look} from '../../../source/watch/standing/standing-queries.js';
import {createVirtualClock} from '../../helpers/virtual-clock.js';
import {temporaryFolder} from '../../helpers/store-records.js';
import {commit} from '../../commands/_past.js';
import {makeItem, makeLibrary} from '../../query/_items.js';
import {fakeChannel, until} from '../notify/_outbox.js';

export const imported = (library: Library): Library => ({
	...library,
	lastImport: {
		runId: 'r', finishedAt: '2026-01-01T00:00:00Z', expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0, durationMs: 1, complete: true,
	},
});

/**
A catalogue in memory with a few films and a show, a channel, and standing queries over them. `open` begins them as a new process would.
*/
export const standingWorld = async (t: ExecutionContext, queries: SavedQuery[]) => {
	const folder = await temporaryFolder(t);
	const clock = createVirtualClock();
	const memory = createMemoryStore();
	await memory.load();
	const store = {...memory, kept: () => undefined};
	await commit(store, {
		libraries: [imported(makeLibrary('films', 'Films')), imported(makeLibrary('shows', 'Shows', 'show'))],
		put: [
			makeItem('a1', {title: 'Alien', year: 1979}),
			makeItem('m1', {title: 'Metropolis', year: 1927}),
			makeItem('show', {type: 'show', title: 'Harbour', libraryId: 'shows'}),
			makeItem('season', {
				type: 'season', title: 'Season 1', libraryId: 'shows', showId: 'show', seasonNumber: 1,
			}),
			makeItem('episode1', {
				type: 'episode', title: 'First', libraryId: 'shows', showId: 'show', seasonId: 'season', seasonNumber: 1, episodeNumber: 1,
			}),
		],
	});
	const phone = fakeChannel('phone', undefined, {on: ['queries']});
	const notes: string[] = [];
	const looks: Look[] = [];
	let saved = queries;
	let isReadable = true;

	const open = async ({isKilledAfterTelling = false, isAnswered = false, mostMembers, fs}: {isKilledAfterTelling?: boolean; isAnswered?: boolean; mostMembers?: number; fs?: Parameters<typeof openStandingFiles>[1]['fs']} = {}) => {
		const indexed = createQueryIndex(store);
		const queryWorld = () => ({now: clock.now(), ...store.header(), ...savedWorld(() => saved)});
		const onNote = (_level: 'info' | 'warn', text: string) => {
			notes.push(text);
		};

		const notifier = await openNotifier({
			file: path.join(folder, 'notices.json'), channels: [phone], digest: {rhythm: {everyMs: 15 * 60_000}, timeZone: 'UTC'}, store, narrowing: {index: indexed.index, queryWorld}, limits: defaultAlertLimits, clock, random: () => 0.5, onNote,
		});
		const files = openStandingFiles(path.join(folder, 'standing'), {
			...fs !== undefined && {fs},
			onLost(name, error) {
				notes.push(`lost ${name}: ${error.message}`);
			},
		});
		let hasTold = false;
		const standing = createStandingQueries({
			files: {
				...files,
				async save(name, state) {
					// What comes after the notice is lost, as when the process is killed there.
					if (!(isKilledAfterTelling && hasTold)) {
						await files.save(name, state);
					}
				},
			},
			store,
			async index() {
				if (!isReadable) {
					throw new Error('The index must not be asked for.');
				}

				return indexed.index();
			},
			...isAnswered && {
				answers: {
					async list(query: ListQuery) {
						const index = await indexed.index();
						const ids = await index.list(query, {isExact: true});
						return {ids, total: ids.length, revision: store.header().revision};
					},
				},
			},
			saved: () => saved,
			queryWorld,
			teller: async () => ({
				...notifier,
				async tell(notices) {
					await notifier.tell(notices);
					hasTold = true;
				},
			}),
			clock,
			onNote,
			...mostMembers !== undefined && {mostMembers},
			onLook(look) {
				looks.push(look);
			},
		});
		return {
			async look() {
				standing.look();
				await standing.idle();
			},
			/**
			Lets so much time pass that a notice is due.
			*/
			async passDigest() {
				await clock.advance(16 * 60_000);
				standing.look();
				await standing.idle();
				await notifier.flush();
			},
			async close() {
				await standing.close();
				await notifier.close();
				indexed.close();
			},
		};
	};

	return {
		folder,
		clock,
		store,
		notes,
		looks,
		phone,
		open,
		until,
		told: () => phone.sent.map(({title, body}) => [title, ...body.split('\n')]),
		save(next: SavedQuery[]) {
			saved = next;
		},
		forbidIndex() {
			isReadable = false;
		},
		async put(...records: CatalogRecord[]) {
			await commit(store, {put: records});
		},
		async remove(ids: string[], put: CatalogRecord[] = []) {
			await commit(store, {remove: ids, put});
		},
	};
};
