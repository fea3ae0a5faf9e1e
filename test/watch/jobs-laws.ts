import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {addJob} from '../../source/watch/jobs/add-job.js';
import {
	allJobs,
	emptyQueue,
	nextJob,
	type Queue,
} from '../../source/watch/jobs/queue.js';
import {queueSchema, queueText} from '../../source/watch/jobs/queue-file.js';
import {type QueueMessage, reduceQueue} from '../../source/watch/jobs/reduce-queue.js';
import {
	jobActions,
	type JobMode,
	jobModes,
	type JobState,
	jobTriggers,
} from '../../source/watch/kinds.js';
import type {Job} from '../../source/watch/types.js';

const libraries = fc.constantFrom('films', 'films', 'series', 'music');

/**
What happens next; `pick` is the place of a job among those that have not ended and the last two that have.
*/
const steps = fc.oneof(
	{
		weight: 4, arbitrary: fc.record({
			kind: fc.constant('add'), library: libraries, mode: fc.constantFrom(...jobModes), trigger: fc.constantFrom(...jobTriggers),
		}),
	},
	{weight: 4, arbitrary: fc.constant({kind: 'begin-next'} as const)},
	{weight: 3, arbitrary: fc.record({kind: fc.constantFrom('begin', 'succeed', 'cancelled', 'interrupted'), pick: fc.nat()})},
	{
		weight: 3, arbitrary: fc.record({
			kind: fc.constant('fail'), pick: fc.nat(), code: fc.constantFrom('unreachable', 'unauthorized', 'disk-full'), random01: fc.double({min: 0, max: 1, noNaN: true}),
		}),
	},
	{weight: 4, arbitrary: fc.record({kind: fc.constant('act'), pick: fc.nat(), action: fc.constantFrom(...jobActions)})},
	{weight: 2, arbitrary: fc.record({kind: fc.constant('wake'), afterMs: fc.integer({min: -(10 ** 6), max: 5_000_000})})},
	{weight: 1, arbitrary: fc.constant({kind: 'recover'} as const)},
);

type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

type Change = {before: Queue; after: Queue; message: QueueMessage};

const start = Date.parse('2026-03-01T12:00:00Z');

/**
Play the steps and look at each change. No queue that was given away may be touched again.
*/
const play = (all: readonly Step[], look: (change: Change) => void) => {
	let queue: Queue = freeze(emptyQueue);
	let nowMs = start;
	for (const [index, step] of all.entries()) {
		nowMs += step.kind === 'wake' ? step.afterMs : 1000;
		const message = messageOf(step, {queue, index, at: new Date(nowMs)});
		if (message === undefined) {
			continue;
		}

		const after = freeze(reduceQueue(queue, message));
		look({before: queue, after, message});
		queue = after;
	}
};

const messageOf = (step: Step, {queue, index, at}: {queue: Queue; index: number; at: Date}): QueueMessage | undefined => {
	if (step.kind === 'add') {
		const {library, mode, trigger} = step;
		return {
			type: 'add', request: {
				id: `j${index}`, library: {id: library, title: library}, mode, trigger, at,
			},
		};
	}

	if (step.kind === 'recover') {
		return {type: 'recover', at};
	}

	if (step.kind === 'wake') {
		return {type: 'wake', now: at};
	}

	const jobs = [...queue.jobs, ...queue.history.slice(0, 2)];
	const id = (step.kind === 'begin-next' ? nextJob(queue, at) : jobs[step.pick % Math.max(1, jobs.length)])?.id;
	if (id === undefined) {
		return undefined;
	}

	if (step.kind === 'act') {
		return {
			type: 'act', id, action: step.action, at,
		};
	}

	if (step.kind === 'fail') {
		return {
			type: 'fail', id, at, fault: {code: step.code, message: 'It failed.'}, random01: step.random01,
		};
	}

	return {type: step.kind === 'begin-next' ? 'begin' : step.kind, id, at};
};

const freeze = <Value>(value: Value): Value => {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const part of Object.values(value)) {
			freeze(part);
		}
	}

	return value;
};

const law = (t: ExecutionContext, look: (change: Change) => void) => {
	let changes = 0;
	fc.assert(fc.property(fc.array(steps, {minLength: 40, maxLength: 80}), all => {
		play(all, change => {
			changes += change.before === change.after ? 0 : 1;
			look(change);
		});
	}), {numRuns: 150});
	t.true(changes > 1000, `there were ${changes} changes only`);
};

const doesCover = (job: Job, mode: JobMode) => (job.mode === 'audit') === (mode === 'audit') && jobModes.indexOf(job.mode) >= jobModes.indexOf(mode);
const hasEnded = ({state}: Job) => state === 'done' || state === 'cancelled';
const laneOf = ({library, mode}: Job) => `${library.id} ${mode === 'audit'}`;
const isUnique = (values: readonly string[]) => new Set(values).size === values.length;

test('a library has one job at work, and one of a kind that has not begun', t => {
	law(t, ({after}) => {
		t.true(isUnique(after.jobs.filter(({state}) => state === 'running').map(({library}) => library.id)));
		t.true(isUnique(after.jobs.filter(({state}) => state !== 'running').map(job => laneOf(job))));
	});
});

test('no job is lost, and none is there twice', t => {
	law(t, ({before, after, message}) => {
		const [idsBefore, idsAfter] = [before, after].map(queue => allJobs(queue).map(({id}) => id)) as [string[], string[]];
		t.true(isUnique(idsAfter));
		const added = message.type === 'add' ? [addJob(before, message.request).job.id] : [];
		t.deepEqual(idsAfter.toSorted(), [...new Set([...idsBefore, ...added])].toSorted());
	});
});

test('the history drops its oldest jobs only, and only beyond two hundred', t => {
	const old = (id: number): Job => ({
		id: `old${id}`, library: {id: 'old', title: 'Old'}, mode: 'full', state: 'done', trigger: 'schedule', createdAt: new Date(start).toISOString(), attempts: 1,
	});
	fc.assert(fc.property(fc.integer({min: 195, max: 200}), fc.array(libraries, {minLength: 1, maxLength: 12}), (kept, ended) => {
		let queue: Queue = {...emptyQueue, history: Array.from({length: kept}, (_, index) => old(index))};
		for (const [index, library] of ended.entries()) {
			const id = `j${index}`;
			const at = new Date(start + index);
			queue = reduceQueue(queue, {
				type: 'add', request: {
					id, library: {id: library, title: library}, mode: 'full', trigger: 'schedule', at,
				},
			});
			queue = reduceQueue(queue, {type: 'begin', id, at});
			queue = reduceQueue(queue, {type: 'succeed', id, at});
		}

		const newest = ended.map((_, index) => `j${index}`).toReversed();
		const all = [...newest, ...Array.from({length: kept}, (_, index) => `old${index}`)];
		t.deepEqual(queue.history.map(({id}) => id), all.slice(0, 200));
	}), {numRuns: 50});
});

/**
Where a state may lead; what is done stays done, so that nothing runs again after it.
*/
const edges: Record<JobState, readonly JobState[]> = {
	queued: ['running', 'paused', 'cancelled'],
	running: ['done', 'waiting', 'parked', 'cancelled', 'queued', 'paused'],
	paused: ['queued', 'cancelled'],
	waiting: ['queued', 'running', 'paused', 'cancelled'],
	parked: ['queued', 'cancelled'],
	done: [],
	cancelled: ['queued'],
};

test('states lead where they may, and nothing leads away from what is done', t => {
	const seen = new Set<string>();
	law(t, ({before, after}) => {
		for (const job of allJobs(before)) {
			const state = allJobs(after).find(({id}) => id === job.id)?.state;
			if (state === undefined || state === job.state) {
				continue;
			}

			seen.add(`${job.state} → ${state}`);
			t.true(edges[job.state].includes(state), `${job.state} → ${state}`);
		}
	});
	t.true(seen.size > 12, [...seen].join(', '));
});

test('a job is begun by its own message only, and each time is counted', t => {
	law(t, ({before, after, message}) => {
		for (const job of after.jobs) {
			const old = before.jobs.find(({id}) => id === job.id);
			if (job.state !== 'running' || old?.state === 'running') {
				continue;
			}

			t.is(message.type, 'begin');
			t.is(job.attempts, old!.attempts + 1);
		}
	});
});

test('whoever asks gets a job that does what was asked, and the same one when asking again', t => {
	law(t, ({before, message}) => {
		if (message.type !== 'add') {
			return;
		}

		const {request} = message;
		const {queue, job} = addJob(before, request);
		t.true(queue.jobs.includes(job));
		t.is(job.library.id, request.library.id);
		t.true(doesCover(job, request.mode));
		const again = addJob(queue, {...request, id: `${request.id} again`});
		t.is(again.job.id, job.id);
		t.deepEqual(again.queue.jobs.map(({id}) => id), queue.jobs.map(({id}) => id));
	});
});

test('the order is: what runs, touches, all else, what is parked', t => {
	const groupOf = ({state, mode}: Job) => ['running', 'touch', 'else', 'parked'].indexOf(state === 'running' || state === 'parked' ? state : (mode === 'touch' ? mode : 'else'));
	law(t, ({after}) => {
		const groups = after.jobs.map(job => groupOf(job));
		t.deepEqual(groups, groups.toSorted((left, right) => left - right));
	});
});

test('the fields of a job fit its state', t => {
	law(t, ({after}) => {
		t.false(after.jobs.some(job => hasEnded(job)));
		t.true(after.history.every(job => hasEnded(job) && job.finishedAt !== undefined));
		for (const job of allJobs(after)) {
			t.is(job.dueAt !== undefined, job.state === 'waiting');
			t.true(job.state !== 'waiting' || job.fault !== undefined);
			t.true(job.state !== 'running' || (job.startedAt !== undefined && job.fault === undefined && job.finishedAt === undefined));
			t.true(job.state !== 'queued' || job.finishedAt === undefined);
			t.false(Object.values<unknown>(job).includes(undefined));
			t.true(job.attempts >= 0);
		}

		t.true([...after.cancelling, ...after.pausing].every(id => after.jobs.some(job => job.id === id && job.state === 'running')));
	});
});

test('what may begin has not begun, is of a library where nothing runs, and can be begun', t => {
	law(t, ({after}) => {
		const now = new Date(start);
		const job = nextJob(after, now, {isBusy: library => library === 'music'});
		const begun = job && reduceQueue(after, {type: 'begin', id: job.id, at: now}).jobs.find(({id}) => id === job.id);
		t.not(job?.library.id, 'music');
		t.is(begun?.state, job && 'running');
		t.is(begun?.attempts, job && job.attempts + 1);
	});
});

test('after a restart nothing runs, all that was to be done still is, and a second restart changes nothing', t => {
	law(t, ({after}) => {
		const at = new Date(start);
		const recovered = reduceQueue(after, {type: 'recover', at});
		t.false(recovered.jobs.some(({state}) => state === 'running'));
		const toDo = after.jobs.filter(({id}) => !after.cancelling.includes(id));
		t.true(toDo.every(job => recovered.jobs.some(other => laneOf(other) === laneOf(job) && doesCover(other, job.mode))));

		t.is(reduceQueue(recovered, {type: 'recover', at}), recovered);
	});
});

test('a queue comes back from its file as it was, but for touches', t => {
	law(t, ({after}) => {
		const isKept = ({mode}: Job) => mode !== 'touch';
		const back = queueSchema.parse(JSON.parse(queueText(after)));
		t.deepEqual(back.jobs, after.jobs.filter(job => isKept(job)));
		t.deepEqual(back.history, after.history.filter(job => isKept(job)).slice(0, 50));
		t.deepEqual(back.cancelling, after.cancelling.filter(id => back.jobs.some(job => job.id === id)));
		t.deepEqual(back.pausing, after.pausing.filter(id => back.jobs.some(job => job.id === id)));
		t.is(queueText(back), queueText(after));
	});
});
