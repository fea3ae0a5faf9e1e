import {
	collectDefaultMetrics,
	Counter,
	Gauge,
	Registry,
} from 'prom-client';
import {clean} from '../base/text/clean.js';
import {alertKinds, jobModes, jobStates} from '../watch/kinds.js';
import type {WatchStatus} from '../watch/types.js';

/**
A status as metrics for Prometheus. Titles come from a server, so they are cleaned; two libraries may have the same title, so the id is a label, too.
*/
export const metricsText = async (status: WatchStatus): Promise<string> => {
	const registry = new Registry();
	const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) => new Gauge<Label>({
		name: `reelcat_${name}`, help, labelNames: [...labelNames], registers: [registry],
	});

	gauge('info', 'Version of the daemon', ['version']).set({version: status.version}, 1);
	gauge('start_time_seconds', 'When the daemon was started').set(Date.parse(status.startedAt) / 1000);
	gauge('healthy', '1 when all is well, 0 when something is wrong').set(Number(status.health === 'ok'));
	gauge('server_reachable', '1 when the Plex server can be used').set(Number(status.server?.isReachable === true));
	gauge('notifications_connected', '1 when the server tells of its changes').set(Number(status.push.state === 'connected'));
	new Counter({name: 'reelcat_requests_total', help: 'Requests to the Plex server since the start', registers: [registry]}).inc(status.requests);
	gauge('catalogue_revision', 'Commits of the catalogue').set(status.revision);

	const items = gauge('library_items', 'Items of a library', ['library', 'id']);
	const held = gauge('library_held_items', 'Items whose removal waits for a person', ['library', 'id']);
	const failures = gauge('library_failures', 'Failures of a library, one after the other', ['library', 'id']);
	const lastRun = gauge('library_last_success_seconds', 'When a library was last compared', ['library', 'id']);
	for (const library of status.libraries) {
		const label = {library: clean(library.title).trim(), id: clean(library.id)};
		items.set(label, library.items);
		held.set(label, library.held);
		failures.set(label, library.failures);
		if (library.lastRunAt !== undefined) {
			lastRun.set(label, Date.parse(library.lastRunAt) / 1000);
		}
	}

	const jobs = gauge('jobs', 'Jobs that are known', ['state', 'mode']);
	for (const state of jobStates) {
		for (const mode of jobModes) {
			jobs.set({state, mode}, status.jobs.filter(job => job.state === state && job.mode === mode).length);
		}
	}

	const alerts = gauge('alerts', 'What is wrong now', ['kind']);
	for (const kind of alertKinds) {
		alerts.set({kind}, status.alerts.filter(alert => alert.kind === kind).length);
	}

	return `${await registry.metrics()}\n${await processMetrics()}`;
};

const processRegistry = new Registry();
let isCollecting = false;

/**
Starts collecting when metrics are first asked for, because watching the garbage collector costs time.
*/
const processMetrics = async (): Promise<string> => {
	if (!isCollecting) {
		isCollecting = true;
		collectDefaultMetrics({register: processRegistry, prefix: 'reelcat_'});
		// Only counters may end so. These gauges say no more than the sum of those with a label `type`.
		for (const name of ['active_handles', 'active_requests', 'active_resources']) {
			processRegistry.removeSingleMetric(`reelcat_nodejs_${name}_total`);
		}
	}

	return processRegistry.metrics();
};
