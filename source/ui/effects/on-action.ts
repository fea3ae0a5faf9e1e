import type {ItemSummary} from '../../query/types.js';
import type {ActionId} from '../keymap.js';
import type {LibraryRow, UiServices} from '../services.js';
import {canSubmit} from '../state/connect.js';
import {otherPeriod} from '../state/history.js';
import {selectedLibrary} from '../state/libraries.js';
import type {UiMessage} from '../state/messages.js';
import {browseScreen, isImporting, topScreen} from '../state/stack.js';
import type {UiState} from '../state/types.js';
import {plural} from '../../text/format.js';
import {createHistory} from './history.js';
import type {createImports} from './imports.js';
import type {createServers} from './servers.js';

export type ActionEffectOptions = {
	services: UiServices;
	get: () => UiState;
	dispatch: (message: UiMessage) => void;
	servers: ReturnType<typeof createServers>;
	imports: ReturnType<typeof createImports>;
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
		services, get, dispatch, servers, imports, quit, suspend, repaint, now, forgetDetail,
	} = options;
	let interruptedAtMs = -Infinity;
	let acceptedAtMs = -Infinity;
	const history = createHistory({services, get, dispatch});

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
		if (before.connect.isConnecting && topScreen(before).name === 'connect') {
			servers.cancel();
		} else {
			leaveImport(before);
		}
	};

	const cancelAndQuit = () => {
		services.cancelImport();
		quit(0);
	};

	return {
		async open(before) {
			if (topScreen(before).name === 'connect') {
				await servers.openChoice(before);
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
			if (before.stack.length === 1 && !isImporting(before)) {
				quit(0);
			} else {
				back(before);
			}
		},
		quit: cancelAndQuit,
		'confirm-quit': cancelAndQuit,
		interrupt() {
			const isSecond = now() - interruptedAtMs <= secondInterruptMs;
			interruptedAtMs = now();
			if (isSecond || !isImporting(get())) {
				quit(130);
			} else {
				imports.cancel();
			}
		},
		tick: async () => services.chooseLibraries(servers.chosen()),
		'tick-all': async () => services.chooseLibraries(servers.chosen()),
		'start-import': async () => imports.start(servers.chosen()),
		async 'import-library'() {
			const id = browseScreen(get())?.query.libraryId ?? selectedLibrary(get())?.id;
			if (id !== undefined) {
				await imports.start([id]);
			}
		},
		async sync() {
			const isInList = topScreen(get()).name !== 'libraries';
			const id = isInList ? browseScreen(get())?.query.libraryId : undefined;
			await imports.sync(id === undefined ? undefined : [id]);
		},
		async changes(before) {
			const {job} = before;
			const isOfSync = job.isSync && topScreen(before).name === 'import';
			await (isOfSync && job.result !== undefined ? history.openRun(job.result.runId) : history.openChanges(7));
		},
		longer: async () => history.openChanges(otherPeriod(get(), 1)),
		shorter: async () => history.openChanges(otherPeriod(get(), -1)),
		timeline: async () => history.openTimeline(),
		async 'accept-removals'() {
			const isSecond = now() - acceptedAtMs <= secondAcceptMs;
			acceptedAtMs = now();
			if (isSecond) {
				const removed = await services.acceptRemovals();
				dispatch({type: 'say', text: `${plural(removed, 'item')} removed; C shows them, and they are known again should they come back.`, tone: 'good'});
			} else {
				const items = plural(heldItems(get()), 'item');
				dispatch({type: 'say', text: `Press A again to remove the ${items} that the server no longer has.`, tone: 'warn'});
			}
		},
		retry: async () => imports.retry(),
		async refresh() {
			forgetDetail();
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

const libraryOpened = ({id, title, type}: LibraryRow): UiMessage => {
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
