import test from 'ava';
import {connectStarted, connectFailed, connected} from '../../source/ui/screens/connect/reduce.js';
import {librariesStarted, librariesLoaded, catalogChanged} from '../../source/ui/screens/libraries/reduce.js';
import {
	browseOpened,
	browseScreen,
	listLoaded,
	questionOf,
} from '../../source/ui/screens/browse/reduce.js';
import {
	importStarted,
	syncEvent,
	importFinished,
	importFailed,
} from '../../source/ui/screens/import/reduce.js';
import {detailLoaded} from '../../source/ui/screens/detail/effects.js';
import {initialState} from '../../source/ui/initial-state.js';
import type {UiMessage} from '../../source/ui/messages.js';
import {reduceUi, typed} from '../../source/ui/reducer.js';
import {topScreen, type UiState} from '../../source/ui/ui-state.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	problem,
	result,
	row,
} from '../helpers/fake-services.js';
import {action} from '../helpers/press-key.js';

const start = (initial: Parameters<typeof fakeServices>[0] = {}) =>
	initialState(fakeServices(initial).services, {columns: 80, rows: 24});

const after = (state: UiState, ...messages: UiMessage[]) => {
	let current = state;
	for (const message of messages) {
		current = reduceUi(current, message);
	}

	return current;
};

const nameAfter = (state: UiState, ...messages: UiMessage[]) => topScreen(after(state, ...messages)).name;
const selected = (state: UiState, ...messages: UiMessage[]) => browseScreen(after(state, ...messages))?.list.selectedId;

test('the first run opens Connect, a later one Libraries', t => {
	t.is(topScreen(start()).name, 'connect');
	t.is(topScreen(start({initial: {connection}})).name, 'libraries');
	const offline = start({initial: {catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}}});
	t.is(topScreen(offline).name, 'libraries');
});

test('a form keeps what was typed when connecting fails', t => {
	const state = after(
		start(),
		action('down'),
		action('open'),
		typed('http://attic'),
		action('accept'),
		// As a terminal gives a token that it has wrapped.
		typed('sec\nret\n'),
		connectStarted(1),
		connectFailed({attempt: 1, failure: {message: 'Nobody answers.', hint: undefined}}),
	);
	t.is(state.connect.url.text, 'http://attic');
	t.is(state.connect.token.text, 'secret');
	t.is(state.connect.failure?.message, 'Nobody answers.');
});

test('the answer of a cancelled attempt to connect is dropped', t => {
	const state = after(start(), connectStarted(1), action('back'), connected({attempt: 1, connection}));
	t.is(topScreen(state).name, 'connect');
	t.is(state.connection, undefined);
});

test('a token does not stay in the state once it has connected', t => {
	const first = start();
	const state = after(first, action('open'), typed('http://attic'), action('accept'), typed('secret'), connectStarted(1), connected({attempt: 1, connection}));
	t.false(JSON.stringify(state).includes('secret'));
});

test('the libraries show what the catalogue has now, although the server was asked before it was read', t => {
	const counted = (movie: number) => ({
		...emptyHeader, libraries: [library('films', 'movie', {
			counts: {
				movie, show: 0, season: 0, episode: 0,
			},
		})],
	});
	const state = after(start({initial: {connection, catalog: counted(188)}}), librariesStarted(1), catalogChanged(counted(194)), librariesLoaded({generation: 1, rows: [row('films', {catalogCount: 188})]}));
	t.is(state.libraries.rows[0]!.catalogCount, 194);
});

const libraries = after(start({initial: {connection}}), librariesStarted(1), librariesLoaded({generation: 1, rows: [row('films'), row('music', {disabledReason: 'Music is not imported.'}), row('shows', {type: 'show'})]}));

test('a ticks all that can be imported, and a second time none', t => {
	const all = after(libraries, action('tick-all'));
	t.deepEqual(all.libraries.rows.map(({isChosen}) => isChosen), [true, false, true]);
	t.deepEqual(after(all, action('tick-all')).libraries.rows.map(({isChosen}) => isChosen), [false, false, false]);
});

test('an old list of libraries does not replace a newer one', t => {
	const state = after(libraries, librariesStarted(2), librariesLoaded({generation: 1, rows: []}));
	t.is(state.libraries.rows.length, 3);
});

test('counts of the libraries follow the catalogue without asking the server, whose own are then no longer told', t => {
	const withFilms = (movie: number) => catalogChanged({
		...emptyHeader,
		libraries: [library('films', 'movie', {
			counts: {
				movie, show: 0, season: 0, episode: 0,
			},
		})],
	});
	const {catalogCount, serverCount} = libraries.libraries.rows[0]!;
	t.is(after(libraries, withFilms(catalogCount)).libraries.rows[0]?.serverCount, serverCount);
	const state = after(libraries, withFilms(7));
	t.like(state.libraries.rows[0], {catalogCount: 7, serverCount: undefined});
	t.is(state.libraries.rows.length, 3);
});

const opened = after(libraries, browseOpened({level: 'movie', crumb: 'Films', query: {libraryId: 'films', type: 'movie'}}));
const answer = (state: UiState, ids: string[]): UiMessage => {
	const screen = browseScreen(state)!;
	return listLoaded({
		key: screen.key, question: questionOf(screen, state.revision), ids, episodes: 0, total: 5, gaps: [], order: 'chosen',
	});
};

const listed = after(opened, answer(opened, ['a', 'b', 'c', 'd', 'e']));

test('the selection survives a change of the list under the cursor', t => {
	const state = after(listed, action('down', 2), answer(listed, ['0', 'a', 'c', 'e']));
	t.is(browseScreen(state)?.list.selectedId, 'c');
});

test('5j moves five rows, 2G goes to the second, gg to the first', t => {
	t.is(selected(listed, action('down', 3)), 'd');
	t.is(selected(listed, action('bottom', 2)), 'b');
	t.is(selected(listed, action('bottom')), 'e');
	t.is(selected(listed, action('bottom'), action('top')), 'a');
});

test('rows for a screen that was left go nowhere', t => {
	const state = after(listed, action('back'), answer(listed, ['x']));
	t.is(browseScreen(state), undefined);
});

test('Esc clears the filter first, then goes back, and never quits', t => {
	const filtered = after(listed, action('filter'), typed('al'), action('accept'));
	const cleared = after(filtered, action('back'));
	t.is(topScreen(cleared).name, 'browse');
	t.is(browseScreen(cleared)?.filter.text, '');
	const left = after(cleared, action('back'));
	t.is(topScreen(left).name, 'libraries');
	const still = after(left, action('back'));
	t.is(topScreen(still).name, 'libraries');
	t.regex(still.message?.text ?? '', /q to quit/v);
});

test('a filter that loses the selected row shows its first match, and the match stays selected when it is cleared', t => {
	const filtered = after(listed, action('bottom'), action('filter'), typed('x'));
	const matched = after(filtered, answer(filtered, ['b', 'c']));
	t.is(browseScreen(matched)?.list.selectedId, 'b');
	const cleared = after(matched, action('cancel'));
	const all = after(cleared, answer(cleared, ['a', 'b', 'c', 'd', 'e']));
	t.is(browseScreen(all)?.list.cursor, 1);
});

test('sorting by what is best first starts with the best, and S turns it round', t => {
	const rating = after(listed, action('sort'), action('bottom'), action('open'));
	t.like(browseScreen(rating)?.query, {sort: 'rating', descending: true});
	t.is(topScreen(rating).name, 'browse');
	const reversed = after(rating, action('reverse'));
	t.like(browseScreen(reversed)?.query, {descending: false});
});

const running = after(libraries, importStarted({libraryIds: ['films'], isRetry: false, isSync: false}));

test('problems can be opened while the import runs, and keep their place when more come', t => {
	const tell = (number: number): UiMessage => syncEvent({nowMs: number, event: {type: 'problem', problem: problem(number), failed: 1}});
	const state = after(running, tell(1), tell(2), action('down'), tell(3));
	t.is(state.job.problems.selectedId, '1');
	const open = topScreen(after(state, action('open')));
	t.like(open, {name: 'problem', problem: {title: 'Broken 2'}});
});

test('leaving a running import says that it runs on, and w brings it back', t => {
	const left = after(running, action('back'));
	t.is(topScreen(left).name, 'libraries');
	t.regex(left.message?.text ?? '', /The import continues/v);
	t.is(nameAfter(left, action('jobs')), 'import');
});

test('q at the root asks only while an import runs', t => {
	const left = after(running, action('back'), action('close'));
	t.is(topScreen(left).name, 'quit');
	const finished = after(running, importFinished(result()), action('back'), action('close'));
	t.is(topScreen(finished).name, 'libraries');
});

test('no state change makes a new state where nothing changed', t => {
	t.is(reduceUi(listed, detailLoaded({id: 'another', sections: undefined})), listed);
	t.is(reduceUi(libraries, librariesLoaded({generation: 99, rows: []})), libraries);
});

test('another server brings its own libraries, and nothing of the last import', t => {
	const ended = after(running, importFinished(result({errors: [problem(1)], ok: false})), action('back'));
	const state = after(ended, connectStarted(1), connected({attempt: 1, connection: {...connection, serverId: 'other'}}));
	t.deepEqual(state.libraries.rows, []);
	t.is(state.job.status, 'none');
	const again = after(ended, connectStarted(1), connected({attempt: 1, connection}));
	t.is(again.libraries.rows.length, 3);
	t.is(again.job.problems.ids.length, 1);
});

test('whoever looks at something else is told when an import ends', t => {
	const left = after(running, action('back'));
	const endings: Array<[UiMessage, RegExp]> = [
		[importFinished(result()), /is done/v],
		[importFinished(result({ok: false, errors: [problem(1)]})), /ended with 1 problem/v],
		[importFinished(result({ok: false, cancelled: true})), /was cancelled/v],
		[importFailed({message: 'The disk is full.', hint: undefined}), /failed: The disk is full\./v],
	];
	for (const [ending, words] of endings) {
		t.regex(after(left, ending).message?.text ?? '', words);
		t.is(after(running, ending).message, undefined);
	}
});

test('the question whether to cancel an import goes when the import has ended', t => {
	const asked = after(running, action('back'), action('close'));
	t.is(topScreen(asked).name, 'quit');
	t.is(nameAfter(asked, importFinished(result())), 'libraries');
});
