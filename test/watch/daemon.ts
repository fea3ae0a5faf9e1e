import test from 'ava';
import {systemClock} from '../../source/base/clock.js';
import {readWatchSettings} from '../../source/watch/watch-settings.js';
import {isIdle, withDaemon} from './_world.js';

test('the first start imports what is watched, and the status tells of it', async t => {
	await withDaemon(t, {}, async world => {
		const {daemon, until} = world;
		await until('all is imported', () => isIdle(world) && daemon.isReady());
		await until('the server reports its changes', () => daemon.statusNow().push.state === 'connected');
		const status = daemon.statusNow();
		t.is(status.health, 'ok');
		t.deepEqual(status.libraries.map(({title, state}) => [title.trim(), state]), [['Films', 'idle'], ['Series', 'idle']]);
		t.true(status.libraries.every(({items}) => items > 0));
		t.true(status.server?.isReachable);
		t.is(status.push.state, 'connected');
	});
});

test('a film that is added on the server is in the catalogue within two seconds, for one request each time', async t => {
	await withDaemon(t, {}, async world => {
		const {asked, addFilm, find, until, events, daemon} = world;
		const begunMs = performance.now();
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const importMs = performance.now() - begunMs;
		const before = asked();
		const tookMs: number[] = [];
		// Other tests have the processor at times: the best of three is what the daemon does.
		for (const ratingKey of ['700001', '700002', '700003']) {
			const startMs = performance.now();
			addFilm(ratingKey, `The New One ${ratingKey}`);
			await until('the film is there', async () => await find(ratingKey) === `The New One ${ratingKey}`);
			tookMs.push(performance.now() - startMs);
			await until('the job has ended', () => isIdle(world));
		}

		// The first import is more work, and takes long where the machine is busy.
		t.true(Math.min(...tookMs) < 1250 + importMs, `${tookMs.join(' ')} ms, and ${importMs} ms for the import`);
		t.is(asked() - before, 3);
		t.true(events.some(event => event.type === 'catalog' && event.changes.added === 1));
	});
});

test('a burst of changes is one job, and the latest state of each item counts', async t => {
	await withDaemon(t, {}, async world => {
		const {server, firstFilms, find, until, outcomes, daemon} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const keys = firstFilms(20);
		const before = outcomes.length;
		for (const round of [1, 2, 3]) {
			for (const key of keys) {
				server.library.changeItem(key, row => {
					row.title = `Edited ${round}`;
				});
			}
		}

		await until('the last edit is there', async () => await find(keys.at(-1)!) === 'Edited 3' && isIdle(world));
		t.is(outcomes.length - before, 1);
		t.is(outcomes.at(-1)?.job.mode, 'touch');
		t.is(await find(keys[0]!), 'Edited 3');
	});
});

test('a removed film goes once removals have had time to show what they are', async t => {
	await withDaemon(t, {}, async world => {
		const {server, firstFilms, find, until, daemon} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const [key] = firstFilms(1) as [string];
		server.library.removeItem(key);
		await until('the film is gone', async () => await find(key) === undefined);
		// The commit is seen before the job has ended.
		await until('the removal is told', () => daemon.statusNow().libraries[0]!.lastChanges?.removed === 1);
		t.is(await find(key), undefined);
	});
});

test('when a disk goes away nothing is removed, however it is told', async t => {
	await withDaemon(t, {server: {movies: 120}}, async world => {
		const {server, store, until, daemon, alerts} = world;
		// On a busy machine the server may be slow to answer, which is told as well.
		const told = () => alerts.filter(({alert}) => alert.kind === 'removals-held').map(({isRecovered}) => isRecovered);
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const before = store.header().libraries[0]!.counts.movie;
		server.library.unplug('1', '/srv/films/');
		// Alerts are judged when the job has ended.
		await until('it is held and told', () => daemon.statusNow().libraries.some(({held}) => held > 25) && isIdle(world) && told().length > 0);
		t.is(store.header().libraries[0]!.counts.movie, before);
		t.deepEqual(told(), [false]);
		server.library.replug('1', '/srv/films/');
		await until('it is well again', () => told().length > 1);
		t.deepEqual(told(), [false, true]);
	});
});

test('when everything in a folder is in the trash of the server, it is told, and again when it is back', async t => {
	await withDaemon(t, {server: {movies: 60}, only: ['Films']}, async world => {
		const {server, store, until, daemon, firstFilms} = world;
		const alerts = () => world.alerts.filter(({alert}) => alert.kind === 'folder-unavailable');
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const [folder] = store.header().libraries[0]!.locations;
		const keys = firstFilms(1000);
		const trash = (deletedAt: number | undefined) => {
			for (const key of keys) {
				server.library.changeItem(key, row => {
					row.deletedAt = deletedAt;
				});
			}
		};

		trash(1_760_000_000);
		await until('it is told', () => alerts().length > 0);
		t.like(alerts()[0], {isRecovered: false});
		t.true(alerts()[0]!.alert.message.includes(folder!));
		trash(undefined);
		await until('it is over', () => alerts().some(({isRecovered}) => isRecovered));
	});
});

test('a name that means no library of the server is said, with what was probably meant', async t => {
	await withDaemon(t, {server: {movies: 4}, only: ['Filmz', 'Classics']}, async ({until, daemon}) => {
		await until('it is connected', () => daemon.statusNow().push.state === 'connected');
		t.deepEqual(daemon.statusNow().libraries.map(({title}) => title.trim()), ['Classics']);
		t.regex(daemon.statusNow().notes.map(({text}) => text).join('\n'), /There is no library "Filmz" to watch on Demo Theatre\. Did you mean "Films"\? There is: "Films", /v);
	});
});

test('what is held goes when a person says so, between two jobs', async t => {
	await withDaemon(t, {server: {movies: 120}, only: ['Films']}, async world => {
		const {server, store, until, daemon, alerts} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const before = store.header().libraries[0]!.counts.movie;
		server.library.unplug('1', '/srv/films/');
		await until('it is held', () => daemon.statusNow().libraries.some(({held}) => held > 25) && isIdle(world));
		const {held} = daemon.statusNow().libraries[0]!;
		const [refreshed, accepted] = await Promise.all([daemon.refresh({mode: 'full'}), daemon.accept({library: 'films'})]);
		t.deepEqual(accepted.map(({title, removed}) => [title.trim(), removed]), [['Films', held]]);
		t.is(store.header().libraries[0]!.counts.movie, before - held);
		await until('the job is done', async () => (await daemon.job(refreshed[0]!.id)).state === 'done');
		await until('the alert is over', () => alerts.at(-1)?.isRecovered === true);
		t.deepEqual(await daemon.accept({}), []);
		await t.throwsAsync(daemon.accept({library: 'nothing of the kind'}), {code: 'usage'});
	});
});

test('what happened while the notifications were cut is found when they are back', async t => {
	await withDaemon(t, {}, async world => {
		const {server, addFilm, find, until, daemon, outcomes} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		server.push.refuse(503);
		server.push.drop();
		await until('they are cut', () => daemon.statusNow().push.state === 'connecting');
		addFilm('700001', 'Unheard Of');
		const before = outcomes.length;
		server.push.refuse(undefined);
		await until('the film is there', async () => await find('700001') === 'Unheard Of');
		await until('the comparison has ended', () => isIdle(world));
		t.true(outcomes.slice(before).some(({job}) => job.trigger === 'catch-up' && job.mode === 'incremental'));
	});
});

test('a server that sends no notifications is asked for its stamps', async t => {
	await withDaemon(t, {
		server: {push: 'none'},
		stored: {pollEvery: '1s'},
		prepare(server) {
			server.library.breakItem('1000001');
		},
	}, async world => {
		const {
			server, addFilm, find, until, daemon, outcomes,
		} = world;
		const polls = () => server.requests.latest().filter(request => request === '/library/sections').length;
		await until('all is imported', () => isIdle(world));
		// The item that cannot be read is no reason to compare the library with each poll.
		const before = polls();
		await until('it has asked several times', () => polls() > before + 8);
		t.true(outcomes.length < 4, `${outcomes.length} jobs`);
		addFilm('700001', 'Seen by Its Stamp');
		await until('the film is there', async () => await find('700001') === 'Seen by Its Stamp');
		t.not(daemon.statusNow().push.state, 'connected');
	});
});

test('the same refresh twice is one job, and it runs before what is on schedule', async t => {
	await withDaemon(t, {}, async world => {
		const {daemon, until, outcomes} = world;
		await until('all is imported', () => isIdle(world));
		const [first] = await daemon.refresh({library: 'films', mode: 'full'});
		const [second] = await daemon.refresh({library: 'Films', mode: 'incremental'});
		t.is(first!.id, second!.id);
		t.is(second!.mode, 'full');
		await until('it is done', () => outcomes.some(({job}) => job.id === first!.id));
		const job = await daemon.job(first!.id);
		t.like(job, {state: 'done', mode: 'full', attempts: 1});
		await t.throwsAsync(daemon.refresh({library: 'nothing of the kind'}), {code: 'usage', message: /No library "nothing of the kind" is watched/v});
		await t.throwsAsync(daemon.act('nobody', 'retry'), {code: 'not-found'});
		await t.throwsAsync(daemon.act(first!.id, 'pause'), {code: 'usage', message: 'The job is done, so it cannot be paused.'});
	});
});

test('a job that is cancelled while it runs ends, keeps nothing half done, and can be tried again', async t => {
	await withDaemon(t, {server: {latencyMs: 30}}, async world => {
		const {daemon, until} = world;
		await until('all is imported', () => isIdle(world));
		const [job] = await daemon.refresh({library: 'Series', mode: 'full'});
		await until('it runs', async () => (await daemon.job(job!.id)).state === 'running');
		await daemon.act(job!.id, 'cancel');
		await until('it has ended', async () => (await daemon.job(job!.id)).state === 'cancelled');
		await daemon.act(job!.id, 'retry');
		await until('it is done', async () => (await daemon.job(job!.id)).state === 'done');
		t.is((await daemon.job(job!.id)).attempts, 1);
	});
});

test('a job that is paused while it runs stops, lets others run, and starts again when it is resumed', async t => {
	await withDaemon(t, {server: {latencyMs: 30}}, async world => {
		const {daemon, until} = world;
		await until('all is imported', () => isIdle(world));
		const [job] = await daemon.refresh({library: 'Series', mode: 'full'});
		await until('it runs', async () => (await daemon.job(job!.id)).state === 'running');
		await daemon.act(job!.id, 'pause');
		await until('it is paused', async () => (await daemon.job(job!.id)).state === 'paused');
		const [other] = await daemon.refresh({library: 'Films', mode: 'full'});
		await until('another one is done', async () => (await daemon.job(other!.id)).state === 'done');
		t.is((await daemon.job(job!.id)).state, 'paused');
		await daemon.act(job!.id, 'resume');
		await until('it is done', async () => (await daemon.job(job!.id)).state === 'done');
		t.is((await daemon.job(job!.id)).attempts, 1);
	});
});

test('a server that is away is waited for without failing jobs, and looked at when it is back', async t => {
	await withDaemon(t, {}, async world => {
		const {server, daemon, until, find, addFilm} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		server.setFaults([{kind: 'reset'}]);
		server.push.refuse(503);
		server.push.drop();
		await daemon.refresh({});
		await until('it is noticed', () => daemon.statusNow().health === 'failing');
		t.true(daemon.statusNow().reasons.length > 0);
		addFilm('700001', 'Added Meanwhile');
		server.setFaults([]);
		server.push.refuse(undefined);
		await until('it is back', async () => daemon.statusNow().health === 'ok' && await find('700001') === 'Added Meanwhile');
		t.false(daemon.statusNow().jobs.some(({state}) => state === 'parked'));
	});
});

test('what was asked for survives a restart, and what was under way begins anew', async t => {
	const at = '2026-03-01T12:00:00.000Z';
	const common = {createdAt: at, attempts: 1, trigger: 'request'} as const;
	const queue = {
		jobs: [
			{
				...common, id: 'was-running', library: {id: 'x', title: 'Elsewhere'}, mode: 'full', state: 'running', startedAt: at,
			},
			{
				...common, id: 'was-paused', library: {id: 'y', title: 'Paused'}, mode: 'incremental', state: 'paused',
			},
		],
		history: [],
		cancelling: [],
		pausing: [],
	} as const;
	await withDaemon(t, {queue, only: ['Films']}, async world => {
		const {daemon, until, saved} = world;
		await until('all is imported', () => daemon.isReady() && isIdle(world));
		t.is((await daemon.job('was-paused')).state, 'paused');
		t.like(await daemon.job('was-running'), {library: {title: 'Elsewhere'}});
		t.not((await daemon.job('was-running')).state, 'running');
		t.true(saved().jobs.some(({id}) => id === 'was-paused'));
	});
});

test('with audits each full comparison by schedule is followed by one, and what it finds is read again', async t => {
	await withDaemon(t, {stored: {audit: true}, only: ['Films']}, async world => {
		const {server, store, daemon, until, firstFilms, outcomes} = world;
		await until('all is imported', () => isIdle(world));
		const [key, broken] = firstFilms(2) as [string, string];
		// Neither a stamp nor a list shows it.
		server.library.changeItem(key, row => {
			row.Label = [{tag: 'Given in secret'}];
		}, {isSilent: true});
		server.library.breakItem(broken);
		const library = store.header().libraries[0]!;
		// As if the last full comparison were long ago.
		const transaction = await store.begin();
		await transaction.putLibrary({...library, sync: {...library.sync!, fullAt: '2026-01-01T00:00:00Z'}});
		await transaction.commit();
		daemon.reload(readWatchSettings({audit: true}, {only: ['Films']}));
		await until('the audits are done', () => outcomes.some(({job}) => job.mode === 'audit') && isIdle(world));
		t.deepEqual(outcomes.filter(({job}) => job.mode === 'audit').map(({outcome}) => 'differences' in outcome && outcome.differences), [2, 1, 1]);
	});
});

test('an audit that waits for a list can be cancelled', async t => {
	const library = {id: '56976098-3ca8-4e25-96bf-443ee1de423e', title: 'Films'};
	const audit = {
		library, id: 'audit', mode: 'audit', state: 'paused', trigger: 'request', createdAt: '2026-03-01T12:00:00.000Z', attempts: 0,
	} as const;
	const queue = {
		jobs: [audit], history: [], cancelling: [], pausing: [],
	};
	await withDaemon(t, {queue, only: ['Films']}, async world => {
		const {server, store, daemon, until} = world;
		await until('all is imported', () => isIdle(world));
		t.like(store.header().libraries, [library]);
		server.setFaults([{kind: 'silence', path: '/collections'}]);
		server.requests.reset();
		await daemon.act('audit', 'resume');
		await until('a list is waited for', () => server.requests.latest().some(request => request.includes('/collections')));
		await daemon.act('audit', 'cancel');
		await until('it has ended', async () => (await daemon.job('audit')).state === 'cancelled');
	});
});

test('everything that is told has a number, and whoever comes back is told the rest or all', async t => {
	await withDaemon(t, {only: ['Films']}, async world => {
		const {daemon, until, addFilm, find} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const seen: number[] = [];
		const leave = daemon.subscribe(({id}) => {
			seen.push(id);
		});
		addFilm('700001', 'One');
		await until('the first film is there', async () => await find('700001') !== undefined && isIdle(world));
		leave();
		const last = seen.at(-1)!;
		t.deepEqual(seen, seen.toSorted((left, right) => left - right));
		addFilm('700002', 'Two');
		await until('the second film is there', async () => await find('700002') !== undefined && isIdle(world));
		const missed: string[] = [];
		daemon.subscribe(({id, event}) => {
			t.true(id > last);
			missed.push(event.type);
		}, {after: last})();
		t.true(missed.includes('catalog'));
		const afresh: string[] = [];
		daemon.subscribe(({event}) => {
			afresh.push(event.type);
		}, {after: 12})();
		t.deepEqual(afresh, ['status']);
	});
});

test('a webhook of Radarr, which comes before the server has the film, is acted on when the server had time to find it', async t => {
	const timers: Array<() => void> = [];
	const clock = {
		...systemClock,
		after(ms: number, run: () => void) {
			timers.push(run);
			return systemClock.after(ms, run);
		},
	};
	await withDaemon(t, {server: {push: 'none'}, stored: {pollEvery: '1h'}, clock}, async world => {
		const {addFilm, daemon, find, outcomes, until} = world;
		await until('all is imported', () => isIdle(world));
		daemon.hintType('movie');
		const isThere = timers.at(-1)!;
		t.false(daemon.statusNow().jobs.some(({trigger}) => trigger === 'hook'));
		addFilm('700001', 'The New One');
		isThere();
		await until('the film is there', async () => await find('700001') === 'The New One' && isIdle(world));
		t.deepEqual(outcomes.filter(({job}) => job.trigger === 'hook').map(({job}) => job.library.title), ['Films']);
	});
});
