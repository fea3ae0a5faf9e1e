import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createQueryIndex} from '../../../source/app/query-index.js';
import type {SavedQuery} from '../../../source/catalog/saved-query.js';
import type {Notice} from '../../../source/watch/notify/notice.js';
import {openStandingFiles} from '../../../source/watch/standing/standing-files.js';
import {
	createStandingQueries,
	type Look,
	type StandingQueries,
} from '../../../source/watch/standing/standing-queries.js';
import {temporaryFolder} from '../../helpers/store-records.js';
import {isIdle, withDaemon, type DaemonWorld} from '../_world.js';

type Followed = DaemonWorld & {notes: string[]; told: Notice[]; looks: Look[]; settled: () => Promise<void>};

/**
A daemon over a demo server that has imported everything, and standing queries that have looked once. Notices are told at once.
*/
const withStanding = async (t: ExecutionContext, saved: readonly SavedQuery[], body: (world: Followed) => Promise<void>) => {
	let standing: StandingQueries | undefined;
	const folder = await temporaryFolder(t);
	const options = {
		daemon: {
			onOutcome() {
				standing?.look();
			},
		},
	};
	await withDaemon(t, options, async world => {
		await world.until('all is imported', () => isIdle(world) && world.daemon.statusNow().push.state === 'connected');
		const store = {...world.store, kept: () => undefined};
		const indexed = createQueryIndex(store);
		const followed: Pick<Followed, 'notes' | 'told' | 'looks'> = {notes: [], told: [], looks: []};
		standing = createStandingQueries({
			files: openStandingFiles(path.join(folder, 'standing'), {
				onLost(_, error) {
					throw error;
				},
			}),
			store,
			index: indexed.index,
			saved: () => saved,
			queryWorld: () => ({now: new Date(), ...store.header()}),
			teller: async () => ({
				async tell(notices) {
					followed.told.push(...notices);
				},
				isKnown: () => false,
				dueAt: first => first,
			}),
			clock: {now: () => new Date(), monotonicMs: () => performance.now(), after: () => () => {/* a job leads to the next look */}},
			onNote(_, text) {
				followed.notes.push(text);
				world.daemon.note(text);
			},
			onLook(look) {
				followed.looks.push(look);
			},
		});
		standing.look();
		await standing.idle();
		try {
			await body({
				...world,
				...followed,
				async settled() {
					await standing!.idle();
				},
			});
		} finally {
			await standing.close();
			indexed.close();
		}
	});
};

test('a film that the server adds, edits and removes enters and leaves, and only the film is judged', async t => {
	await withStanding(t, [{name: 'new', query: 'title:/^The New One/', standing: true}], async world => {
		const {server, addFilm, until, notes, told, looks, settled, find, events} = world;
		t.deepEqual(notes, ['@new is followed from now on. It finds 0 now.']);
		addFilm('700001', 'The New One');
		await until('it has come', () => notes.includes('@new: 1 came (The New One).'));
		server.library.changeItem('700001', row => {
			row.title = 'An Old One';
		});
		await until('it has left', () => notes.includes('@new: 1 left (An Old One).'));
		server.library.changeItem('700001', row => {
			row.title = 'The New One Again';
		});
		await until('it has come back', () => notes.includes('@new: 1 came (The New One Again).'));
		server.library.removeItem('700001');
		await until('it is gone', async () => await find('700001') === undefined && notes.includes('@new: 1 left (The New One Again).'));
		await until('the job has ended', () => isIdle(world));
		await settled();
		t.deepEqual(told.map(({title, body}) => [title, body]), [
			['@new: 1 item came', 'Came: The New One'],
			['@new: 1 item left', 'Left: An Old One'],
			['@new: 1 item came', 'Came: The New One Again'],
			['@new: 1 item left', 'Left: The New One Again'],
		]);
		t.is(new Set(told.map(({id}) => id)).size, 4);
		// Only the first look is one at everything.
		t.deepEqual(looks.map(({whole}) => whole).filter(whole => whole > 0), [1]);
		t.true(looks.every(({judged}) => judged <= 2), JSON.stringify(looks));
		t.true(events.some(event => event.type === 'note' && event.note.text === '@new: 1 came (The New One).'));
	});
});

test('a show enters when an episode of it changes', async t => {
	await withStanding(t, [{name: 'odd', query: 'type:show any(title:/^An Odd Episode$/)', standing: true}], async world => {
		const {server, store, until, notes} = world;
		const {records} = await store.page({kind: 'item', type: 'episode', limit: 1});
		const [episode] = records;
		const key = episode?.kind === 'item' ? episode.ratingKey! : '';
		server.library.changeItem(key, row => {
			row.title = 'An Odd Episode';
		});
		await until('the show has come', () => notes.some(note => note.startsWith('@odd: 1 came')));
		server.library.changeItem(key, row => {
			row.title = 'An Ordinary Episode';
		});
		await until('the show has left', () => notes.some(note => note.startsWith('@odd: 1 left')));
	});
});
