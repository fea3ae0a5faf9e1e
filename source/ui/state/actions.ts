import {sortFieldsOf, type ActionId} from '../keymap.js';
import {layoutOf} from '../layout.js';
import {
	clearFilter,
	hasFilter,
	reduceFilter,
	reverse,
	sortBy,
	startFilter,
} from '../screens/browse/reduce.js';
import {
	leaveAttempt,
	openForm,
	openNearby,
	reduceForm,
} from '../screens/connect/reduce.js';
import {showJob} from '../screens/import/reduce.js';
import {tick, tickAll} from '../screens/libraries/reduce.js';
import {
	clearReport,
	isNarrowed,
	isReport,
	nextKind,
	reduceReportFilter,
	startReportFilter,
} from '../screens/report/reduce.js';
import {leaveSignIn} from '../screens/sign-in/reduce.js';
import {
	baseScreen,
	isAtFirst,
	isImporting,
	isTyping,
	pop,
	push,
	topScreen,
	updateBrowse,
} from '../stack.js';
import type {UiState} from '../ui-state.js';
import {willEndWatch, focusPane, showWatch} from '../screens/watch/reduce.js';
import {move, scrollDetail, type Movement} from './move.js';

type Handler = (state: UiState, count: number | undefined) => UiState;

const typing = (id: ActionId): Handler => state => {
	if (isReport(topScreen(state))) {
		return reduceReportFilter(state, id);
	}

	return topScreen(state).name === 'connect' ? reduceForm(state, id) : reduceFilter(state, id);
};

const moving = (id: Movement): Handler => (state, count) => move(state, id, count);

/**
For actions that the controller carries out: what they change comes back as messages.
*/
const unchanged: Handler = state => state;

/**
One step back, never out of the app.
*/
const back: Handler = state => {
	const top = topScreen(state);
	if (top.name === 'connect' && state.connect.isConnecting) {
		return leaveAttempt(state);
	}

	if (top.name === 'sign-in') {
		return pop(leaveSignIn(state));
	}

	if (hasFilter(state)) {
		return clearFilter(state);
	}

	if (isReport(top) && isNarrowed(top)) {
		return clearReport(state);
	}

	if (top.name === 'import') {
		return pop({...state, message: isImporting(state) ? {text: 'The import runs on; w shows it again.', tone: 'plain'} : undefined});
	}

	if (state.stack.length > 1) {
		return pop(state);
	}

	return state.notice === undefined ? {...state, message: {text: 'Press q to quit.', tone: 'plain'}} : {...state, notice: undefined};
};

const openHere: Handler = state => {
	const top = topScreen(state);
	if (top.name === 'import') {
		const problem = state.job.progress.problems[state.job.problems.cursor];
		return problem === undefined ? state : push(state, {name: 'problem', problem, scroll: 0});
	}

	if (top.name === 'sort') {
		return sortBy(pop(state), sortFieldsOf(state)[top.cursor]!.field);
	}

	if (top.name !== 'connect' || state.connect.isConnecting) {
		return state;
	}

	const {choice} = state.connect;
	if (choice.startsWith('nearby ')) {
		return openNearby(state, choice.slice('nearby '.length));
	}

	return choice === 'server' ? openForm(state) : state;
};

const openSort: Handler = state => {
	const screen = baseScreen(state);
	const cursor = screen.name === 'browse' ? sortFieldsOf(state).findIndex(({field}) => field === screen.query.sort) : 0;
	return push(state, {name: 'sort', cursor: Math.max(0, cursor)});
};

/**
What an action does to the state. Those that ask something of the services are carried on in `effects.ts`.
*/
export const handlers: Record<ActionId, Handler> = {
	down: moving('down'),
	up: moving('up'),
	'half-down': moving('half-down'),
	'half-up': moving('half-up'),
	'page-down': moving('page-down'),
	'page-up': moving('page-up'),
	top: moving('top'),
	bottom: moving('bottom'),
	open: openHere,
	back,
	'start-import': unchanged,
	tick,
	'tick-all': tickAll,
	filter: state => isReport(topScreen(state)) ? startReportFilter(state) : startFilter(state),
	kind: nextKind,
	sort: openSort,
	reverse: state => reverse(topScreen(state).name === 'sort' ? pop(state) : state),
	'detail-down': (state, count) => scrollDetail(state, count ?? 3),
	'detail-up': (state, count) => scrollDetail(state, -(count ?? 3)),
	pane: state => ({...state, isPaneOn: layoutOf(state).pane === 'none'}),
	retry: unchanged,
	refresh(state) {
		const screen = topScreen(state);
		if (screen.name === 'libraries') {
			return state.connection === undefined ? {...state, message: {text: 'Not connected to a server; press c to connect.', tone: 'warn'}} : state;
		}

		const told: UiState = state.load.status === 'ready' ? {...state, message: {text: 'Read again from the catalogue.', tone: 'plain'}} : state;
		return screen.name === 'browse' ? updateBrowse(told, screen.key, browse => ({...browse, answered: undefined})) : told;
	},
	'import-library': unchanged,
	sync: unchanged,
	'sign-in-again': unchanged,
	changes: unchanged,
	runs: unchanged,
	held: unchanged,
	log: unchanged,
	timeline: unchanged,
	longer: unchanged,
	shorter: unchanged,
	'accept-removals': unchanged,
	jobs: state => state.job.status === 'none' || state.watch.source !== undefined ? showWatch(state) : showJob(state),
	'next-pane': state => focusPane(state, 1),
	'previous-pane': state => focusPane(state, -1),
	'browse-library': unchanged,
	'pause-job': unchanged,
	'cancel-job': unchanged,
	'retry-job': unchanged,
	'run-job-now': unchanged,
	'move-job-up': unchanged,
	'move-job-down': unchanged,
	'full-sync': unchanged,
	'change-server': state => push({...state, connect: {...state.connect, failure: undefined, field: undefined}}, {name: 'connect'}),
	'confirm-quit': unchanged,
	// At the root it quits, in `effects.ts`; only what runs here makes it ask.
	close(state) {
		if (!isAtFirst(state)) {
			return back(clearReport(hasFilter(state) ? clearFilter(state) : state), undefined);
		}

		return isImporting(state) || willEndWatch(state) ? push(state, {name: 'quit'}) : state;
	},
	quit: unchanged,
	interrupt: unchanged,
	help: state => topScreen(state).name === 'help'
		? pop(state)
		: push(state, {
			name: 'help', of: topScreen(state).name, isTyping: isTyping(state), scroll: 0,
		}),
	repaint: unchanged,
	suspend: unchanged,
	accept: typing('accept'),
	cancel: typing('cancel'),
	'next-field': typing('next-field'),
	'previous-field': typing('previous-field'),
	'caret-left': typing('caret-left'),
	'caret-right': typing('caret-right'),
	'caret-start': typing('caret-start'),
	'caret-end': typing('caret-end'),
	erase: typing('erase'),
	'erase-forward': typing('erase-forward'),
	clear: typing('clear'),
};
