import test from 'ava';
import fc from 'fast-check';
import {
	firstCourse,
	nextStep,
	type Attempt,
	type Course,
} from '../../source/plex/notifications/course.js';

const times = {
	firstRetryMs: 500,
	longestRetryMs: 60_000,
	refusedRetryMs: 1_800_000,
	lastingMs: 30_000,
};

const lost = (livedMs = 0): Attempt => ({kind: 'lost', reason: 'Gone.', livedMs});
const unsupported: Attempt = {kind: 'unsupported', reason: 'None.', livedMs: 0};
const forbidden: Attempt = {kind: 'forbidden', reason: 'No.', livedMs: 0};

/**
What is tried after each of these, and after how long at most.
*/
const play = (attempts: readonly Attempt[], from: Course = firstCourse) => {
	let course = from;
	const steps = attempts.map(attempt => {
		const step = nextStep(course, attempt, {times, random: () => 1});
		course = step.course;
		return {via: course.via, waitMs: step.waitMs, isPolling: course.isPolling};
	});
	return {course, steps};
};

const briefly = ({steps}: ReturnType<typeof play>) => steps.map(({via, waitMs, isPolling}) => `${via} ${waitMs}${isPolling ? ' polling' : ''}`);

test('waits double from half a second up to a minute, and after three failures the ways take turns', t => {
	t.deepEqual(briefly(play(Array.from({length: 10}, () => lost()))), [
		'websocket 500',
		'websocket 1000',
		'sse 2000',
		'websocket 4000',
		'sse 8000',
		'websocket 16000',
		'sse 32000',
		'websocket 60000',
		'sse 60000',
		'websocket 60000',
	]);
});

test('only a connection that lasted makes up for failures, and its way is kept to', t => {
	t.deepEqual(briefly(play([lost(), lost(), lost(29_999), lost(30_000), lost()])), [
		'websocket 500',
		'websocket 1000',
		'sse 2000',
		'sse 500',
		'sse 500',
	]);
});

test('where there is no websocket the event stream is tried at once, and kept to', t => {
	t.deepEqual(briefly(play([unsupported, lost(60_000), lost()])), ['sse 0', 'sse 500', 'sse 500']);
});

test('what was found out of a way is forgotten after three failures: it may be another server by now', t => {
	t.deepEqual(play([unsupported, lost(), lost()]).course.unsupported, ['websocket']);
	t.deepEqual(play([unsupported, lost(), lost(), lost()]).course.unsupported, []);
	t.is(briefly(play([unsupported, lost(), lost(), lost(), unsupported])).at(-1), 'sse 0');
});

test('where there is neither, it is asked a second time and then every half hour, from the start', t => {
	t.deepEqual(briefly(play([unsupported, unsupported, unsupported, unsupported, unsupported, unsupported])), [
		'sse 0',
		'websocket 500',
		'sse 0',
		'websocket 1800000 polling',
		'sse 0 polling',
		'websocket 1800000 polling',
	]);
});

test('a token that is refused twice is tried every half hour', t => {
	t.deepEqual(briefly(play([forbidden, forbidden, forbidden])), [
		'websocket 500',
		'websocket 1800000 polling',
		'websocket 1800000 polling',
	]);
	t.deepEqual(play([forbidden, lost(), forbidden]).steps.map(({isPolling}) => isPolling), [false, false, false]);
});

test('a server that did send notifications is given more time before a refusal is believed', t => {
	const {course} = play([lost(60_000)]);
	const {steps} = play(Array.from({length: 10}, () => forbidden), course);
	t.is(steps.findIndex(({isPolling}) => isPolling), 9);
	t.true(steps.slice(0, 9).every(({waitMs}) => waitMs <= 60_000));
	const none = play(Array.from({length: 20}, () => unsupported), course);
	t.is(none.steps.findIndex(({isPolling}) => isPolling), 19);
});

test('a server that is away while it was polled is looked for again soon', t => {
	const {course} = play([forbidden, forbidden]);
	t.deepEqual(play([lost()], course).steps.map(({isPolling}) => isPolling), [false]);
	t.true(nextStep(course, lost(), {times, random: () => 1}).waitMs <= 60_000);
});

const attempt: fc.Arbitrary<Attempt> = fc.record({
	kind: fc.constantFrom('lost', 'unsupported', 'forbidden'),
	reason: fc.constant('Because.'),
	livedMs: fc.constantFrom(0, 100, 30_000, 1e9),
});

test('whatever happens, it goes on, in bounded time, and two attempts in a row that do not wait are of two ways', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(attempt, {maxLength: 200}), attempts => {
			let course = firstCourse;
			return attempts.every(one => {
				const step = nextStep(course, one, {times, random: () => 1});
				const isOther = step.course.via !== course.via;
				course = step.course;
				return step.waitMs <= (course.isPolling ? times.refusedRetryMs : times.longestRetryMs) && (step.waitMs > 0 || isOther);
			});
		}));
	});
});
