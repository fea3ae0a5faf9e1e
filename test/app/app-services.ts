import {
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setImmediate, setTimeout} from 'node:timers/promises';
import test from 'ava';
import {openAppServices, type AppServices} from '../../source/app/app-services.js';
import {startDemoServer} from '../../source/demo/server.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {createDaemonViewer} from '../../source/app/daemon-link.js';
import {createSession} from '../../source/app/session.js';
import {takeLock} from '../../source/store/lock.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {temporaryFolder} from '../helpers/store-records.js';

test('an import that is left is told to stop, and what it has committed is in the index that is kept', async t => {
	const home = await mkdtemp(path.join(tmpdir(), 'reelcat-services-'));
	const server = await startDemoServer({movies: 12_000, shows: 0});
	const session = createSession({
		env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}, homeFolder: home, version: '0.0.0', isDemo: false,
	});
	try {
		const services = await openAppServices(session, '0.0.0');
		await services.load(() => {/* no bar */});
		const [library] = await services.libraries();
		let committed = 0;
		const enough = new Promise<void>(resolve => {
			services.onEvent(event => {
				committed += event.type === 'items-committed' ? event.imported : 0;
				// No index is kept of a small catalogue.
				if (committed > 5200) {
					resolve();
				}
			});
		});
		const importing = services.startImport([library!.id]);
		await enough;
		await services.close();
		t.true((await importing).cancelled);

		const store = await openCatalog({folder: session.folders().data, access: 'read'});
		const kept = createCatalogIndex();
		kept.restore((await store.kept()!.open('columns'))!);
		await store.close();
		t.is(kept.size(), committed);
		t.is(services.header().libraries.find(({id}) => id === library!.id)!.counts.movie, committed);
	} finally {
		await session.close();
		await server.close();
		await rm(home, {recursive: true});
	}
});

const withServices = async (env: NodeJS.ProcessEnv, body: (services: AppServices, home: string) => Promise<void>) => {
	const home = await mkdtemp(path.join(tmpdir(), 'reelcat-services-'));
	const server = await startDemoServer({movies: 20, shows: 0});
	const session = createSession({
		env: {PLEX_URL: server.url, PLEX_TOKEN: server.token, ...env}, homeFolder: home, version: '0.0.0', isDemo: false,
	});
	try {
		const services = await openAppServices(session, '0.0.0');
		await services.load(() => {/* no bar */});
		await body(services, home);
		await services.close();
	} finally {
		await session.close();
		await server.close();
		await rm(home, {recursive: true});
	}
};

test('the demo can be chosen again before its catalogue is read', async t => {
	await withServices({}, async services => {
		const chosen = await Promise.all([services.connect({kind: 'demo'}), services.connect({kind: 'demo'})]);
		t.deepEqual(chosen.map(({serverName}) => serverName), ['Demo Theatre', 'Demo Theatre']);
		t.true((await services.libraries()).length > 2);
	});
});

test('an import in the app has a log of its own, without what was asked before', async t => {
	await withServices({}, async (services, home) => {
		const [library] = await services.libraries();
		const {runId} = await services.startImport([library!.id]);
		const logs = path.join(home, '.local/state/reelcat/logs');
		const [name, ...others] = await readdir(logs);
		t.deepEqual(others, []);
		const lines = (await readFile(path.join(logs, name!), 'utf8')).trimEnd().split('\n').map(line => JSON.parse(line) as {msg: string; runId?: string});
		t.is(lines[0]!.runId, runId);
		t.is(lines.filter(({msg}) => msg.startsWith('GET /identity')).length, 0);
		t.true(lines.some(({msg}) => msg.startsWith('GET /library/metadata/')));
		t.regex(lines.at(-1)!.msg, /^Done/v);
	});
});

test('in the app a log that cannot be written is a notice, and the import goes on', async t => {
	const blocked = path.join(await mkdtemp(path.join(tmpdir(), 'reelcat-blocked-')), 'file');
	await writeFile(blocked, '');
	await withServices({REELCAT_STATE_DIR: blocked}, async services => {
		let changes = 0;
		services.onCatalogChange(() => {
			changes += services.notice() === undefined ? 0 : 1;
		});
		const [library] = await services.libraries();
		t.is(services.notice(), undefined);
		t.true((await services.startImport([library!.id])).ok);
		t.regex(services.notice()!, /^No log is kept/v);
		t.true(changes > 0);
	});
	await rm(path.dirname(blocked), {recursive: true});
});

const lockOf = async (home: string) => {
	const lock = await takeLock(path.join(home, '.local/share/reelcat/catalog.lock'));
	return lock.isHeld ? lock : undefined;
};

/**
Waits until the app has let go of the lock, and takes it.
*/
const lockWhenFree = async (home: string) => {
	for (;;) {
		const lock = await lockOf(home);
		if (lock !== undefined) {
			return lock;
		}

		await setTimeout(20);
	}
};

test('an app that only sits there holds no lock, keeps what it shows, sees what others write, and takes the lock again for its own work', async t => {
	await withServices({}, async (services, home) => {
		const folder = path.join(home, '.local/share/reelcat');
		const [library] = await services.libraries();
		await services.startImport([library!.id]);
		const before = await readFile(path.join(folder, 'catalog.json')).catch(() => undefined);
		t.not(before, undefined);
		const lock = await lockWhenFree(home);
		const count = services.index.size();
		t.true(count > 0);
		const [id] = [...services.index.summaries()].map(summary => summary.id);
		t.not(await services.detail(id!), undefined);
		await t.throwsAsync(services.startSync(), {code: 'locked', message: /Another reelcat/v});
		t.is(services.index.size(), count);
		await lock.release();

		const other = await openCatalog({folder});
		t.is(other.mode, 'writer');
		await other.load();
		const transaction = await other.begin();
		await transaction.remove([id!]);
		await transaction.commit();
		while (services.index.size() === count) {
			await setTimeout(20);
		}

		t.is(services.index.size(), count - 1);
		await other.close();

		t.true((await services.startImport([library!.id])).ok);
		t.is(services.index.size(), count);
		t.is(services.header().libraries.find(entry => entry.id === library!.id)!.counts.movie, count);
		await (await lockWhenFree(home)).release();
		t.is(services.notice(), undefined);
	});
});

test('what another process committed while the app had let go of the lock is there when it takes the lock again at once', async t => {
	await withServices({}, async (services, home) => {
		const folder = path.join(home, '.local/share/reelcat');
		const [library] = await services.libraries();
		await services.startImport([library!.id]);
		await (await lockWhenFree(home)).release();
		const count = services.index.size();
		const [id] = [...services.index.summaries()].map(summary => summary.id);
		const other = await openCatalog({folder, rewriteBytes: 0});
		await other.load();
		const transaction = await other.begin();
		await transaction.remove([id!]);
		await transaction.commit();
		await other.close();
		t.true((await services.startSync([library!.id])).ok);
		t.false(services.index.summaries().some(summary => summary.id === id));
		t.is(services.index.size(), count - 1);
		t.is(services.header().libraries.find(entry => entry.id === library!.id)!.counts.movie, count - 1);
	});
});

test('an app that was opened while another process wrote may write itself when that one has ended', async t => {
	const home = await temporaryFolder(t);
	const folder = path.join(home, '.local/share/reelcat');
	const other = await openCatalog({folder});
	const server = await startDemoServer({movies: 20, shows: 0});
	const session = createSession({
		env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}, homeFolder: home, version: '0.0.0', isDemo: false,
	});
	t.teardown(async () => {
		await session.close();
		await server.close();
	});
	const services = await openAppServices(session, '0.0.0');
	t.regex(services.initial.readOnlyReason!, /^Another reelcat .* this one only reads\.$/v);
	let told = 0;
	services.onCatalogChange(() => {
		told++;
	});
	await services.load(() => {/* no bar */});
	t.is(services.readOnlyReason!(), services.initial.readOnlyReason);
	const [library] = await services.libraries();
	await t.throwsAsync(services.startImport([library!.id]), {code: 'locked'});
	t.is(services.readOnlyReason!(), services.initial.readOnlyReason);
	await other.close();
	while (services.readOnlyReason!() !== undefined) {
		await setTimeout(20);
	}

	t.true(told > 0);
	t.true((await services.startImport([library!.id])).ok);
	t.true(services.index.size() > 0);
	await services.close();
});

test('a daemon that was started again is named by its new number, also if nobody saw that it was away, and only if it has the lock', async t => {
	let link: (state: {isUp: boolean}) => void;
	let change: () => void;
	let readOnlyReason: string | undefined = 'It writes.';
	let [answering, writing] = [7, 7];
	let told = 0;
	const client = {
		onLink(listener: typeof link) {
			link = listener;
			listener({isUp: true});
		},
		status: async () => ({pid: answering}),
	};
	const feed = {readOnlyReason: () => readOnlyReason, hold: async () => ({store: {mode: 'reader', holder: {pid: writing}}, release() {/* nothing is held */}})};
	const {pid} = createDaemonViewer({file: {pid: 7}, client} as never, {
		feed: feed as never,
		onChange(listener) {
			change = listener;
			return () => undefined;
		},
		tell() {
			told++;
		},
	});
	const comeBack = async () => {
		link({isUp: false});
		link({isUp: true});
		await setImmediate();
		return [pid(), told];
	};

	t.deepEqual(await comeBack(), [7, 0]);
	answering = 8;
	t.deepEqual(await comeBack(), [7, 0]);
	writing = 8;
	t.deepEqual(await comeBack(), [8, 1]);

	readOnlyReason = undefined;
	change!();
	t.is(pid(), undefined);
	// The next one answers before it may write, and its link stays up then.
	answering = 9;
	t.deepEqual(await comeBack(), [undefined, 1]);
	readOnlyReason = 'It writes.';
	writing = 9;
	change!();
	await setImmediate();
	t.deepEqual([pid(), told], [9, 2]);
});

test('what is wrong with the keys of the settings is told when the app starts, which it does', async t => {
	const config = await mkdtemp(path.join(tmpdir(), 'reelcat-config-'));
	await writeFile(path.join(config, 'settings.json'), '{"keys": {"refresh": ["ctrl-r", "hyper-x"], "nonsense": ["y"]}}');
	await withServices({REELCAT_CONFIG_DIR: config}, async services => {
		t.regex(services.notice() ?? '', /^Keys in settings\.json: "hyper-x" \(refresh\) is not the name of a key\. "reelcat doctor" also names 1 more\.$/v);
		t.deepEqual(services.initial.keys, {refresh: ['ctrl-r', 'hyper-x'], nonsense: ['y']});
	});
	await rm(config, {recursive: true});
});
