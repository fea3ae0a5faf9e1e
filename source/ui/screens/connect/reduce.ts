import type {ActionId} from '../../keymap.js';
import {noJob} from '../import/reduce.js';
import {libraryRowsFromCatalog, setRows} from '../libraries/reduce.js';
import type {MessageOf} from '../../messages.js';
import {
	editText,
	insertText,
	textField,
	type TextEdit,
	type TextField,
} from '../../parts/text-field.js';
import type {
	ConnectChoice,
	ConnectField,
	ConnectState,
	UiState,
} from '../../ui-state.js';

/**
What is known comes first; what answers in this network is not offered twice.
*/
export const connectChoices = ({connect: {known, nearby}}: UiState): ConnectChoice[] => [
	...known.map(({id}): ConnectChoice => `known ${id}`),
	'account',
	...nearby.filter(({id}) => known.every(server => server.id !== id)).map(({id}): ConnectChoice => `nearby ${id}`),
	'server',
	'demo',
];

export const reduceServers = (state: UiState, message: MessageOf<'servers-known' | 'servers-nearby'>): UiState => {
	if (message.type === 'servers-nearby') {
		return withConnect(state, {nearby: message.servers});
	}

	const {account, servers: known} = message;
	const [first] = known;
	const isUntouched = state.connect.choice === 'account' && !state.connect.isConnecting;
	return withConnect(state, {account, known, ...first !== undefined && isUntouched && {choice: `known ${first.id}`}});
};

/**
The address is first asked for; a token only where the environment does not give one.
*/
export const connectFields = ({hasToken}: UiState): ConnectField[] => hasToken ? ['url'] : ['url', 'token'];

const edits: Partial<Record<ActionId, TextEdit>> = {
	'caret-left': 'left',
	'caret-right': 'right',
	'caret-start': 'start',
	'caret-end': 'end',
	erase: 'erase',
	'erase-forward': 'erase-forward',
	clear: 'clear',
};

export const editField = (field: TextField, id: ActionId): TextField => {
	const edit = edits[id];
	return edit === undefined ? field : editText(field, edit);
};

const withConnect = (state: UiState, change: Partial<ConnectState>): UiState => ({...state, connect: {...state.connect, ...change}});

/**
Keys on the form.
*/
export const reduceForm = (state: UiState, id: ActionId): UiState => {
	const {field} = state.connect;
	if (field === undefined) {
		return state;
	}

	const fields = connectFields(state);
	const at = fields.indexOf(field);
	if (id === 'cancel') {
		return withConnect(state, {field: undefined});
	}

	if (id === 'next-field') {
		return withConnect(state, {field: fields[(at + 1) % fields.length]});
	}

	if (id === 'previous-field') {
		return withConnect(state, {field: fields.at(at - 1)});
	}

	// The last field sends the form, see `canSubmit`; without an address the others are of no use.
	const change = id === 'accept' ? {field: isBlank(state) ? 'url' as const : fields[at + 1] ?? field} : {[field]: editField(state.connect[field], id)};
	return withConnect(state, change);
};

const isBlank = ({connect}: UiState) => connect.url.text.trim() === '';

/**
Enter on the last field, or on any once everything is filled in. A missing address is said at once.
*/
export const canSubmit = (state: UiState): boolean => {
	const {field, token} = state.connect;
	const last = connectFields(state).at(-1);
	return field !== undefined && (field === last || token.text !== '' || isBlank(state));
};

export const typeInForm = (state: UiState, text: string): UiState => {
	const {field} = state.connect;
	return field === undefined ? state : withConnect(state, {[field]: insertText(state.connect[field], text)});
};

export const chooseAt = (state: UiState, index: number): UiState => {
	const choices = connectChoices(state);
	return withConnect(state, {choice: choices[Math.max(0, Math.min(choices.length - 1, index))]!});
};

export const openForm = (state: UiState): UiState => withConnect(state, {field: 'url'});

/**
A server that answered in this network: its address is known, and what is missing is a token.
*/
export const openNearby = (state: UiState, id: string): UiState => {
	const server = state.connect.nearby.find(nearby => nearby.id === id);
	return server === undefined
		? state
		: withConnect(state, {choice: 'server', url: textField(server.url), field: connectFields(state).at(-1)});
};

/**
The next attempt has another number, so the answer of this one will be dropped.
*/
export const leaveAttempt = (state: UiState): UiState => ({
	...withConnect(state, {isConnecting: false, attempt: state.connect.attempt + 1}),
	message: {text: 'Connecting was cancelled.', tone: 'plain'},
});

export const reduceConnect = (state: UiState, message: MessageOf<'connect-started' | 'connected' | 'connect-failed'>): UiState => {
	if (message.type === 'connect-started') {
		return withConnect(state, {attempt: message.attempt, isConnecting: true, failure: undefined});
	}

	if (message.attempt !== state.connect.attempt || !state.connect.isConnecting) {
		return state;
	}

	if (message.type === 'connect-failed') {
		return withConnect(state, {isConnecting: false, failure: message.failure});
	}

	const {connection} = message;
	const connected: UiState = {
		...withConnect(state, {isConnecting: false, field: undefined, token: {text: '', caret: 0}}),
		connection,
		stack: [{name: 'libraries'}],
		libraries: {...state.libraries, status: 'idle'},
	};
	// What another server has can be neither ticked nor retried here.
	return state.connection?.serverId === connection.serverId
		? connected
		: setRows({...connected, job: noJob}, libraryRowsFromCatalog(state.header));
};
