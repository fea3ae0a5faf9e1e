import {isGoneForGood} from '../catalog/library.js';
import {instantOf} from '../catalog/values.js';
import type {Library, Run} from '../catalog/types.js';
import type {Section} from '../plex/types.js';
import {noTotals, type ImportResult, type LibraryResult} from './events.js';
import {uuidOf} from './identification.js';
import type {ReadListings} from './list-reading.js';
import {lookAtLists} from './lists.js';
import {
	defaultPace,
	planImport,
	planLibrary,
	planTouch,
	type LibraryPlan,
} from './plan.js';
import {runLibraries, type CommonOptions} from './run.js';
import {finishedRun, inTransaction, newRun} from './run-record.js';

export type ImportTarget = {
	section: Section;
	ratingKeys?: readonly string[];
};

export type ImportOptions = CommonOptions & {targets: readonly ImportTarget[]};

export const importLibraries = async ({targets, ...options}: ImportOptions): Promise<ImportResult> => {
	const {libraries} = options.store.header();
	return runLibraries({
		...options,
		command: 'import',
		targets: targets.map(({section, ratingKeys}) => ({
			section, plan: planImport(libraries.find(({id}) => id === section.id), options.pace ?? defaultPace, ratingKeys),
		})),
	});
};

export type SyncOptions = CommonOptions & {
	sections: readonly Section[];
	/**
	`sections` are all sections of the server, so a library that is not among them is gone.
	*/
	isEverything: boolean;
	/**
	Ids of libraries that the server no longer lists, for when `sections` are not all.
	*/
	gone?: readonly string[];
	isFull?: boolean;
	/**
	Loads the records of the catalogue. It is called only when they are needed.
	*/
	load: () => Promise<void>;
};

/**
Brings libraries in step with the server. A library whose stamps say that nothing has changed costs the list of its collections: no record is read, nothing written.
*/
export const syncLibraries = async (options: SyncOptions): Promise<ImportResult> => {
	const {
		store, server, sections, isEverything, gone: goneIds = [], isFull = false, load, viewer, pace = defaultPace, now = () => new Date(), run: given = newRun(now()), report,
	} = options;
	const run = {...given, startedAt: now()};
	const known = (id: string) => store.header().libraries.find(library => library.id === id);
	const usageBefore = options.plex.usage();
	const plans: Planned[] = [];
	for (const section of sections) {
		const library = known(section.id);
		const plan = planLibrary(library, section, {
			pace, now: now(), isFull, viewer,
		});
		plans.push(await withLists(options, library, {section, plan}));
	}

	const active = plans.filter(({plan}) => plan.mode !== 'skip' && !(options.isDryRun === true && plan.mode === 'import'));
	const isGone = (id: string) => isEverything ? sections.every(section => section.id !== id) : goneIds.includes(id);
	const gone = store.header().libraries.filter(library => library.serverId === server.id && library.sync !== undefined && !isGoneForGood(library) && isGone(library.id));
	const newlyGone = gone.filter(({sync}) => sync?.goneSince === undefined);
	if (active.length + newlyGone.length > 0) {
		await load();
	}

	const result = await runLibraries({
		...options, run, command: 'sync', targets: active, usageBefore,
	});
	if (newlyGone.length > 0 && options.isDryRun !== true) {
		const libraries = [...result.libraries, ...newlyGone.map(library => goneResult(library))];
		const record = finishedRun({...run, command: 'sync', targets: []}, {...result, libraries}, now());
		for (const library of newlyGone) {
			await markGone(options, library, record);
		}
	}

	for (const {id, title, counts} of newlyGone) {
		const items = sum({counts});
		if (items > 0) {
			report({
				type: 'removals-held', libraryId: id, title, items, reason: 'library-gone',
			});
		}
	}

	const bySection = new Map(result.libraries.map(library => [library.id, library]));
	return {
		...result,
		libraries: [
			...plans.map(({section, plan}) => bySection.get(section.id) ?? untouched(section, known(section.id), plan)),
			...gone.map(library => goneResult(library)),
		],
	};
};

type Planned = {section: Section; plan: LibraryPlan; listings?: ReadListings};

/**
No stamp of a library is sure to move with its collections, so they are listed even where nothing else has changed: one request a library, and one for the playlists of the server.
*/
const withLists = async ({plex, store, signal, viewer}: SyncOptions, library: Library | undefined, planned: Planned): Promise<Planned> => {
	if (library === undefined || planned.plan.mode !== 'skip' || signal.aborted) {
		return planned;
	}

	const listings = await lookAtLists({
		plex, store, signal, viewer,
	}, library, planned.section.key).catch((error: unknown) => {
		if (signal.aborted) {
			return undefined;
		}

		throw error;
	});
	return listings === undefined ? planned : {...planned, listings, plan: {...planned.plan, mode: 'lists', reason: 'Its collections or the playlists have changed.'}};
};

const goneResult = (library: Library): LibraryResult => ({
	...untouched(library, library, {mode: 'skip', reason: 'The server no longer lists it.'}),
	sync: {
		mode: 'skip', changes: {}, held: sum(library), heldReason: 'library-gone', notes: ['The server no longer lists this library; its stored data is kept.'],
	},
});

const sum = ({counts}: Pick<Library, 'counts'>) => counts.movie + counts.show + counts.season + counts.episode;

const untouched = ({id, title}: {id: string; title: string}, library: Library | undefined, {mode, reason}: Pick<LibraryPlan, 'mode' | 'reason'>): LibraryResult => {
	const items = library === undefined ? 0 : sum(library);
	return {
		id,
		title,
		...noTotals,
		expected: items,
		unchanged: items,
		durationMs: 0,
		complete: mode === 'skip',
		sync: {
			mode, changes: {}, held: library?.sync?.held?.items ?? 0, heldReason: library?.sync?.held?.reason, notes: mode === 'skip' ? [] : [reason],
		},
	};
};

/**
A library may have been deleted, or may only be hidden from this token, so everything stays until a person accepts its removal.
*/
const markGone = async ({store, now = () => new Date()}: SyncOptions, library: Library, run: Run) => {
	const at = instantOf(now());
	const items = sum(library);
	await inTransaction(store, async transaction => {
		await transaction.upsert([run]);
		await transaction.putLibrary({...library, sync: {...library.sync!, goneSince: at, ...items > 0 && {held: {since: at, items, reason: 'library-gone'}}}});
		await transaction.record(items === 0
			? []
			: [{
				kind: 'held', at, runId: run.id, libraryId: library.id, items,
			}]);
	});
};

/**
Reads single items again that the server has mentioned, and what is above and below them. What is gone is removed only when it is little and confirmed. The state for the next sync stays as it is, so that it still compares everything that it would have compared.

A library that was never imported completely is left alone.
*/
export const touchLibraries = async ({touched, ...options}: CommonOptions & {touched: ReadonlyArray<{libraryId: string; ratingKeys: readonly string[]}>}): Promise<ImportResult> => {
	const {libraries} = options.store.header();
	return runLibraries({
		...options,
		command: 'sync',
		targets: touched.flatMap(({libraryId, ratingKeys}) => {
			const library = libraries.find(({id, sync}) => id === libraryId && sync !== undefined && sync.goneSince === undefined);
			return library === undefined || ratingKeys.length === 0 ? [] : [{section: lastSection(library), plan: planTouch(ratingKeys)}];
		}),
	});
};

/**
The section as it was last listed. A touch needs no more of it.
*/
const lastSection = ({agent, language, ...library}: Library): Section => ({
	...library,
	uuid: uuidOf(library),
	agent,
	language,
	isRefreshing: false,
	contentChangedAt: undefined,
	scannedAt: undefined,
	updatedAt: undefined,
});
