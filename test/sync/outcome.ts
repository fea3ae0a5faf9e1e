import test from 'ava';
import fc from 'fast-check';
import type {ErrorCode} from '../../source/base/errors.js';
import {exitCodeOfImport} from '../../source/commands/exit-codes.js';
import {createEventEntries} from '../../source/log/event-entries.js';
import {syncLines} from '../../source/reports/results/run-result.js';
import {createTextProgress} from '../../source/reports/results/text-progress.js';
import {
	noTotals,
	type ChangeCounts,
	type ImportResult,
	type LibraryResult,
	type Problem,
} from '../../source/sync/events.js';
import {headlineOf, outcomeOfRun} from '../../source/sync/outcome.js';
import {finishedRun} from '../../source/sync/run-record.js';
import {importFinished, importStarted} from '../../source/ui/screens/import/reduce.js';
import {initialState} from '../../source/ui/initial-state.js';
import {verdictLines} from '../../source/ui/screens/import/summary.js';
import {lineText} from '../../source/ui/line.js';
import {asciiGlyphs} from '../../source/ui/theme.js';
import {importNotice} from '../../source/watch/notify/notice.js';
import {fakeServices} from '../helpers/fake-services.js';

const codes: readonly ErrorCode[] = ['unauthorized', 'forbidden', 'unreachable', 'timeout', 'server-error', 'malformed', 'not-plex', 'disk-full', 'locked', 'damaged'];

const library: fc.Arbitrary<LibraryResult> = fc.record({
	id: fc.constantFrom('films', 'shows', 'anime'),
	title: fc.constantFrom('Films', 'Shows', 'Anime'),
	imported: fc.nat(3),
	unchanged: fc.nat(3),
	failed: fc.nat(2),
	skipped: fc.nat(1),
	durationMs: fc.nat(90_000),
	complete: fc.boolean(),
	sync: fc.option(fc.record({
		mode: fc.constantFrom('skip', 'look', 'sweep', 'full', 'import'),
		changes: fc.constantFrom<ChangeCounts>({}, {added: 2}),
		held: fc.nat(2),
		notes: fc.constantFrom<string[]>([], ['12 items were not listed, but nothing was removed: the server is scanning it.']),
	}), {nil: undefined}),
}).map(({sync, ...facts}) => ({
	...facts,
	expected: facts.imported + facts.unchanged + facts.failed + facts.skipped,
	...(sync !== undefined && {sync}),
}));

const problem: fc.Arbitrary<Problem> = fc.record({
	library: fc.constant({id: 'films', title: 'Films'}),
	ratingKey: fc.constantFrom(undefined, '7'),
	title: fc.constant(undefined),
	stage: fc.constantFrom('list', 'detail', 'normalize', 'save'),
	code: fc.constantFrom(...codes),
	message: fc.constant('It failed.'),
	hint: fc.constant('Try again.'),
});

// Any flag may contradict the rest, as a fault of our own would make it.
const result: fc.Arbitrary<ImportResult> = fc.record({
	runId: fc.constant('run-1'),
	ok: fc.boolean(),
	cancelled: fc.oneof({weight: 1, arbitrary: fc.constant(true)}, {weight: 4, arbitrary: fc.constant(false)}),
	libraries: fc.array(library, {maxLength: 3}),
	errors: fc.oneof(fc.constant<Problem[]>([]), fc.array(problem, {maxLength: 3})),
	requests: fc.nat(9),
	bytes: fc.nat(9999),
	durationMs: fc.nat(90_000),
});

const healthy: fc.Arbitrary<ImportResult> = result.map(facts => ({
	...facts,
	ok: true,
	cancelled: false,
	errors: [],
	libraries: facts.libraries.map(each => ({
		...each, failed: 0, complete: true, expected: each.expected - each.failed,
	})),
}));

const commands = fc.constantFrom('import', 'retry', 'sync');

const isFaultless = ({ok, cancelled, errors, libraries}: ImportResult) =>
	ok && !cancelled && errors.length === 0 && libraries.every(({complete, failed}) => complete && failed === 0);

const claim = /in step|without errors/iv;

test('no headline claims more than the result has', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.oneof(result, healthy), commands, (facts, command) => {
			const {outcome, text} = headlineOf(facts, {command});
			const isWaiting = facts.libraries.some(({sync}) => sync !== undefined && (sync.held > 0 || sync.notes.length > 0));
			return (!claim.test(text) || (isFaultless(facts) && !isWaiting && facts.libraries.length > 0))
				&& ['done', 'held', 'nothing'].includes(outcome) === isFaultless(facts)
				&& (outcome !== 'held' || isWaiting)
				&& (outcome === 'cancelled') === facts.cancelled
				&& !(headlineOf(facts, {command, isDryRun: true}).text.startsWith('Nothing was changed') && (facts.cancelled || facts.errors.length > 0));
		}), {numRuns: 2000});
	});
});

const fresh = initialState(fakeServices({}).services, {columns: 80, rows: 24});

test('every place that tells the end of a run tells the same', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.oneof(result, healthy), commands, (facts, command) => {
			const outcome = outcomeOfRun(facts);
			const {text} = headlineOf(facts, {command});
			const isFine = ['done', 'held', 'nothing'].includes(outcome);
			const printed = syncLines(facts, {isDryRun: false}).at(-1)!;
			const told = createTextProgress()({type: 'run-finished', result: facts}, 0).at(-1)!;
			const logged = createEventEntries()({type: 'run-finished', result: facts});
			const job = {libraryIds: [], isRetry: command === 'retry', isSync: command === 'sync'};
			const state = importFinished(facts).apply(importStarted(job).apply(fresh));
			const shown = lineText(verdictLines(state, {glyphs: asciiGlyphs, columns: 200})[0]!);
			const notice = importNotice(facts, new Date(0));
			const run = finishedRun({
				id: 'run-1', startedAt: new Date(0), command: 'sync', targets: [],
			}, facts, new Date(1));
			return printed.startsWith(`${headlineOf(facts, {command: 'sync'}).text}; `)
				&& (outcome === 'done' || outcome === 'nothing' ? told.startsWith('Total: ') : told.startsWith(headlineOf(facts, {command: 'import'}).text))
				&& (logged.level === 'info') === isFine
				&& shown.includes(text)
				&& (notice?.level !== 'info' || facts.libraries.every(({sync, complete, failed}) => sync !== undefined || (complete && failed === 0)))
				&& (run.status === 'done') === isFine
				&& (exitCodeOfImport(facts) === 0) === isFine;
		}), {numRuns: 1000});
	});
});

const facts = (change: Partial<ImportResult>): ImportResult => ({
	runId: 'run-1', ok: true, cancelled: false, libraries: [], errors: [], requests: 1, bytes: 1, durationMs: 1, ...change,
});
const films: LibraryResult = {
	id: 'films', title: 'Films', ...noTotals, expected: 30, unchanged: 30, durationMs: 1, complete: true,
};
const fault: Problem = {
	library: films, ratingKey: undefined, title: undefined, stage: 'list', code: 'server-error', message: 'x', hint: 'y',
};

test('a sync that failed everywhere, in part, or holds something does not say that it is in step', t => {
	const text = (change: Partial<ImportResult>, isDryRun = false) => headlineOf(facts(change), {command: 'sync', isDryRun}).text;
	const broken = {
		...films, unchanged: 0, failed: 30, complete: false,
	};
	t.is(text({libraries: [films]}), 'In step');
	t.is(text({ok: false, libraries: [broken], errors: [fault]}), 'Ended with 1 problem; nothing new was stored');
	t.is(text({ok: false, libraries: [films, broken], errors: [fault, fault]}), 'Ended with 2 problems');
	t.is(text({libraries: [{...films, complete: false}]}), 'Ended before everything was read');
	t.is(text({
		libraries: [{
			...films, sync: {
				mode: 'sweep', changes: {}, held: 10, notes: [],
			},
		}],
	}), 'Synced; 10 items are gone from the server and held');
	t.is(text({}), 'There was nothing to sync');
	t.is(text({ok: false, cancelled: true, libraries: [films]}), 'Cancelled. What was committed is kept');
	t.is(text({ok: false, libraries: [broken], errors: [fault]}, true), 'This was a dry run: ended with 1 problem; nothing new was stored');
	t.is(text({
		libraries: [{
			...films, complete: false, sync: {
				mode: 'import', changes: {}, held: 0, notes: ['It has not been imported completely yet.'],
			},
		}],
	}, true), 'Nothing was changed, this was a dry run');
});
