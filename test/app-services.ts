import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openAppServices} from '../source/app-services.js';
import {startDemoServer} from '../source/demo/server.js';
import {readSummaryLine, summaryFormat} from '../source/query/summary-lines.js';
import {createSession} from '../source/session.js';
import {openIndexCache} from '../source/store/index-cache.js';

test('an import that is left is told to stop, and what it has committed is in the index that is kept', async t => {
	const home = await mkdtemp(path.join(tmpdir(), 'reelcat-services-'));
	const server = await startDemoServer({movies: 20_000, shows: 0});
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
				if (committed > 7000) {
					resolve();
				}
			});
		});
		const importing = services.startImport([library!.id]);
		await enough;
		await services.close();
		t.true((await importing).cancelled);

		const cache = openIndexCache(session.folders().data);
		const kept: string[] = [];
		for await (const line of cache.read(await cache.stamp(), summaryFormat)) {
			kept.push(...readSummaryLine(line).map(({id}) => id));
		}

		t.is(new Set(kept).size, committed);
		t.is(services.header().libraries.find(({id}) => id === library!.id)!.counts.movie, committed);
	} finally {
		await session.close();
		await server.close();
		await rm(home, {recursive: true});
	}
});
