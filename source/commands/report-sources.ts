import {createIndexLoader} from '../app/index-loader.js';
import {logFolder} from '../app/run-engine.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {AppError} from '../base/errors.js';
import {loadRuns, type ListedRun} from '../history/runs.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import type {CatalogCheck, ReportSources} from '../reports/report.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {checkHistory} from '../store/check-history.js';
import {checkHistoryFiles} from '../store/history-files.js';
import {catalogFiles} from '../store/folders.js';
import {openIndexCache} from '../store/index-cache.js';
import type {CommandContext} from './command.js';
import {pickLibraries, pickLibraryIds} from './pick-libraries.js';

/**
What a command that only reads can ask for. It never takes the lock of the catalogue, so it works beside a running import.

@throws AppError of the store
*/
export const withSources = async <Value>(context: CommandContext, use: (sources: ReportSources) => Promise<Value>): Promise<Value> => {
	const {session, io, signal} = context;
	let opened: OpenedCatalog | undefined;
	const open = async () => {
		opened ??= await session.openStore({access: 'read'});
		return opened;
	};

	const store = once(async () => {
		const loaded = await open();
		await loaded.load();
		return loaded;
	});

	const index = once(async () => {
		const made = createCatalogIndex();
		const loader = createIndexLoader(openIndexCache(session.folders().data), await open(), made);
		await loader.fillFromCache(() => {/* no bar in a pipe */});
		await store();
		await loader.confirm(() => {/* no bar in a pipe */});
		if (made.size() === 0) {
			io.say(`The catalogue is empty. Import something first: reelcat import${session.isDemo() ? ' --demo' : ''}`);
		}

		return made;
	});

	const header = async () => {
		const loaded = await store();
		return loaded.header();
	};

	try {
		return await use({
			store,
			index,
			runs: once(async () => readRuns(context)),
			logFolder: logFolder(session),
			now: () => new Date(),
			pickLibraries: async name => pickLibraries(context, await header(), name),
			pickLibraryIds: async name => pickLibraryIds(context, await header(), name),
			connect: async () => session.connect({signal}),
			check: async () => checkQuietly(await store(), catalogFiles(session.folders().data).history),
			say: io.say,
			signal,
		});
	} finally {
		await opened?.close();
	}
};

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
	let made: Promise<Value> | undefined;
	return async () => {
		made ??= make();
		return made;
	};
};

/**
The store asks who writes before it reads the records, and a run may begin or end in between. So a run counts as interrupted only when it already seemed so before the lock was looked at a second time.
*/
const readRuns = async ({session}: CommandContext): Promise<ListedRun[]> => {
	let doubted: string | undefined;
	for (;;) {
		const store = await session.openStore({access: 'read'});
		try {
			await store.load();
			const runs = await loadRuns(store);
			const [newest] = runs;
			if (newest?.status !== 'interrupted' || newest.id === doubted) {
				return runs;
			}

			doubted = newest.id;
		} finally {
			await store.close();
		}
	}
};

const attempts = 3;

/**
Examines catalogue and history at one moment: a writer that commits meanwhile would look like a fault.

@throws AppError 'locked'
*/
const checkQuietly = async (store: CatalogStore, historyFolder: string): Promise<CatalogCheck> => {
	for (let attempt = 0; attempt < attempts; attempt++) {
		let isDisturbed = false;
		const unsubscribe = store.subscribe(() => {
			isDisturbed = true;
		});
		const {revision} = store.header();
		const report = await store.check();
		const damage = await checkHistoryFiles(historyFolder);
		const {events, tombstones, held, problems} = await checkHistory(store);
		unsubscribe();
		if (!isDisturbed) {
			return {
				revision, records: report.records, events, tombstones, held, problems: [...report.problems, ...damage, ...problems],
			};
		}
	}

	throw new AppError('locked', 'The catalogue changes while it is verified.', {hint: 'Wait for the import or sync to end, then try again.'});
};
