import type {ItemSummary} from '../../query/types.js';
import type {RowTarget} from '../../reports/report-row.js';
import type {ActionId} from '../keymap.js';
import type {LibraryRow, UiServices} from '../services.js';
import {canSubmit} from '../screens/connect/reduce.js';
import {isReport, otherPeriod, selectedRow} from '../screens/report/reduce.js';
import {selectedLibrary} from '../screens/libraries/reduce.js';
import type {UiMessage} from '../messages.js';
import {
	browseScreen,
	isAtFirst,
	isImporting,
	topScreen,
} from '../stack.js';
import type {UiState} from '../ui-state.js';
import {
	willEndWatch,
	selectedJob,
	selectedNews,
	selectedWatched,
} from '../screens/watch/reduce.js';
import {formatInstant, plural} from '../../base/text/format.js';
import {jobText} from '../screens/watch/job-lines.js';
import {watchedText} from '../screens/watch/library-lines.js';
import {newsText} from '../screens/watch/news-lines.js';
import type {createImports} from '../screens/import/effects.js';
import type {createReports} from '../screens/report/effects.js';
import type {createServers} from '../screens/connect/effects.js';
import type {createWatching} from '../screens/watch/effects.js';

export type ActionEffectOptions = {
	services: UiServices;
	get: () => UiState;
	dispatch: (message: UiMessage) => void;
	servers: ReturnType<typeof createServers>;
	imports: ReturnType<typeof createImports>;
	reports: ReturnType<typeof createReports>;
	watching: ReturnType<typeof createWatching>;
	quit: (exitCode: number) => void;
	suspend: () => Promise<void>;
	repaint: () => Promise<void>;
	now: () => number;
	/**
	Ask again for the detail on the screen.
	*/
	forgetDetail: () => void;
};

/**
What happens besides the change of state, as a table; `before` is the state in which the key was pressed.
*/
export type ActionEffects = Partial<Record<ActionId, (before: UiState) => void | Promise<void>>>;

const secondInterruptMs = 2000;
const secondAcceptMs = 8000;

const heldItems = ({header}: UiState) => {
	let items = 0;
	for (const {sync} of header.libraries) {
		items += sync?.held?.items ?? 0;
	}

	return items;
};

export const createActionEffects = (options: ActionEffectOptions): ActionEffects => {
	const {
		services, get, dispatch, servers, imports, reports, watching, quit, suspend, repaint, now, forgetDetail,
	} = options;
	let interruptedAtMs = -Infinity;
	let acceptedAtMs = -Infinity;

	const openSelected = (before: UiState) => {
		const top = topScreen(before);
		const row = top.name === 'libraries' ? selectedLibrary(before) : undefined;
		if (row !== undefined) {
			dispatch(libraryOpened(row));
		}

		const id = top.name === 'browse' ? top.list.selectedId : undefined;
		const item = id === undefined ? undefined : services.index.get(id);
		if (item !== undefined) {
			dispatch(itemOpened(item));
		}
	};

	const openLibrary = (libraryId: string) => {
		const row = get().libraries.rows.find(({id}) => id === libraryId) ?? services.header().libraries.find(({id}) => id === libraryId);
		dispatch(row === undefined ? {type: 'say', text: 'This library is not in the catalogue any more.', tone: 'warn'} : libraryOpened(row));
	};

	/**
	All that is known of what the cursor is on.
	*/
	const openWatched = (before: UiState) => {
		const job = selectedJob(before);
		const library = selectedWatched(before);
		const news = selectedNews(before);
		if (job !== undefined) {
			dispatch({type: 'text-opened', crumb: 'Job', text: jobText(job, formatInstant)});
		} else if (library !== undefined) {
			dispatch({type: 'text-opened', crumb: 'Library', text: watchedText(library, formatInstant)});
		} else if (news !== undefined) {
			dispatch({type: 'text-opened', crumb: 'alert' in news ? 'Alert' : 'Event', text: newsText(news, formatInstant)});
		}
	};

	const openTarget = async (target: RowTarget, title: string) => {
		switch (target.name) {
			case 'library': {
				openLibrary(target.libraryId);
				return;
			}

			case 'detail': {
				dispatch(services.index.get(target.itemId) === undefined
					? {type: 'say', text: 'It is not in the catalogue any more.', tone: 'warn'}
					: {type: 'detail-opened', id: target.itemId});
				return;
			}

			case 'text': {
				dispatch({type: 'text-opened', crumb: target.title, text: target.text});
				return;
			}

			case 'timeline': {
				await reports.openTimeline(target.itemId, title);
				return;
			}

			case 'changes':
			case 'runs':
			case 'run':
			case 'log':
			case 'held': {
				await reports.open(target);
			}
		}
	};

	/**
	Of the run that the screen is about.
	*/
	const shownRunId = (before: UiState) => {
		const top = topScreen(before);
		const target = isReport(top) ? selectedRow(top)?.opens : undefined;
		if (target?.name === 'run') {
			return target.runId;
		}

		if (isReport(top) && top.question.name === 'run') {
			return top.question.runId;
		}

		return top.name === 'watch' ? selectedJob(before)?.runId : (top.name === 'import' ? before.job.result?.runId : undefined);
	};

	/**
	Esc on a running import leads to what it brings, even when it was started from Libraries.
	*/
	const leaveImport = (before: UiState) => {
		const row = before.libraries.rows.find(({id}) => id === before.job.libraryIds[0]);
		if (row !== undefined && topScreen(before).name === 'import' && isImporting(before) && topScreen(get()).name === 'libraries') {
			dispatch(libraryOpened(row));
		}
	};

	const back = (before: UiState) => {
		if (topScreen(before).name === 'sign-in') {
			servers.signIn.cancel();
		} else if (before.connect.isConnecting && topScreen(before).name === 'connect') {
			servers.cancel();
		} else {
			leaveImport(before);
		}
	};

	/**
	A daemon compares all of a library instead, which finds the same.
	*/
	const startImport = async (libraryIds: readonly string[]) => watching.isThere ? watching.refresh(libraryIds, 'full') : imports.start(libraryIds);

	const cancelAndQuit = () => {
		services.cancelImport();
		quit(0);
	};

	return {
		async open(before) {
			const top = topScreen(before);
			const row = isReport(top) ? selectedRow(top) : undefined;
			if (row?.opens !== undefined) {
				await openTarget(row.opens, row.cells[2] ?? '');
			} else if (top.name === 'watch') {
				openWatched(before);
			} else if (top.name === 'connect') {
				await servers.openChoice(before);
			} else if (top.name === 'import' && before.job.problems.ids.length === 0 && before.job.result !== undefined) {
				await reports.open({name: 'changes', runId: before.job.result.runId}, 'Changes of this sync');
			} else {
				openSelected(before);
			}
		},
		async accept(before) {
			if (topScreen(before).name === 'connect' && canSubmit(before)) {
				await servers.submit();
			}
		},
		back,
		close(before) {
			if (isAtFirst(before)) {
				if (!isImporting(before) && !willEndWatch(before)) {
					quit(0);
				}
			} else {
				back(before);
			}
		},
		'sign-in-again': async () => servers.signIn.again(),
		'change-server': async () => servers.look(),
		quit: cancelAndQuit,
		'confirm-quit': cancelAndQuit,
		interrupt() {
			const isSecond = now() - interruptedAtMs <= secondInterruptMs;
			interruptedAtMs = now();
			if (!isSecond && isImporting(get())) {
				imports.cancel();
			} else if (!isSecond && willEndWatch(get())) {
				dispatch({type: 'say', text: 'Watching ends with this app. Press Ctrl-C again to quit.', tone: 'warn'});
			} else {
				quit(130);
			}
		},
		tick: async () => services.chooseLibraries(servers.chosen()),
		'tick-all': async () => services.chooseLibraries(servers.chosen()),
		'start-import': async () => startImport(servers.chosen()),
		async 'import-library'() {
			const id = browseScreen(get())?.query.libraryId ?? selectedLibrary(get())?.id;
			if (id !== undefined) {
				await startImport([id]);
			}
		},
		async sync() {
			const {name} = topScreen(get());
			if (name === 'watch') {
				await watching.refreshSelected('incremental');
				return;
			}

			const id = name === 'libraries' ? undefined : browseScreen(get())?.query.libraryId;
			const ids = id === undefined ? undefined : [id];
			await (watching.isThere ? watching.refresh(ids, 'incremental') : imports.sync(ids));
		},
		'full-sync': async () => watching.refreshSelected('full'),
		'browse-library'(before) {
			const library = selectedWatched(before);
			if (library !== undefined) {
				openLibrary(library.id);
			}
		},
		'pause-job': watching.togglePause,
		'cancel-job': watching.cancel,
		'retry-job': async () => watching.act('retry'),
		'run-job-now': async () => watching.act('run-now'),
		'move-job-up': async () => watching.act('move-up'),
		'move-job-down': async () => watching.act('move-down'),
		async changes(before) {
			const runId = shownRunId(before);
			await (runId === undefined ? reports.openChanges(7) : reports.open({name: 'changes', runId}, before.job.result?.runId === runId ? 'Changes of this sync' : 'Changes of this run'));
		},
		runs: async () => reports.open({name: 'runs'}),
		held: async () => reports.open({name: 'held'}),
		async log(before) {
			const runId = shownRunId(before);
			if (runId !== undefined) {
				await reports.open({name: 'log', runId});
			}
		},
		longer: async () => reports.openChanges(otherPeriod(get(), 1)),
		shorter: async () => reports.openChanges(otherPeriod(get(), -1)),
		async timeline(before) {
			const top = topScreen(before);
			const row = isReport(top) ? selectedRow(top) : undefined;
			await reports.openTimeline(row?.opens?.name === 'detail' ? row.opens.itemId : undefined);
		},
		async 'accept-removals'() {
			const isSecond = now() - acceptedAtMs <= secondAcceptMs;
			acceptedAtMs = now();
			if (isSecond) {
				const removed = await services.acceptRemovals();
				await reports.refresh();
				dispatch({type: 'say', text: `${plural(removed, 'item')} removed; C shows them, and they are known again should they come back.`, tone: 'good'});
			} else {
				const items = plural(heldItems(get()), 'item');
				dispatch({type: 'say', text: `Press A again to remove the ${items} that the server no longer has.`, tone: 'warn'});
			}
		},
		retry: async () => imports.retry(),
		async refresh() {
			forgetDetail();
			await reports.refresh();
			if (get().load.status === 'failed') {
				await servers.load();
			}

			if (topScreen(get()).name === 'libraries') {
				await servers.loadLibraries();
			}
		},
		suspend,
		repaint,
	};
};

const libraryOpened = ({id, title, type}: Pick<LibraryRow, 'id' | 'title' | 'type'>): UiMessage => {
	const level = type === 'show' ? 'show' : 'movie';
	return {type: 'browse-opened', screen: {level, crumb: title, query: {libraryId: id, type: level}}};
};

/**
What lies below an item: seasons, episodes, or its detail.
*/
const itemOpened = ({
	id, type, title, libraryId,
}: ItemSummary): UiMessage => {
	switch (type) {
		case 'show': {
			return {type: 'browse-opened', screen: {level: 'season', crumb: title, query: {libraryId, type: 'season', showId: id}}};
		}

		case 'season': {
			return {type: 'browse-opened', screen: {level: 'episode', crumb: title, query: {libraryId, type: 'episode', seasonId: id}}};
		}

		case 'movie':
		case 'episode': {
			return {type: 'detail-opened', id};
		}
	}
};
