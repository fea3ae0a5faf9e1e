import type {UiServices} from '../services.js';
import {noJob} from './job.js';
import {libraryRowsFromCatalog, setRows} from './libraries.js';
import {emptyList} from './list.js';
import {noSignIn} from './sign-in.js';
import {textField} from './text-field.js';
import type {Screen, UiState} from './types.js';

/**
The first screen: Connect when nothing is known yet, else Libraries, from the header of the catalogue alone.
*/
export const initialState = (initial: UiServices['initial'], size: UiState['size']): UiState => {
	const {connection, catalog} = initial;
	const isFirstRun = connection === undefined && catalog.libraries.length === 0;
	const first: Screen = {name: isFirstRun ? 'connect' : 'libraries'};
	const state: UiState = {
		version: initial.version,
		size,
		hasToken: initial.hasToken,
		readOnlyReason: initial.readOnlyReason,
		notice: initial.notice,
		connection,
		header: catalog,
		load: {status: 'loading', share: 0, failure: undefined},
		revision: 0,
		stack: [first],
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
