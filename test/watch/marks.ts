import test from 'ava';
import {isIdle, withDaemon, type DaemonWorld} from './_world.js';

const watch = ({server}: DaemonWorld, ratingKey: string) => {
	server.library.changeItem(ratingKey, row => {
		row.viewCount = 40;
	}, {isSilent: true});
};

const stop = ({server}: DaemonWorld, ratingKey: string) => {
	const row = {
		sessionKey: '1', ratingKey, key: `/library/metadata/${ratingKey}`, state: 'stopped', viewOffset: 1000,
	};
	server.push.send(JSON.stringify({NotificationContainer: {type: 'playing', size: 1, PlaySessionStateNotification: [row]}}));
};

test('a playback that stopped costs one request to one library', async t => {
	await withDaemon(t, {}, async world => {
		const {asked, firstFilms, until, outcomes, daemon} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const [ratingKey = ''] = firstFilms(1);
		watch(world, ratingKey);
		const [jobs, requests] = [outcomes.length, asked()];
		stop(world, ratingKey);
		await until('it was read', () => outcomes.length > jobs && isIdle(world));
		t.is(asked() - requests, 1);
		t.deepEqual(outcomes.slice(jobs).map(({job, outcome}) => [job.mode, job.library.title, outcome.kind === 'done' && outcome.changes]), [['touch', 'Films', {watched: 1}]]);
	});
});

test('while nobody looks, it costs nothing, and the next comparison reads what was watched', async t => {
	await withDaemon(t, {isUnseen: true}, async world => {
		const {asked, firstFilms, until, outcomes, daemon, store} = world;
		await until('all is imported', () => isIdle(world) && daemon.statusNow().push.state === 'connected');
		const [ratingKey = ''] = firstFilms(1);
		watch(world, ratingKey);
		const [jobs, requests] = [outcomes.length, asked()];
		stop(world, ratingKey);
		// What is not worth a request would have been asked for three seconds later.
		await new Promise(resolve => {
			setTimeout(resolve, 3500);
		});
		t.is(outcomes.length, jobs);
		t.is(asked(), requests);
		await daemon.refresh({library: 'Films', mode: 'full'});
		await until('it was compared', () => outcomes.some(({job}) => job.mode === 'full') && isIdle(world));
		const {records} = await store.page({kind: 'item', libraryId: store.header().libraries.find(({title}) => title === 'Films')!.id, limit: Infinity});
		t.is(records.map(record => record.kind === 'item' && record.ratingKey === ratingKey ? record.viewState?.viewCount : undefined).find(count => count !== undefined), 40);
	});
});
