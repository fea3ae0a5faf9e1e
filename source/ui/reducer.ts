import {layoutOf} from './layout.js';
import {handlers} from './state/actions.js';
import {
	openBrowse,
	reduceAnswer,
	typeInFilter,
} from './screens/browse/reduce.js';
import {reduceConnect, reduceServers, typeInForm} from './screens/connect/reduce.js';
import {reduceDetail} from './screens/detail/reduce.js';
import {reduceJob} from './screens/import/reduce.js';
import {followCatalog, reduceLibraries} from './screens/libraries/reduce.js';
import {scrollTo} from './parts/list.js';
import {
	isReport,
	openReport,
	reduceReport,
	typeInReport,
} from './screens/report/reduce.js';
import type {MessageOf, UiMessage} from './messages.js';
import {openSignIn, reduceSignIn} from './screens/sign-in/reduce.js';
import {
	baseScreen,
	isTyping,
	push,
	topScreen,
} from './stack.js';
import type {UiState} from './ui-state.js';
import {reduceWatch} from './screens/watch/reduce.js';
import {watchPanes} from './screens/watch/state.js';
import {problemRows} from './screens/import/layout.js';
import {watchLayout} from './screens/watch/layout.js';

/**
The only way in which the screen changes.
*/
export const reduceUi = (state: UiState, message: UiMessage): UiState => {
	const next = reduce(state, message);
	return next === state ? state : keepCursorsVisible(next);
};

type Reducers = {[Type in UiMessage['type']]: (state: UiState, message: MessageOf<Type>) => UiState};

const reducers: Reducers = {
	action(state, {id, count}) {
		const rested = {
			...state, count: '', prefix: '', message: undefined,
		};
		return handlers[id](rested, count);
	},
	typed(state, {text}) {
		const rested = {...state, message: undefined};
		if (isReport(topScreen(state))) {
			return typeInReport(rested, text);
		}

		return topScreen(state).name === 'connect' ? typeInForm(rested, text) : typeInFilter(rested, text);
	},
	// Nobody means more than a million rows.
	digit: (state, {digit}) => ({
		...state, count: `${state.count}${digit}`.slice(0, 7), prefix: '', message: undefined,
	}),
	prefix: (state, {prefix}) => ({...state, prefix, message: undefined}),
	rest: state => ({
		...state, count: '', prefix: '', message: undefined,
	}),
	noticed: (state, {notice}) => ({...state, notice}),
	say: (state, {text, tone}) => ({
		...state, count: '', prefix: '', message: {text, tone},
	}),
	resized: (state, {columns, rows}) => ({...state, size: {columns, rows}}),
	'load-started': state => ({...state, load: {status: 'loading', share: 0, failure: undefined}}),
	'load-progress': (state, {share}) => ({...state, load: {...state.load, share}}),
	'load-finished': (state, {header}) => ({
		...followCatalog(state, header),
		load: {status: 'ready', share: 1, failure: undefined},
		revision: state.revision + 1,
	}),
	'load-failed': (state, {failure}) => ({...state, load: {...state.load, status: 'failed', failure}}),
	'catalog-changed': (state, {header}) => ({...followCatalog(state, header), revision: state.revision + 1}),
	'browse-opened': (state, {screen}) => openBrowse(state, screen),
	'report-opened': openReport,
	'report-loaded': reduceReport,
	'report-failed': reduceReport,
	'text-opened': (state, {crumb, text}) => push(state, {
		name: 'text', crumb, text, scroll: 0,
	}),
	'detail-opened': (state, {id}) => push(state, {name: 'detail', id, scroll: 0}),
	'list-loaded': reduceAnswer,
	'list-failed': reduceAnswer,
	'connect-started': reduceConnect,
	connected: reduceConnect,
	'connect-failed': reduceConnect,
	'servers-known': reduceServers,
	'servers-nearby': reduceServers,
	'sign-in-started': openSignIn,
	'sign-in-event': reduceSignIn,
	'signed-in': reduceSignIn,
	'sign-in-failed': reduceSignIn,
	'libraries-started': reduceLibraries,
	'libraries-loaded': reduceLibraries,
	'libraries-failed': reduceLibraries,
	'detail-started': reduceDetail,
	'detail-loaded': reduceDetail,
	'detail-failed': reduceDetail,
	'import-started': reduceJob,
	'import-cancelling': reduceJob,
	'import-finished': reduceJob,
	'import-failed': reduceJob,
	'sync-event': reduceJob,
	'watch-event': reduceWatch,
	'watch-link': reduceWatch,
	'watch-order': reduceWatch,
	'watch-tick': reduceWatch,
	'watch-opened': reduceWatch,
};

const reduce = <Type extends UiMessage['type']>(state: UiState, message: MessageOf<Type>): UiState => {
	const reducer: (state: UiState, message: MessageOf<Type>) => UiState = reducers[message.type];
	return reducer(state, message);
};

const keepWatchVisible = (state: UiState): UiState['watch'] => {
	const {watch} = state;
	if (baseScreen(state).name !== 'watch') {
		return watch;
	}

	const {rows} = watchLayout(state);
	const lists = {...watch.lists};
	for (const pane of watchPanes) {
		lists[pane] = scrollTo(lists[pane], rows[pane]);
	}

	return watchPanes.every(pane => lists[pane] === watch.lists[pane]) ? watch : {...watch, lists};
};

const keepCursorsVisible = (state: UiState): UiState => {
	const {listRows} = layoutOf(state);
	const libraries = scrollTo(state.libraries.list, listRows);
	const problems = scrollTo(state.job.problems, problemRows(state));
	const stack = state.stack.map(screen => {
		if (screen.name !== 'browse' && !isReport(screen)) {
			return screen;
		}

		const list = scrollTo(screen.list, listRows);
		return list === screen.list ? screen : {...screen, list};
	});
	return {
		...state,
		stack: stack.every((screen, index) => screen === state.stack[index]) ? state.stack : stack,
		libraries: libraries === state.libraries.list ? state.libraries : {...state.libraries, list: libraries},
		job: problems === state.job.problems ? state.job : {...state.job, problems},
		watch: keepWatchVisible(state),
	};
};

/**
Digits before a key count, but not in text, and a first 0 is no count.
*/
export const isCount = (state: UiState, key: string): boolean =>
	!isTyping(state) && /^\d$/v.test(key) && !(key === '0' && state.count === '');
