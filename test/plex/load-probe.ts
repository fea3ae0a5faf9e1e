import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {LoadFacts} from '../../source/plex/governor.js';
import {createLoadProbe, type LoadProbeOptions} from '../../source/plex/load-probe.js';
import type {Section} from '../../source/plex/types.js';

const section = (isRefreshing: boolean): Section => ({
	id: 'a', uuid: 'a', key: '1', title: 'Films', type: 'movie', agent: undefined, language: undefined, locations: [], isRefreshing, contentChangedAt: undefined, scannedAt: undefined, updatedAt: undefined,
});

const setUp = (askSessions: LoadProbeOptions['askSessions']) => {
	let nowMs = 1_000_000;
	let facts: LoadFacts | undefined;
	const asked = {sessions: 0, sections: 0};
	const probe = createLoadProbe({
		async askSessions() {
			asked.sessions++;
			return askSessions();
		},
		async askSections() {
			asked.sections++;
			probe.onSections([section(false)]);
		},
		learn(next) {
			facts = next;
		},
		now: () => nowMs,
	});
	return {
		asked,
		facts: () => facts,
		onSections: probe.onSections,
		async rows(count: number, gapMs = 100) {
			for (let index = 0; index < count; index++) {
				nowMs += gapMs;
				probe.onRows();
				await setImmediate();
			}
		},
	};
};

const playing = {size: 1, Metadata: [{Player: {state: 'playing'}}]};

test('nothing is asked before some requests for rows, and then every 30 seconds at most', async t => {
	const {asked, rows, facts} = setUp(async () => playing);
	await rows(5);
	t.is(asked.sessions, 0);
	await rows(1);
	t.is(asked.sessions, 1);
	t.deepEqual(facts(), {isStreaming: true, isScanning: false});
	await rows(290);
	t.is(asked.sessions, 1);
	await rows(10);
	t.is(asked.sessions, 2);
});

test('who may not ask never asks again, and it is no error', async t => {
	for (const code of ['unauthorized', 'forbidden', 'not-found'] as const) {
		const {asked, rows, facts} = setUp(async () => {
			throw new AppError(code, 'No.');
		});
		await rows(50, 10_000);
		t.is(asked.sessions, 1);
		t.deepEqual(facts(), {isStreaming: false, isScanning: false});
	}
});

test('a server that does not answer in time is asked again, later', async t => {
	const {asked, rows} = setUp(async () => {
		throw new AppError('timeout', 'Too late.');
	});
	await rows(12, 10_000);
	t.is(asked.sessions, 3);
});

test('only while a library is scanned the libraries are asked for as well, until the scan has ended', async t => {
	const {asked, rows, facts, onSections} = setUp(async () => ({size: 0}));
	onSections([section(false), section(true)]);
	t.deepEqual(facts(), {isStreaming: false, isScanning: true});
	await rows(20, 10_000);
	t.is(asked.sections, 1);
	t.deepEqual(facts(), {isStreaming: false, isScanning: false});
});

test('what is paused is not streamed, and what a server sends instead of sessions does no harm', async t => {
	const answers: Array<[Record<string, unknown>, boolean]> = [
		[{size: 1, Metadata: [{Player: {state: 'paused'}}]}, false],
		[{size: 2, Metadata: [{Player: {state: 'paused'}}, {Player: {state: 'buffering'}}]}, true],
		[{size: 1, Metadata: {title: 'alone'}}, true],
		[{size: 1, Metadata: [{Player: 'x'}]}, true],
		[{size: '2'}, true],
		[{size: 'x', Metadata: [1, undefined]}, false],
		[{}, false],
	];
	for (const [answer, isStreaming] of answers) {
		const {rows, facts} = setUp(async () => answer);
		await rows(6);
		t.is(facts()?.isStreaming, isStreaming, JSON.stringify(answer));
	}
});

test('what was known in an import is forgotten in the next one', async t => {
	const {rows, facts, asked} = setUp(async () => playing);
	await rows(6);
	t.true(facts()?.isStreaming);
	await rows(1, 600_000);
	t.false(facts()?.isStreaming);
	t.is(asked.sessions, 1);
});
