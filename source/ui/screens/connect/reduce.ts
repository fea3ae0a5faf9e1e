import {message} from '../../messages.js';
import type {ShownFailure} from '../../parts/failure.js';
import {newTextField, type TextField} from '../../parts/text-field.js';
import type {Connection, NearbyChoice, ServerChoice} from '../../services.js';
import type {UiState} from '../../ui-state.js';
import {noJob} from '../import/state.js';
import {withLibraryRows} from '../libraries/reduce.js';
import {libraryRowsFromCatalog} from '../libraries/state.js';
import type {ConnectChoice, ConnectField, ConnectState} from './state.js';

/**
Known servers come first. A server in this network that is already known is not offered twice.
*/
export const connectChoices = ({connect: {known, nearby}}: UiState): ConnectChoice[] => [
	...known.map(({id}): ConnectChoice => `known ${id}`),
	'account',
	...nearby.filter(({id}) => known.every(server => server.id !== id)).map(({id}): ConnectChoice => `nearby ${id}`),
	'server',
	'demo',
];

export const connectFields = ({hasToken}: UiState): ConnectField[] => hasToken ? ['url'] : ['url', 'token'];

const withConnect = (state: UiState, change: Partial<ConnectState>): UiState => ({...state, connect: {...state.connect, ...change}});

export const connectStarted = message((state, attempt: number) => withConnect(state, {attempt, isConnecting: true, failure: undefined}));

export const addressRead = message((state, url: string) => withConnect(state, {url: newTextField(url)}));

const isAwaited = ({connect}: UiState, attempt: number) => attempt === connect.attempt && connect.isConnecting;

export const connectFailed = message((state, {attempt, failure}: {attempt: number; failure: ShownFailure}) =>
	isAwaited(state, attempt) ? withConnect(state, {isConnecting: false, failure}) : state);

export const connected = message((state, {attempt, connection}: {attempt: number; connection: Connection}) => {
	if (!isAwaited(state, attempt)) {
		return state;
	}

	const next: UiState = {
		...withConnect(state, {isConnecting: false, field: undefined, token: newTextField()}),
		connection,
		stack: [{name: 'libraries'}],
		libraries: {...state.libraries, status: 'idle'},
	};
	// Libraries and problems of another server can be neither ticked nor retried here.
	return state.connection?.serverId === connection.serverId
		? next
		: withLibraryRows({...next, job: noJob}, libraryRowsFromCatalog(state.header));
}, {mayBringNotice: true});

export const serversKnown = message((state, {account, servers: known}: {account: string | undefined; servers: readonly ServerChoice[]}) => {
	const [first] = known;
	const isUntouched = state.connect.choice === 'account' && !state.connect.isConnecting;
	return withConnect(state, {account, known, ...first !== undefined && isUntouched && {choice: `known ${first.id}`}});
});

export const serversNearby = message((state, nearby: readonly NearbyChoice[]) => withConnect(state, {nearby}));

/**
The next attempt has another number, so the answer to this one will be dropped.
*/
export const leaveAttempt = (state: UiState): UiState => ({
	...withConnect(state, {isConnecting: false, attempt: state.connect.attempt + 1}),
	message: {text: 'Connecting was cancelled.', tone: 'plain'},
});

export const chooseAt = (state: UiState, index: number): UiState => {
	const choices = connectChoices(state);
	return withConnect(state, {choice: choices[Math.max(0, Math.min(choices.length - 1, index))]!});
};

/**
Enter on a choice that opens the form. For a server in this network, whose address is known, the form asks for the token.
*/
export const openChoice = (state: UiState): UiState => {
	const {choice, nearby, isConnecting} = state.connect;
	if (isConnecting) {
		return state;
	}

	if (choice === 'server') {
		return withConnect(state, {field: 'url'});
	}

	const server = nearby.find(({id}) => choice === `nearby ${id}`);
	return server === undefined ? state : withConnect(state, {choice: 'server', url: newTextField(server.url), field: connectFields(state).at(-1)});
};

const isBlank = ({connect}: UiState) => connect.url.text.trim() === '';

/**
Enter in the form goes to the next field. Without an address the other fields are of no use, so it goes back to the address.
*/
export const acceptField = (state: UiState): UiState => {
	const {field} = state.connect;
	const fields = connectFields(state);
	return field === undefined ? state : withConnect(state, {field: isBlank(state) ? 'url' : fields[fields.indexOf(field) + 1] ?? field});
};

/**
Enter sends the form on the last field. It also sends a blank address, to tell at once that it is missing.
*/
export const canSubmit = (state: UiState): boolean => {
	const {field} = state.connect;
	const last = connectFields(state).at(-1);
	return field !== undefined && (field === last || isBlank(state));
};

export const leaveForm = (state: UiState): UiState => withConnect(state, {field: undefined});

export const stepField = (state: UiState, step: 1 | -1): UiState => {
	const {field} = state.connect;
	const fields = connectFields(state);
	return field === undefined ? state : withConnect(state, {field: fields.at((fields.indexOf(field) + step) % fields.length)});
};

export const changeField = (state: UiState, change: (field: TextField) => TextField): UiState => {
	const {field} = state.connect;
	return field === undefined ? state : withConnect(state, {[field]: change(state.connect[field])});
};
