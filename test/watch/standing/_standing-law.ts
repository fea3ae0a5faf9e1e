import path from 'node:path';
import type {ExecutionContext} from 'ava';
import fc from 'fast-check';
import {createQueryIndex} from '../../../source/app/query-index.js';
import type {CatalogStore} from '../../../source/catalog/catalog-store.js';
import type {Item} from '../../../source/catalog/types.js';
import {compileQuery} from '../../../source/query/language/compile.js';
import {recordValues} from '../../../source/query/record-values.js';
import type {OpenedCatalog} from '../../../source/store/catalog-context.js';
import {openStandingFiles} from '../../../source/watch/standing/standing-files.js';
import {createStandingQueries, type StandingQueries} from '../../../source/watch/standing/standing-queries.js';
import {temporaryFolder} from '../../helpers/store-records.js';
import {createVirtualClock} from '../../helpers/virtual-clock.js';
import {commit} from '../../commands/_past.js';
import {makeLibrary} from '../../query/_items.js';
import {namedRecords, randomConditions, randomItems} from '../../query/_random-library.js';
import {imported} from './_standing.js';

type IndexedStore = CatalogStore & Pick<OpenedCatalog, 'kept' | 'answers'>;

/**
What may happen between two looks: commits, a restart in order, or a restart after the process was killed before a file or a notice was saved, or right after the notice.
*/
const steps = fc.array(fc.record({
	put: randomItems,
	places: fc.subarray(Array.from({length: 13}, (_, place) => place), {maxLength: 5}),
	removed: fc.subarray(Array.from({length: 13}, (_, place) => `i${place}`), {maxLength: 3}),
	end: fc.constantFrom('look', 'look', 'nothing', 'close', 'killed-before-file', 'killed-before-notice', 'killed-after-notice'),
}), {minLength: 1, maxLength: 6});

const library = (id: string, type = 'movie') => imported(makeLibrary(id, id, type));

/**
After any changes and restarts, a standing query knows what a look at everything finds, and has told the difference once. `openStore` opens an empty catalogue, which answers without an index if it can.
*/
export const standingLaw = async (t: ExecutionContext, openStore: () => Promise<IndexedStore>, runs: number) => {
	const folder = await temporaryFolder(t);
	let worlds = 0;
	await fc.assert(fc.asyncProperty(randomItems, fc.array(randomConditions, {minLength: 3, maxLength: 6}), steps, async (first, queries, course) => {
		worlds++;
		const store = await openStore();
		await commit(store, {libraries: [library('films'), library('more'), library('shows', 'show')], put: [...namedRecords.values(), ...first]});
		const clock = createVirtualClock('2026-06-01T12:00:00Z');
		const saved = queries.map((query, number) => ({name: `q${number}`, query, standing: true}));
		const files = openStandingFiles(path.join(folder, String(worlds)), {
			onLost(_, error) {
				throw error;
			},
		});
		const told = new Map<string, number>();
		const known = new Set<string>();
		let index: ReturnType<typeof createQueryIndex>;
		let standing: StandingQueries;
		let end: string;
		// From then on nothing is saved and nobody is told.
		let isKilled = false;
		const open = () => {
			index = createQueryIndex(store);
			isKilled = false;
			end = 'look';
			standing = createStandingQueries({
				files: {
					...files,
					async save(name, state) {
						isKilled ||= end === 'killed-before-file';
						if (!isKilled) {
							await files.save(name, state);
						}
					},
				},
				store,
				async index() {
					t.is(store.answers, undefined, 'no index is needed');
					return index.index();
				},
				answers: store.answers,
				saved: () => saved,
				queryWorld: () => ({now: clock.now(), ...store.header()}),
				teller: async () => ({
					async tell(notices) {
						isKilled ||= end === 'killed-before-notice';
						for (const {id, query} of isKilled ? [] : notices) {
							t.false(known.has(id));
							known.add(id);
							told.set(query!.name, (told.get(query!.name) ?? 0) + query!.came - query!.left);
						}

						isKilled ||= end === 'killed-after-notice';
					},
					isKnown: id => known.has(id),
					dueAt: seen => seen,
				}),
				clock,
				onNote() {/* what is noted is told as well */},
			});
		};

		const look = async () => {
			standing.look();
			await standing.idle();
		};

		const close = async () => {
			await standing.close();
			index.close();
		};

		const everything = async (query: string) => {
			const whole = createQueryIndex(store);
			const answers = await whole.index();
			whole.close();
			const found = await answers.list({plan: await compileQuery(query, {now: clock.now(), ...store.header()})}, {isExact: true, readValues: recordValues(store)});
			return found.toSorted();
		};

		open();
		await look();
		const begun = await Promise.all(queries.map(async query => everything(query)));
		for (const {put, places, removed, end: ended} of course) {
			const items = places.map(place => put[place]).filter((item): item is Item => item !== undefined);
			await commit(store, {put: items});
			await commit(store, {remove: removed});
			if (ended === 'nothing') {
				continue;
			}

			end = ended;
			await look();
			if (ended === 'look') {
				continue;
			}

			await close();
			open();
		}

		await look();
		await close();
		for (const [number, query] of queries.entries()) {
			const found = await everything(query);
			const state = await files.load(`q${number}`);
			t.deepEqual([...state!.members].toSorted(), found, query);
			t.is(told.get(`q${number}`) ?? 0, found.length - begun[number]!.length, query);
		}

		await store.close();
	}), {numRuns: runs});
};
