import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {loadFinished} from '../../source/ui/screens/libraries/reduce.js';
import {
	showWatch,
	watchEvent,
	watchLink,
} from '../../source/ui/screens/watch/reduce.js';
import type {UiState} from '../../source/ui/ui-state.js';
import {AppError} from '../../source/base/errors.js';
import {displayWidth} from '../../source/base/text/width.js';
import {lineText} from '../../source/ui/line.js';
import {initialState} from '../../source/ui/initial-state.js';
import {reduceUi} from '../../source/ui/reducer.js';
import type {UiMessage} from '../../source/ui/messages.js';
import {createTheme} from '../../source/ui/theme.js';
import {footerLines} from '../../source/ui/footer.js';
import {headerLine} from '../../source/ui/header.js';
import {watchLines} from '../../source/ui/screens/watch/lines.js';
import {watchRegions} from '../../source/ui/screens/watch/regions.js';
import type {WatchPane} from '../../source/ui/screens/watch/state.js';
import type {WatchStatus} from '../../source/watch/types.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {
	alert,
	busyStatus,
	fakeWatch,
	job,
	note,
	today,
	watched,
	watchStatus,
} from '../helpers/fake-watch.js';
import {openApp} from '../helpers/open-app.js';
import {action} from '../helpers/press-key.js';
import {keys} from '../helpers/render-screen.js';

const now = new Date(today(12));

type FrameOptions = {columns: number; rows: number; isStill?: boolean; isAscii?: boolean; messages?: UiMessage[]};

const stateOf = (status: WatchStatus, {columns, rows, messages = []}: FrameOptions): UiState => {
	const {services} = fakeServices({initial: {connection, opensWatch: true}, watch: fakeWatch().watch});
	let state = initialState(services, {columns, rows});
	for (const message of [loadFinished(emptyHeader), watchEvent({type: 'status', status}), ...messages]) {
		state = reduceUi(state, message);
	}

	return state;
};

/**
The lines of the watch as they are drawn, without the blanks behind them.
*/
const frame = (status: WatchStatus, options: FrameOptions): string[] => {
	const {columns, isStill = false, isAscii = false} = options;
	const state = stateOf(status, options);
	const theme = createTheme({isColor: false, isAscii});
	const {glyphs} = theme;
	const lines = [
		headerLine(state, glyphs, columns),
		...watchLines({
			state, theme, now, isStill,
		}),
		...footerLines(state, theme, columns),
	];
	return lines.map(line => theme.show(lineText(line)).trimEnd());
};

for (const [columns, rows] of [[120, 40], [80, 24], [40, 10]] as const) {
	test(`at ${columns}x${rows} a click goes to the row that is drawn there`, t => {
		const state = stateOf(busyStatus(), {columns, rows});
		const theme = createTheme({isColor: false, isAscii: false});
		let clicks = 0;
		for (const {row: first, rows: count, click, name} of watchRegions(state)) {
			const {ids, top} = state.watch.lists[name as WatchPane];
			for (let offset = 0; offset < Math.min(count, ids.length - top); offset++) {
				const clicked = reduceUi(state, click!({column: 3, row: offset}) as UiMessage);
				const lines = watchLines({
					state: clicked, theme, now, isStill: false,
				}).map(line => lineText(line));
				t.regex(lines[first + offset]!, /^│?› /v);
				t.is(lines.filter(text => /^│?› /v.test(text)).length, 1);
				clicks += 1;
			}
		}

		t.true(clicks > 2);
	});
}

test('a busy daemon at 120x40', t => {
	t.deepEqual(frame(busyStatus(), {columns: 120, rows: 40}), [
		'reelcat Attic › Watch                                                                              ! 1  ▸ live 41 %  1/7',
		'! degraded  Attic 1.41.0.8992 · the daemon (process 4711), up since 09:30',
		'    The sync of Anime failed 3 times.',
		'✓ notifications by websocket since 09:31 · last one 2 min ago · revision 4,812',
		'! slower: someone is streaming from the server (1 request at a time)',
		'  every 15m, in full every 7d · 12,345 requests sent, 1 at a time',
		'  Last 24 h  ··············································-▸',
		'╭─ Alerts and events  1 alert ──────────────────────────────────────────────────────────────────────────────────── 1/4 ╮',
		'│  ✗ Alert since 11:03: The sync of Anime failed 3 times.                                                              │',
		'│    11:40  Movies: 3 added, 1 upgraded.                                                                               │',
		'│  ! 11:03  The sync of Anime failed: the server did not answer within 30 seconds.                                     │',
		'│    11:01  Connected to Attic.                                                                                        │',
		'╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯',
		'╭─ Jobs ────────────────────────────────────────────────────────────────────────────────────────────────────────── 1/7 ╮',
		'│› Movies                    sync       ▸ running   ██████░░░░░░░░░░  41 %   2,012/4,812    118/s ETA 1:03  Alien      │',
		'│  Shows                     full sync  · queued    11:59  asked for                                                   │',
		'│  Kids                      sync       = paused    11:50  by schedule                                                 │',
		'│  アニメ                    sync       ! waiting   again in 2 min: The server did not answer within 30 seconds. (trie…│',
		'│  Old tapes                 sync       ✗ parked    The server answered with status 500.                               │',
		'│  Movies                    items      ✓ done      11:40  3 added, 1 upgraded                                         │',
		'│  Shows                     sync       - cancelled 11:20                                                              │',
		'╰────────────────────────────────────────────────────────────────── 1 running, 1 queued, 1 waiting, 1 paused, 1 parked ╯',
		'╭─ Libraries ───────────────────────────────────────────────────────────────────────────────────────────────────── 1/5 ╮',
		'│  Title                     State            Items  Last run              Next       Last changes                     │',
		'│  Movies                    ▸ running        4,812  sync 3 min ago        in 12 min  3 added, 1 upgraded              │',
		'│  Shows                     · queued        38,211  full sync 6 h ago     in 12 min                                   │',
		'│  アニメ                    ! failing (3)      412  sync 3 min ago        in 12 min                                   │',
		'│  Kids                      ! held (5)          90  sync 3 min ago        in 12 min  12 removed                       │',
		'│  Old tapes                 ✗ parked (5)         7  sync 3 min ago        in 12 min                                   │',
		'╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯',
		'Tab next pane  p pause  x cancel  R sync  Enter details  q quit  ? all',
	]);
});

test('at 80x24 all panes are there, with what they must say', t => {
	t.deepEqual(frame(busyStatus(), {columns: 80, rows: 24, messages: [action('next-pane'), action('down')]}), [
		'reelcat Attic › Watch                                      ! 1  ▸ live 41 %  2/5',
		'! degraded  Attic 1.41.0.8992 · the daemon (process 4711), up since 09:30',
		'    The sync of Anime failed 3 times.',
		'✓ notifications by websocket since 09:31 · last one 2 min ago · revision 4,812',
		'! slower: someone is streaming from the server (1 request at a time)',
		'Jobs  1 running, 1 queued, 1 waiting, 1 paused, 1 parked',
		'  Movies              sync       ▸ running   ███░░░░░  41 % ETA 1:03  Alien',
		'  Shows               full sync  · queued    11:59  asked for',
		'  Kids                sync       = paused    11:50  by schedule',
		'  アニメ              sync       ! waiting   again in 2 min: The server did not…',
		'  Old tapes           sync       ✗ parked    The server answered with status 50…',
		'Libraries           State          Last run    Next       Last changes',
		'  Movies            ▸ running      3 min ago   in 12 min  3 added, 1 upgraded',
		'› Shows             · queued       6 h ago     in 12 min',
		'  アニメ            ! failing (3)  3 min ago   in 12 min',
		'  Kids              ! held (5)     3 min ago   in 12 min  12 removed',
		'  Old tapes         ✗ parked (5)   3 min ago   in 12 min',
		'Alerts and events  1 alert',
		'  ✗ Alert since 11:03: The sync of Anime failed 3 times.',
		'    11:40  Movies: 3 added, 1 upgraded.',
		'  ! 11:03  The sync of Anime failed: the server did not answer within 30 second…',
		'    11:01  Connected to Attic.',
		'Tab next pane  R sync  Enter details  q quit  ? all',
	]);
});

test('at 40x10 one pane at a time is shown, the jobs first', t => {
	t.deepEqual(frame(busyStatus(), {columns: 40, rows: 10}), [
		'Attic › Watch      ! 1  ▸ live 41 %  1/7',
		'! degraded  The sync of Anime failed 3 …',
		'[Jobs 7]  Libraries 5   Events 4',
		'› Movies          ▸ 41 % ETA 1:03',
		'  Shows           · queued 11:59  asked…',
		'  Kids            = paused 11:50  by sc…',
		'  アニメ          ! again in 2 min: The…',
		'  Old tapes       ✗ parked: The server …',
		'  Movies          ✓ done 11:40  3 added…',
		'Tab next pane  p pause  ? all',
	]);
	t.deepEqual(frame(busyStatus(), {columns: 40, rows: 10, messages: [action('next-pane')]}).slice(2, 8), [
		' Jobs 7  [Libraries 5]  Events 4',
		'› Movies        ▸ running      in 12 min',
		'  Shows         · queued       in 12 min',
		'  アニメ        ! failing (3)  in 12 min',
		'  Kids          ! held (5)     in 12 min',
		'  Old tapes     ✗ parked (5)   in 12 min',
	]);
	t.deepEqual(frame(busyStatus(), {columns: 40, rows: 10, messages: [action('previous-pane')]}).slice(2, 5), [
		' Jobs 7   Libraries 5  [Events 4]',
		'› ✗ Alert since 11:03: The sync of Anim…',
		'    11:40  Movies: 3 added, 1 upgraded.',
	]);
});

test('over a slow line times of day stand in place of what would move, and without UTF-8 all is ASCII', t => {
	const lines = frame(busyStatus(), {
		columns: 80, rows: 24, isStill: true, isAscii: true,
	});
	const text = lines.join('\n');
	t.notRegex(text, /\d+ (?:min|h|d)\b/v);
	t.regex(text, /^[\n\u{20}-\u{7E}]*$/v);
	t.true(lines.includes('  Movies            * running      11:57       at 12:12   3 added, 1 upgraded'));
	t.true(lines.includes('> Movies              sync       * running   ###-----  41 % ETA 1:03  Alien'));
});

test('an idle daemon in quiet hours says until when, and how it is told of changes', t => {
	const quiet = watchStatus({libraries: [watched('movies', {title: 'Movies'})], quietUntil: today(23, 30)});
	const lines = frame(quiet, {columns: 120, rows: 24});
	t.deepEqual(lines.slice(0, 8), [
		'reelcat Attic › Watch                                                                                             live',
		'✓ ok  Attic 1.41.0.8992 · the daemon (process 4711), up since 09:30',
		'✓ notifications by websocket since 09:31 · last one 2 min ago · revision 4,812',
		'  quiet until 23:30: only reported changes are synced · every 15m, in full every 7d · 12,345 requests sent',
		'Jobs  nothing to do',
		'› No jobs.',
		'Libraries                   State            Items  Last run              Next       Last changes',
		'  Movies                    ✓ idle           4,812  sync 3 min ago        in 12 min',
	]);
	t.is(frame(quiet, {columns: 40, rows: 10})[1], '✓ ok  quiet until 23:30 · notifications…');
});

test('where nothing is told by the server, it says why, and since when it is not reachable', t => {
	const lines = frame(watchStatus({
		health: 'failing',
		reasons: ['Nobody answers at attic:32400.'],
		server: {
			id: 'server', name: 'Attic', isReachable: false, since: today(11, 45),
		},
		push: {state: 'polling', since: today(9, 31), reason: 'The server refuses notifications to this token.'},
	}), {columns: 80, rows: 24});
	t.deepEqual(lines.slice(1, 4), [
		'✗ failing  Attic not reachable since 11:45 · the daemon (process 4711), up sinc…',
		'    Nobody answers at attic:32400.',
		'! polling since 09:31: The server refuses notifications to this token.',
	]);
});

test('a lost connection is said with its time, what was known stays, and a status brings it back', t => {
	const lost: UiMessage = watchLink({isUp: false, since: today(11, 55), reason: 'The connection was refused.'});
	const lines = frame(busyStatus(), {columns: 80, rows: 24, messages: [lost]});
	t.regex(lines[0]!, /✗ daemon lost/v);
	t.is(lines[1], '✗ Daemon lost since 11:55; this is its last state. The connection was refused.');
	t.true(lines.some(line => line.includes('アニメ')));
	t.is(frame(busyStatus(), {columns: 40, rows: 10, messages: [lost]})[1], '✗ Daemon lost since 11:55; this is its …');
	const back = frame(busyStatus(), {columns: 80, rows: 24, messages: [lost, watchEvent({type: 'status', status: busyStatus()})]});
	t.deepEqual(back, frame(busyStatus(), {columns: 80, rows: 24}));
});

test('hostile text and many rows move nothing, at any size', t => {
	const title = '\u{1B}[2J\u{1B}]0;owned\u{7}東京物語\u{202E}x\n'.repeat(20);
	const fault = {code: 'timeout' as const, message: title, hint: title};
	const states = ['running', 'queued', 'paused', 'waiting', 'parked', 'done', 'cancelled'] as const;
	const status = watchStatus({
		health: 'failing',
		reasons: [title, title],
		server: {
			id: 'server', name: title, version: title, isReachable: false, since: title,
		},
		push: {state: 'connecting', since: today(1), reason: title},
		load: {limit: 2, reason: title},
		libraries: Array.from({length: 30}, (_, index) => watched(`${index}`, {title, lastRunAt: title, nextRunAt: title})),
		jobs: Array.from({length: 70}, (_, index) => job(`${index}`, {
			library: {id: `${index}`, title}, state: states[Math.floor(index / 10)]!, fault, note: title, dueAt: title,
		})),
		progress: {
			jobId: '0', phase: title, done: 1, expected: 3, ratePerSecond: 1, etaMs: 1e9, lastTitle: title,
		},
		alerts: [alert({message: title})],
		notes: [note(1, {text: title})],
		quietUntil: title,
	});
	for (const [columns, rows] of [[40, 10], [59, 12], [60, 15], [71, 24], [80, 24], [100, 30], [120, 40], [200, 60]] as const) {
		for (const messages of [[], [action('next-pane'), action('bottom')], [action('previous-pane'), action('bottom')]]) {
			const lines = frame(status, {columns, rows, messages});
			t.true(lines.length <= rows, `${lines.length} of ${rows}`);
			t.true(lines.every(line => displayWidth(line) <= columns), lines.join('\n'));
			t.notRegex(lines.join(''), /[\p{Control}\u{202E}]|owned/v);
			t.true(lines.some(line => /^│?›/v.test(line)), lines.join('\n'));
		}
	}
});

type Fake = ReturnType<typeof fakeWatch>;

const open = async (fake: Fake, {initial, ...change}: Parameters<typeof fakeServices>[0] = {}, size: Parameters<typeof openApp>[1] = {}) => {
	const services = fakeServices({
		libraries: async () => [
			row('movies', {title: 'Movies', isChosen: true, catalogCount: 2}),
			row('shows', {title: 'Shows', type: 'show', isChosen: true}),
		],
		items: [movie(1), movie(2)],
		watch: fake.watch,
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}, ...initial},
		...change,
	});
	const app = await openApp(services.services, size);
	await app.until(() => app.store.get().libraries.status === 'ready' && app.store.get().load.status === 'ready');
	await setImmediate();
	return {...app, serviceCalls: services.calls, changeCatalog: services.changeCatalog};
};

const onWatch = async (fake: Fake, size: Parameters<typeof openApp>[1] = {}) => open(fake, {initial: {opensWatch: true}}, size);

const selected = ({store}: Awaited<ReturnType<typeof open>>) => {
	const {focus, lists} = store.get().watch;
	return lists[focus].selectedId;
};

test('without a daemon w says how to start one, and Esc leads back', async t => {
	const services = fakeServices({libraries: async () => [row('movies', {title: 'Movies'})], initial: {connection}});
	const app = await openApp(services.services);
	await app.until(text => text.includes('Movies'));
	await app.press('w');
	t.true(app.frame().includes('No daemon is running. Start one with: reelcat --watch'));
	await app.press('x');
	t.regex(app.frame(), /! No daemon is running/v);
	await app.press(keys.escape);
	await app.until(text => text.includes('[ ] Movies'));
	app.close();
});

test('keys ask the daemon for what they say, of the job that is selected', async t => {
	const fake = fakeWatch({status: busyStatus()});
	const app = await onWatch(fake);
	const presses = [
		['p', 'pause run'],
		['j', undefined],
		['p', 'pause next'],
		['n', 'run-now next'],
		['x', 'cancel next'],
		['j', undefined],
		['p', 'resume later'],
		['K', 'move-up later'],
		['J', 'move-down later'],
		['j', undefined],
		['r', 'retry again'],
	] as const;
	for (const [key, asked] of presses) {
		fake.calls.length = 0;
		await app.press(key);
		await setImmediate();
		t.deepEqual(fake.calls, asked === undefined ? [] : [asked], `after ${key}`);
		t.is(app.frame().includes('Movies (sync): pauses as soon as it has stopped'), asked === 'pause run');
	}

	t.deepEqual(app.failures, []);
	app.close();
});

test('a key that cannot be used says why, and asks for nothing', async t => {
	const fake = fakeWatch({status: busyStatus()});
	const app = await onWatch(fake);
	await app.press('r');
	t.regex(app.frame(), /The job is running, so it cannot be retried/v);
	await app.press('K');
	t.regex(app.frame(), /The job is running, so it cannot be moved up/v);
	await app.press('j', 'K');
	t.regex(app.frame(), /The job is the first of its kind/v);
	await app.press(keys.tab, 'x');
	t.regex(app.frame(), /There is no job here; press Tab for the jobs/v);
	await app.press(keys.tab, 'R');
	t.regex(app.frame(), /No library is selected/v);
	t.deepEqual(fake.calls, []);
	app.close();
});

test('a job that runs is cancelled by the second x, and only if that is meant for the same job', async t => {
	let nowMs = 0;
	const fake = fakeWatch({status: busyStatus()});
	const app = await onWatch(fake, {now: () => nowMs});
	await app.press('x');
	t.regex(app.frame(), /Press x again to cancel Movies \(sync\), which runs/v);
	t.deepEqual(fake.calls, []);
	nowMs += 9000;
	await app.press('x');
	t.deepEqual(fake.calls, []);
	nowMs += 1000;
	await app.press('x');
	t.deepEqual(fake.calls, ['cancel run']);
	app.close();
});

test('what the daemon answers is said, also when it refuses', async t => {
	const fake = fakeWatch({status: busyStatus()});
	const app = await onWatch(fake);
	await app.press('j', 'n');
	await app.until(text => text.includes('Shows (full sync): runs as soon as it can.'));
	fake.failWith(new AppError('unreachable', 'The daemon does not answer.', {hint: 'Is it still running?'}));
	await app.press('n');
	await app.until(text => text.includes('✗ The daemon does not answer. Is it still running?'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('after a move the order is that of the daemon, and the job stays selected', async t => {
	const status = watchStatus({jobs: [job('a'), job('b', {library: {id: 'shows', title: 'Shows'}})]});
	const fake = fakeWatch({status});
	const app = await onWatch(fake);
	await app.press('j');
	fake.reorder(status.jobs.toReversed());
	await app.press('K');
	await app.until(text => text.indexOf('Shows') < text.indexOf('Movies  '));
	t.is(selected(app), 'b');
	t.is(app.store.get().watch.lists.jobs.cursor, 0);
	app.close();
});

test('what is selected stays so while jobs come and go, and an event list that nobody reads shows the newest', async t => {
	const fake = fakeWatch({status: busyStatus()});
	const app = await onWatch(fake);
	await app.press('j');
	t.is(selected(app), 'next');
	fake.tell({type: 'job', job: job('urgent', {mode: 'touch'})});
	fake.tell({type: 'job', job: job('run', {state: 'done', finishedAt: today(12)})});
	t.is(selected(app), 'next');
	for (let id = 100; id < 150; id++) {
		fake.tell({type: 'note', note: note(12, {id, text: `News ${id}.`})});
	}

	await app.until(text => text.includes('News 149.'));
	await app.press(keys.tab, keys.tab, 'j');
	const before = selected(app);
	fake.tell({type: 'note', note: note(12, {id: 200})});
	t.is(selected(app), before);
	app.close();
});

test('R syncs the selected library or that of the job, S compares all of it', async t => {
	const fake = fakeWatch({status: busyStatus()});
	const app = await onWatch(fake);
	await app.press('j', 'R');
	await app.until(text => text.includes('shows (sync): queued.'));
	await app.press(keys.tab, 'j', 'j', 'S');
	await app.until(text => text.includes('anime (full sync): queued.'));
	t.deepEqual(fake.calls, ['refresh shows incremental', 'refresh anime full']);
	app.close();
});

test('Enter tells all of a job, a library, an alert and an event, and b browses', async t => {
	const app = await onWatch(fakeWatch({status: busyStatus()}));
	await app.press('4', 'j', keys.enter);
	await app.until(text => text.includes('What to do  Look at the log of the server.') && text.includes('Work        sync'));
	await app.press(keys.escape);
	await app.press(keys.tab, '3', 'j', keys.enter);
	await app.until(text => text.includes('Held        5 gone from the server; M lists them'));
	await app.press(keys.escape);
	await app.press(keys.tab, keys.enter);
	await app.until(text => text.includes('Look at its log with L.'));
	await app.press(keys.escape);
	await app.press('j', keys.enter);
	await app.until(text => text.includes('› Event'));
	await app.press(keys.escape);
	await app.press(keys.tab, 'g', 'g', 'b');
	await app.until(text => text.includes('› ● Movie 1 '));
	await app.press(keys.escape);
	await app.until(text => text.includes('Jobs  1 running'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('the log and the changes of the run of a job open from it', async t => {
	const app = await onWatch(fakeWatch({status: busyStatus()}));
	await app.press('L');
	t.regex(app.frame(), /Only a job that has started has a log/v);
	await app.press('5', 'j', 'L');
	await app.until(text => text.includes('GET /identity of run-7'));
	await app.press(keys.escape);
	await app.until(text => text.includes('Jobs  1 running'));
	await app.press('C');
	await app.until(text => text.includes('edited in run-7'));
	t.deepEqual(app.serviceCalls.filter(call => call.startsWith('report')), ['report log', 'report changes']);
	app.close();
});

test('a viewer says who writes, and what it would sync is asked of the daemon', async t => {
	const fake = fakeWatch({status: watchStatus({libraries: [watched('movies', {title: 'Movies'})]})});
	const app = await open(fake);
	t.true(app.frame().includes('! The daemon (process 4711) writes and runs your syncs; w shows it.'));
	t.regex(app.lines()[0]!, / live$/v);
	await app.press('R');
	await app.until(text => text.includes('all (sync): queued.') && text.includes('› Watch'));
	t.false(app.frame().includes('writes; what you sync'));
	await app.press(keys.escape);
	await app.until(text => text.includes('[x] Movies'));
	await app.press('I');
	await app.until(text => text.includes('movies (full sync): queued.'));
	await app.press(keys.escape);
	await app.until(text => text.includes('[x] Movies'));
	await app.press(keys.enter);
	await app.until(text => text.includes('2 jobs of the daemon: full sync.'));
	await app.press(keys.escape);
	await app.until(text => text.includes('[x] Movies'));
	await app.press('l');
	await app.until(text => text.includes('Movie 1 '));
	await app.press('R');
	await app.until(text => text.includes('movies (sync): queued.'));
	t.deepEqual(fake.calls, ['refresh all incremental', 'refresh movies full', 'refresh movies full', 'refresh shows full', 'refresh movies incremental']);
	t.deepEqual(app.serviceCalls.filter(call => /import|sync/v.test(call)), []);
	app.close();
});

test('beside a daemon that has ended the app does its own runs, until one is there again', async t => {
	const fake = fakeWatch({status: watchStatus({libraries: [watched('movies', {title: 'Movies'})]})});
	let {who}: {who: string | undefined} = fake.watch;
	const app = await open(fake, {watching: () => who});
	who = undefined;
	app.changeCatalog();
	await app.until(text => text.includes('The daemon (process 4711) has ended; this app writes now.'));
	t.notRegex(app.frame(), /writes and runs| live\n/v);
	await app.press('R');
	await app.until(() => app.serviceCalls.some(call => call.startsWith('sync')));
	await app.press(keys.escape);
	who = 'the daemon (process 4712)';
	app.changeCatalog();
	await app.until(text => text.includes('The daemon (process 4712) writes and runs your syncs'));
	await app.press('R');
	await app.until(text => text.includes('all (sync): queued.'));
	t.deepEqual(fake.calls, ['refresh all incremental']);
	app.close();
});

test('one library that the daemon refuses does not keep the others back, and the reason is said', async t => {
	const fake = fakeWatch();
	const {refresh} = fake.watch.watcher;
	fake.watch.watcher.refresh = async request => {
		if (request.library === 'shows') {
			throw new AppError('usage', 'No library "Shows" is watched.');
		}

		return refresh(request);
	};

	const app = await open(fake);
	await app.press(keys.enter);
	await app.until(text => text.includes('✗ No library "Shows" is watched.') && text.includes('› Watch'));
	t.deepEqual(fake.calls, ['refresh movies full']);
	t.deepEqual(app.failures, []);
	app.close();
});

test('what a viewer cannot do says why', async t => {
	const app = await open(fakeWatch());
	await app.press('A');
	t.regex(app.frame(), /Nothing is held/v);
	await app.press('c');
	t.regex(app.lines().at(-2)!, /! The daemon \(process 4711\) writes/v);
	t.is(app.store.get().stack.length, 1);
	app.close();
});

test('on every screen the header shows how far the daemon is, its alerts, and that it is lost', async t => {
	const fake = fakeWatch({status: watchStatus({jobs: [job('a')]})});
	const app = await open(fake);
	fake.tell({type: 'job', job: job('a', {state: 'running'})});
	await app.until(() => (app.lines()[0]!).endsWith('▸ live'));
	fake.tell({
		type: 'progress', progress: {
			jobId: 'a', phase: 'importing', done: 42, expected: 100, ratePerSecond: 1,
		},
	});
	await app.until(() => (app.lines()[0]!).endsWith('▸ live 42 %'));
	await app.press('l');
	await app.until(text => text.includes('Movie 1 '));
	t.regex(app.lines()[0]!, /▸ live 42 %$/v);
	fake.tell({type: 'alert', alert: alert(), isRecovered: false});
	await app.until(() => /! 1 {2}▸ live 42 %/v.test(app.lines()[0]!));
	fake.link({isUp: false, since: today(12)});
	await app.until(() => (app.lines()[0]!).includes('✗ daemon lost'));
	await app.press('R');
	t.regex(app.frame(), /The daemon does not answer; this works again as soon as it does/v);
	fake.link({isUp: true, since: today(12)});
	await app.until(() => (app.lines()[0]!).includes('live 42 %'));
	t.deepEqual(fake.calls, []);
	app.close();
});

test('q on the screen of reelcat --watch asks before watching ends, Esc stays, y quits', async t => {
	const fake = fakeWatch({isOwn: true});
	const app = await onWatch(fake);
	await app.press('q');
	t.true(app.frame().includes('The daemon runs in this app. Quit and end watching?'));
	await app.press(keys.escape);
	await app.until(text => text.includes('No library is watched.'));
	t.deepEqual(app.exits, []);
	await app.press('q', 'y');
	t.deepEqual(app.exits, [0]);
	app.close();
});

test('Esc leads from the watch to the libraries, and q there asks as well', async t => {
	const app = await onWatch(fakeWatch({isOwn: true}));
	await app.press(keys.escape);
	await app.until(text => text.includes('[x] Movies'));
	await app.press('q');
	t.true(app.frame().includes('Quit and end watching?'));
	t.deepEqual(app.exits, []);
	app.close();
});

test('the first Ctrl-C says that watching ends, the second within two seconds quits', async t => {
	let nowMs = 10_000;
	const app = await onWatch(fakeWatch({isOwn: true}), {now: () => nowMs});
	await app.press(keys.ctrlC);
	t.regex(app.frame(), /! Watching ends with this app\. Press Ctrl-C again to quit\./v);
	nowMs += 5000;
	await app.press(keys.ctrlC);
	t.deepEqual(app.exits, []);
	nowMs += 500;
	await app.press(keys.ctrlC);
	t.deepEqual(app.exits, [130]);
	app.close();
});

test('in a terminal that is too small q wants to be pressed twice where watching would end', async t => {
	const app = await onWatch(fakeWatch({isOwn: true}), {now: () => 10_000});
	await app.resize({columns: 20, rows: 5});
	t.regex(app.frame(), /q ends watching/v);
	await app.press('q');
	t.regex(app.frame(), /q again to quit/v);
	t.deepEqual(app.exits, []);
	await app.press('q');
	t.deepEqual(app.exits, [130]);
	app.close();
});

test('a viewer quits without a question, since nothing ends', async t => {
	const app = await onWatch(fakeWatch());
	await app.press('q');
	t.deepEqual(app.exits, [0]);
	app.close();
});

test('where a daemon watches, what is held can be accepted while a job runs; in its own app another server cannot be chosen', async t => {
	const header = {
		...emptyHeader, libraries: [library('movies', 'movie', {
			sync: {
				held: {items: 3, itemIds: [], since: today(9)},
			} as unknown as NonNullable<ReturnType<typeof library>['sync']>,
		})],
	};
	const fake = fakeWatch({isOwn: true, status: watchStatus({jobs: [job('a', {state: 'running'})]})});
	const app = await open(fake, {initial: {catalog: header}});
	await app.press('c');
	t.regex(app.frame(), /This server is being watched/v);
	await app.press('A');
	t.regex(app.frame(), /Remove what is held\?/v);
	app.close();
	const viewer = await open(fakeWatch({status: watchStatus({jobs: [job('a', {state: 'running'})]})}), {initial: {catalog: header}});
	await viewer.press('A');
	t.regex(viewer.frame(), /Remove what is held\?/v);
	viewer.close();
});

test('when the app is left, the daemon has no listener any more', async t => {
	const fake = fakeWatch();
	const app = await open(fake);
	t.is(fake.listeners(), 2);
	app.close();
	t.is(fake.listeners(), 0);
});

test('a screen reader hears what happens once, progress in steps of ten percent, and no clock', async t => {
	const fake = fakeWatch({status: watchStatus({libraries: [watched('movies', {title: 'Movies'})], jobs: [job('a')]})});
	const app = await openApp(fakeServices({initial: {connection, opensWatch: true}, watch: fake.watch}).services, {isScreenReader: true});
	await app.until(text => text.includes('The daemon (process 4711): ok.') && text.includes('Job 1 of 1: Movies, sync, queued.'));
	fake.tell({type: 'job', job: job('a', {state: 'running'})});
	for (let done = 0; done <= 25; done++) {
		fake.tell({
			type: 'progress', progress: {
				jobId: 'a', phase: 'importing', done, expected: 100, ratePerSecond: done, etaMs: 1000 * done,
			},
		});
		await setImmediate();
	}

	await app.until(text => text.includes('Movies: sync runs, 20 percent.'));
	t.is(app.frame().match(/percent/gv)?.length, 3);
	fake.tell({type: 'alert', alert: alert(), isRecovered: false});
	await app.until(text => text.includes('Alert: The sync of Anime failed 3 times.'));
	fake.tell({type: 'alert', alert: alert(), isRecovered: true});
	await app.until(text => text.includes('Over: The sync of Anime failed 3 times.'));
	fake.link({isUp: false, since: today(12)});
	await app.until(text => text.includes('No word from the daemon since'));
	fake.tell({type: 'note', note: note(5)});
	await app.until(text => text.includes('Event 5.'));
	const said = app.frame();
	t.notRegex(said, /[›─│█░▸]|ago|in \d/v);
	app.close();
});

test('the watch opens on the job that runs or was made last, and comes back to the one that was chosen', t => {
	const jobs = [
		job('old', {state: 'parked', createdAt: today(9)}),
		job('new', {state: 'done', createdAt: today(11), finishedAt: today(11, 10)}),
		job('before', {state: 'done', createdAt: today(10), finishedAt: today(10, 10)}),
	];
	const told = (status: Partial<WatchStatus>, messages: UiMessage[] = []) => stateOf(watchStatus(status), {columns: 120, rows: 40, messages});
	t.is(told({jobs}).watch.lists.jobs.selectedId, 'new');
	t.is(told({jobs: [job('runs', {state: 'running', createdAt: today(8)}), ...jobs]}).watch.lists.jobs.selectedId, 'runs');
	const moved = told({jobs}, [action('down')]);
	t.is(moved.watch.lists.jobs.selectedId, 'before');
	t.is(showWatch(moved).watch.lists.jobs.selectedId, 'before');
	t.is(showWatch({...moved, stack: moved.stack.slice(0, 1)}).watch.lists.jobs.selectedId, 'new');
});
