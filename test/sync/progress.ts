import test from 'ava';
import fc from 'fast-check';
import type {LibraryResult, Problem, SyncEvent} from '../../source/sync/events.js';
import {initialProgress, reduceProgress, type ImportProgress} from '../../source/sync/progress.js';
import {expectedOfRun, percentOf, shareOfRun} from '../../source/sync/share.js';

const problem: Problem = {
	library: {id: 'films', title: 'Films'},
	ratingKey: '7',
	title: 'Metropolis',
	stage: 'detail',
	code: 'timeout',
	message: 'The server did not answer in time.',
	hint: 'Try again.',
};

const result: LibraryResult = {
	id: 'films', title: 'Films', expected: 10, imported: 8, unchanged: 1, failed: 1, skipped: 0, durationMs: 4000, complete: true,
};

const started: SyncEvent = {
	type: 'run-started',
	runId: 'run',
	startedAt: '2024-01-01T00:00:00Z',
	libraries: [{id: 'films', title: 'Films', libraryType: 'movie'}, {id: 'shows', title: 'Shows', libraryType: 'show'}],
};

const fold = (steps: ReadonlyArray<readonly [number, SyncEvent]>, from: ImportProgress = initialProgress) => {
	let state = from;
	for (const [nowMs, event] of steps) {
		state = reduceProgress(state, {event, nowMs});
	}

	return state;
};

const commit = (imported: number): SyncEvent => ({
	type: 'items-committed', libraryId: 'films', imported, unchanged: 0, lastTitle: 'Metropolis', revision: 1,
});

const importing: ReadonlyArray<readonly [number, SyncEvent]> = [
	[0, started],
	[10, {type: 'library-phase', libraryId: 'films', phase: 'counting'}],
	[20, {type: 'library-counted', libraryId: 'films', expected: 1000}],
	[1000, {type: 'library-phase', libraryId: 'films', phase: 'importing'}],
];

test('a started run lists its libraries as waiting', t => {
	const state = fold([[5, started]]);
	t.true(state.isRunning);
	t.is(state.startedAtMs, 5);
	t.deepEqual(state.libraries.map(({id, type, phase, done}) => ({
		id, type, phase, done,
	})), [
		{
			id: 'films', type: 'movie', phase: 'waiting', done: 0,
		},
		{
			id: 'shows', type: 'show', phase: 'waiting', done: 0,
		},
	]);
});

test('commits, skips and problems add up to done, per library and in total', t => {
	const state = fold([
		...importing,
		[1100, commit(5)],
		[1200, {
			type: 'items-skipped', libraryId: 'films', count: 2, reason: 'x',
		}],
		[1300, {type: 'problem', problem, failed: 3}],
	]);
	t.is(state.libraries[0]!.done, 10);
	t.is(state.libraries[0]!.lastTitle, 'Metropolis');
	t.deepEqual(state.totals, {
		expected: 1000, imported: 5, unchanged: 0, failed: 3, skipped: 2, done: 10,
	});
	t.deepEqual(state.problems, [problem]);
});

test('a steady stream of items shows its true speed at once, and from it the time that is left', t => {
	const steps = Array.from({length: 4}, (_, index) => [1500 + (index * 500), commit(100)] as const);
	const [films] = fold([...importing, ...steps]).libraries;
	t.true(Math.abs(films!.ratePerSecond - 200) < 15, String(films!.ratePerSecond));
	t.true(Math.abs(films!.etaMs! - 3000) < 300, String(films!.etaMs));
});

test('the speed sinks while the server does not answer', t => {
	const before = fold([...importing, [2000, commit(100)], [3000, commit(100)]]);
	const after = fold([[33_000, {type: 'request-started', requestId: 1, label: 'GET'}]], before);
	t.true(after.libraries[0]!.ratePerSecond < before.libraries[0]!.ratePerSecond / 10);
	t.true(after.libraries[0]!.etaMs! > before.libraries[0]!.etaMs!);
	t.is(after.libraries[0]!.done, 200);
});

test('requests are listed from their start to their end, with their attempts', t => {
	const waiting = fold([
		[1, {type: 'request-started', requestId: 1, label: 'list'}],
		[2, {type: 'request-started', requestId: 2, label: 'detail'}],
		[3, {
			type: 'request-retried', requestId: 2, label: 'detail', attempt: 2, waitMs: 500, code: 'timeout',
		}],
	]);
	t.deepEqual(waiting.requests, [
		{
			requestId: 1, label: 'list', startedAtMs: 1, attempt: 1, waiting: undefined,
		},
		{
			requestId: 2, label: 'detail', startedAtMs: 2, attempt: 2, waiting: {untilMs: 503, code: 'timeout'},
		},
	]);
	const after = fold([[4, {
		type: 'request-finished', requestId: 1, label: 'list', ok: true, code: undefined, durationMs: 3, bytes: 100,
	}]], waiting);
	t.deepEqual(after.requests.map(({requestId}) => requestId), [2]);
	t.is(after.requestsSent, 3);
	t.is(after.bytesReceived, 100);
});

test('the end of a library takes over its result and has no time left', t => {
	const [films] = fold([
		...importing,
		[2000, commit(5)],
		[3000, {type: 'library-phase', libraryId: 'films', phase: 'done'}],
		[3001, {type: 'library-finished', result}],
	]).libraries;
	t.is(films!.phase, 'done');
	t.is(films!.done, 10);
	t.is(films!.finishedAtMs, 3000);
	t.is(films!.etaMs, undefined);
});

test('the end of a cancelled run marks the libraries that were not reached', t => {
	const state = fold([
		...importing,
		[3001, {type: 'library-finished', result}],
		[3002, {
			type: 'run-finished',
			result: {
				runId: 'run-1', ok: false, cancelled: true, libraries: [result], errors: [problem], requests: 4, bytes: 99, durationMs: 3000,
			},
		}],
	]);
	t.false(state.isRunning);
	t.deepEqual(state.libraries.map(({phase}) => phase), ['done', 'cancelled']);
	t.deepEqual(state.problems, [problem]);
	t.deepEqual(state.requests, []);
});

test('a new run forgets the one before', t => {
	const state = fold([...importing, [2000, {type: 'problem', problem, failed: 1}], [5000, started]]);
	t.deepEqual(state.problems, []);
	t.is(state.totals.done, 0);
	t.is(state.startedAtMs, 5000);
});

test('news of a library that the run does not have changes no count', t => {
	const state = fold([...importing, [2000, {
		type: 'items-skipped', libraryId: 'other', count: 2, reason: 'x',
	}]]);
	t.is(state.totals.done, 0);
});

test('for any order of news the sum stays done, and no speed or time is negative or not a number', t => {
	const phases = fc.constantFrom('counting', 'importing', 'done', 'failed');
	const event: fc.Arbitrary<SyncEvent> = fc.oneof(
		fc.nat(50).map(imported => commit(imported)),
		fc.nat(5).map(failed => ({type: 'problem', problem, failed}) as const),
		fc.nat(2000).map(expected => ({type: 'library-counted', libraryId: 'films', expected}) as const),
		phases.map(phase => ({type: 'library-phase', libraryId: 'films', phase}) as const),
		fc.nat(3).map(requestId => ({type: 'request-started', requestId, label: 'x'}) as const),
	);
	const steps = fc.array(fc.tuple(fc.nat(20_000), event));
	const law = fc.property(steps, news => {
		const {libraries, totals} = fold([[0, started], ...news]);
		for (const {
			imported, unchanged, failed, skipped, done, ratePerSecond, etaMs,
		} of libraries) {
			if (imported + unchanged + failed + skipped !== done || !(ratePerSecond >= 0) || Number.isNaN(etaMs) || (etaMs ?? 0) < 0) {
				return false;
			}
		}

		return totals.done === libraries[0]!.done;
	});
	t.notThrows(() => {
		fc.assert(law);
	});
});

test('the pace is held, and outlives the start of a run', t => {
	const slow = reduceProgress(initialProgress, {event: {type: 'pace-changed', limit: 1, reason: 'streaming'}, nowMs: 0});
	t.deepEqual(slow.pace, {limit: 1, reason: 'streaming'});
	const begun = reduceProgress(slow, {
		event: {
			type: 'run-started', runId: 'r', startedAt: '2026-01-01T00:00:00Z', libraries: [],
		}, nowMs: 1,
	});
	t.deepEqual(begun.pace, {limit: 1, reason: 'streaming'});
	t.is(reduceProgress(initialProgress, {
		event: {
			type: 'rows-listed', libraryId: 'f', itemType: 'movie', rows: 1,
		}, nowMs: 0,
	}).pace, undefined);
});

/**
The events of a run as the engine sends them: each library is counted when it is reached, an import before it lists, a sync type by type.
*/
const engineRun = (libraries: ReadonlyArray<{isImport: boolean; type: 'movie' | 'show'; pages: readonly number[]; end: 'done' | 'failed'}>): SyncEvent[] => [
	{
		type: 'run-started', runId: 'r', startedAt: '2024-01-01T00:00:00Z', libraries: libraries.map(({type}, index) => ({id: String(index), title: 'x', libraryType: type})),
	},
	...libraries.flatMap(({isImport, type, pages, end}, index): SyncEvent[] => {
		const libraryId = String(index);
		const types = type === 'movie' ? ['movie'] as const : ['show', 'season', 'episode'] as const;
		const perType = pages.reduce((sum, rows) => sum + rows, 0);
		const all = perType * types.length;
		const counted = (expected: number): SyncEvent => ({type: 'library-counted', libraryId, expected});
		const done = (rows: number): SyncEvent => isImport
			? {
				type: 'items-committed', libraryId, imported: rows, unchanged: 0, lastTitle: undefined, revision: 1,
			}
			: {
				type: 'items-compared', libraryId, imported: 0, unchanged: rows,
			};
		return [
			...isImport ? [{type: 'library-phase', libraryId, phase: 'counting'} as const, counted(all)] : [],
			{type: 'library-phase', libraryId, phase: 'importing'},
			...types.flatMap((itemType, place) => [
				...isImport ? [] : [counted(perType * (place + 1))],
				...pages.flatMap((rows): SyncEvent[] => [
					{
						type: 'rows-listed', libraryId, itemType, rows,
					},
					done(rows),
				]),
			]),
			{type: 'library-phase', libraryId, phase: end},
			{
				type: 'library-finished', result: {
					id: libraryId, title: 'x', expected: all, imported: all, unchanged: 0, failed: 0, skipped: 0, durationMs: 1, complete: end === 'done',
				},
			},
		];
	}),
	{
		type: 'run-finished', result: {
			runId: 'r', ok: libraries.every(({end}) => end === 'done'), cancelled: false, libraries: [], errors: [], requests: 1, bytes: 1, durationMs: 1,
		},
	},
];

test('the percentage never falls over a run, and is 100 only when it has ended', t => {
	const part = fc.record({
		isImport: fc.boolean(),
		type: fc.constantFrom('movie', 'show'),
		pages: fc.array(fc.nat(300), {maxLength: 4}),
		end: fc.oneof({weight: 4, arbitrary: fc.constant('done' as const)}, {weight: 1, arbitrary: fc.constant('failed' as const)}),
	});
	const law = fc.property(fc.array(part, {minLength: 1, maxLength: 4}), libraries => {
		const events = engineRun(libraries);
		let state = initialProgress;
		let before = 0;
		const ofLibraries = libraries.map(() => 0);
		for (const [index, event] of events.entries()) {
			state = reduceProgress(state, {event, nowMs: index * 700});
			const shown = percentOf(state.share);
			const isEnd = index === events.length - 1;
			if (shown < before || (!isEnd && shown >= 100)) {
				return false;
			}

			before = shown;
			for (const [place, {share, phase}] of state.libraries.entries()) {
				const percent = percentOf(share);
				if (percent < ofLibraries[place]! || (percent >= 100) !== (phase === 'done')) {
					return false;
				}

				ofLibraries[place] = percent;
			}
		}

		return (before === 100) === libraries.every(({end}) => end === 'done');
	});
	t.notThrows(() => {
		fc.assert(law, {numRuns: 500});
	});
});

test('a library that is done while others are not yet counted is not everything, and a type that is listed is not all types', t => {
	const [one, two] = [{
		isImport: true, type: 'movie', pages: [30], end: 'done',
	}, {
		isImport: true, type: 'movie', pages: [180], end: 'done',
	}] as const;
	const shares = (events: readonly SyncEvent[]) => events.map((_, index) => percentOf(fold(events.slice(0, index + 1).map((event, place) => [place, event] as const)).share));
	t.deepEqual([...new Set(shares(engineRun([one, two])))], [0, 49, 50, 99, 100]);
	t.deepEqual([...new Set(shares(engineRun([{
		isImport: false, type: 'show', pages: [10], end: 'done',
	}])))], [0, 66, 99, 100]);
});

test('a library weighs as much as it has items, and one that is not counted as much as the others do on average', t => {
	const library = (expected: number, share: number, phase: 'done' | 'importing' | 'waiting' = 'importing') => ({expected, share, phase});
	const shareOf = (...libraries: Array<ReturnType<typeof library>>) => percentOf(shareOfRun(libraries, {share: 0, isRunning: true}));
	t.is(shareOf(library(100, 1, 'done'), library(900, 0)), 10);
	t.is(shareOf(library(100, 1, 'done'), library(0, 0, 'waiting')), 50);
	t.is(shareOf(library(100, 1, 'done'), library(0, 1, 'done'), library(0, 0, 'waiting')), 50);
	t.deepEqual(expectedOfRun([library(100, 1, 'done'), library(300, 0), library(0, 0, 'waiting')]), {items: 600, isEstimate: true});
	t.deepEqual(expectedOfRun([library(100, 1, 'done'), library(0, 1, 'done')]), {items: 100, isEstimate: false});
});
