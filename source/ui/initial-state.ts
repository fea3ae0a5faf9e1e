import type {UiServices} from './services.js';
import {viewerHint} from './screens/watch/words.js';
import {noJob} from './screens/import/reduce.js';
import {libraryRowsFromCatalog, setRows} from './screens/libraries/reduce.js';
import {emptyList} from './parts/list.js';
import {noSignIn} from './screens/sign-in/reduce.js';
import {textField} from './parts/text-field.js';
import type {Screen, UiState} from './ui-state.js';
import {initialWatch} from './screens/watch/reduce.js';

/**
The first screen: Connect when nothing is known yet, else Libraries, from the header of the catalogue alone; on top of it the watch, where the app is opened for that.
*/
export const initialState = ({initial, watch}: Pick<UiServices, 'initial' | 'watch'>, size: UiState['size']): UiState => {
	const {connection, catalog, opensWatch = false} = initial;
	const isFirstRun = connection === undefined && catalog.libraries.length === 0;
	const first: Screen = {name: isFirstRun ? 'connect' : 'libraries'};
	const state: UiState = {
		version: initial.version,
		size,
		hasToken: initial.hasToken,
		readOnlyReason: watch?.isOwn === false ? viewerHint(watch.who) : initial.readOnlyReason,
		notice: initial.notice,
		connection,
		header: catalog,
		load: {status: 'loading', share: 0, failure: undefined},
		revision: 0,
		stack: opensWatch ? [first, {name: 'watch'}] : [first],
		nextKey: 1,
		connect: {
			choice: initial.formUrl === '' ? 'account' : 'server',
			account: undefined,
			known: [],
			nearby: [],
			field: undefined,
			url: textField(initial.formUrl),
			token: textField(),
			attempt: 0,
			isConnecting: false,
			failure: undefined,
		},
		signIn: noSignIn,
		libraries: {
			status: 'idle', generation: 0, rows: [], list: emptyList, failure: undefined,
		},
		job: noJob,
		watch: initialWatch(watch, opensWatch),
		detail: {
			id: undefined, status: 'loading', sections: undefined, failure: undefined,
		},
		isPaneOn: undefined,
		count: '',
		prefix: '',
		message: undefined,
	};
	return setRows(state, libraryRowsFromCatalog(catalog));
};
