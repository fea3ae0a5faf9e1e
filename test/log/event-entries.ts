import test from 'ava';
import {createEventEntries, isWorthKeeping} from '../../source/log/event-entries.js';
import type {ImportResult, SyncEvent} from '../../source/sync/events.js';

const started: SyncEvent = {
	type: 'run-started', runId: 'r1', startedAt: '2026-01-01T00:00:00Z', libraries: [{id: 'films', title: 'Films ', libraryType: 'movie'}],
};

const result: ImportResult = {
	runId: 'r1', ok: true, cancelled: false, libraries: [], errors: [], requests: 12, bytes: 1_500_000, durationMs: 650,
};

const finished = (change: Partial<Extract<SyncEvent, {type: 'request-finished'}>> = {}): SyncEvent => ({
	type: 'request-finished', requestId: 1, label: '/library/sections', ok: true, code: undefined, status: 200, durationMs: 12, bytes: 3400, ...change,
});

test('a request is one line at the level info, with status, duration and bytes', t => {
	const entryOf = createEventEntries();
	t.is(entryOf({type: 'request-started', requestId: 1, label: '/library/sections'}).level, 'debug');
	t.deepEqual(entryOf(finished()), {
		level: 'info',
		message: 'GET /library/sections: 200, 12 ms, 3.4 kB',
		fields: {
			requestId: 1, label: '/library/sections', ok: true, status: 200, durationMs: 12, bytes: 3400,
		},
	});
});

test('an answer in another encoding says so', t => {
	const {message, fields} = createEventEntries()(finished({isMended: true}));
	t.is(message, 'GET /library/sections: 200, 12 ms, 3.4 kB, with text that is not UTF-8, read as Latin-1');
	t.true(fields?.['isMended']);
});

test('retries and the time that they waited are told on the line of their request, and forgotten with it', t => {
	const entryOf = createEventEntries();
	for (const [attempt, waitMs] of [[1, 200], [2, 450]] as const) {
		const {level} = entryOf({
			type: 'request-retried', requestId: 1, label: '/x', attempt, waitMs, code: 'server-error',
		});
		t.is(level, 'debug');
	}

	const {level, message, fields} = entryOf(finished({
		ok: false, code: 'server-error', status: 503, bytes: 0,
	}));
	t.is(level, 'warn');
	t.is(message, 'GET /library/sections: 503 server-error, 12 ms, 0 B, 2 retries after 650 ms of waiting');
	t.like(fields, {retries: 2, waitedMs: 650, code: 'server-error'});
	t.is(entryOf(finished()).fields?.['retries'], undefined);
});

test('a request without an answer is told by its code, and one that was cancelled is no warning', t => {
	const entryOf = createEventEntries();
	const {status: _, ...unanswered} = finished({ok: false, code: 'timeout'}) as Extract<SyncEvent, {type: 'request-finished'}>;
	t.like(entryOf(unanswered), {level: 'warn', message: 'GET /library/sections: timeout, 12 ms, 3.4 kB'});
	t.is(entryOf({...unanswered, code: 'cancelled'}).level, 'info');
});

test('libraries are called by their titles', t => {
	const entryOf = createEventEntries();
	t.is(entryOf(started).message, 'Begin with Films');
	t.is(entryOf({type: 'library-phase', libraryId: 'films', phase: 'counting'}).message, 'Films: counting');
	t.is(entryOf({
		type: 'library-planned', libraryId: 'films', mode: 'look', reason: 'It moved.',
	}).message, 'Films: look, It moved.');
	t.is(entryOf({type: 'changes-found', libraryId: 'films', changes: {added: 1200, moved: 1}}).message, 'Films: 1,200 added, 1 moved');
});

test('pages, commits and comparisons are for the level debug', t => {
	const entryOf = createEventEntries();
	const events: SyncEvent[] = [
		{
			type: 'rows-listed', libraryId: 'films', itemType: 'movie', rows: 500,
		},
		{
			type: 'items-committed', libraryId: 'films', imported: 5, unchanged: 1, lastTitle: 'Alien', revision: 7,
		},
		{
			type: 'items-compared', libraryId: 'films', imported: 5, unchanged: 1,
		},
	];
	t.deepEqual(events.map(event => entryOf(event).level), ['debug', 'debug', 'debug']);
});

test('a problem is a warning that says where, what and what to do', t => {
	const entry = createEventEntries()({
		type: 'problem', failed: 1, problem: {
			library: {id: 'films', title: 'Films'}, ratingKey: '7', title: 'Alien', stage: 'detail', code: 'server-error', message: 'It failed.', hint: 'Try again.',
		},
	});
	t.like(entry, {level: 'warn', message: 'Films, Alien: It failed. Try again.'});
	t.like(entry.fields, {ratingKey: '7', stage: 'detail', fault: {code: 'server-error', message: 'It failed.', hint: 'Try again.'}});
});

test('the end of a run is a warning unless all went well', t => {
	const entryOf = createEventEntries();
	t.like(entryOf({type: 'run-finished', result}), {level: 'info', message: 'Done: 650 ms, 12 requests, 1.5 MB'});
	t.like(entryOf({type: 'run-finished', result: {...result, ok: false, cancelled: true}}), {level: 'warn', message: 'Cancelled: 650 ms, 12 requests, 1.5 MB'});
});

test('requests and a run without libraries are no reason to keep a log; libraries, problems and held removals are', t => {
	t.false(isWorthKeeping(finished({ok: false, code: 'timeout'})));
	t.false(isWorthKeeping({...started, libraries: []}));
	t.false(isWorthKeeping({type: 'run-finished', result}));
	t.true(isWorthKeeping(started));
	t.true(isWorthKeeping({
		type: 'removals-held', libraryId: 'films', title: 'Films', items: 30, reason: 'library-gone',
	}));
});

test('a change of pace is logged with its reason; steps for the sake of latency only when asked for', t => {
	const entryOf = createEventEntries();
	t.deepEqual(entryOf({type: 'pace-changed', limit: 1, reason: 'streaming'}), {
		level: 'info',
		message: '1 request at a time: someone is streaming from the server',
		fields: {limit: 1, reason: 'streaming'},
	});
	t.like(entryOf({type: 'pace-changed', limit: 3, reason: 'free'}), {level: 'debug', message: '3 requests at a time'});
	t.is(entryOf({type: 'pace-changed', limit: 1, reason: 'slow'}).level, 'debug');
});
