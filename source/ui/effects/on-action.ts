import type {ItemSummary} from '../../query/types.js';
import type {ActionId} from '../keymap.js';
import type {LibraryRow, UiServices} from '../services.js';
import {canSubmit} from '../state/connect.js';
import {selectedLibrary} from '../state/libraries.js';
import type {UiMessage} from '../state/messages.js';
import {browseScreen, isImporting, topScreen} from '../state/stack.js';
import type {UiState} from '../state/types.js';
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

export const createActionEffects = (options: ActionEffectOptions): ActionEffects => {
	const {
		services, get, dispatch, servers, imports, quit, suspend, repaint, now, forgetDetail,
	} = options;
	let interruptedAtMs = -Infinity;

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
