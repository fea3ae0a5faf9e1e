import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import type {Channel} from '../../../source/watch/notify/channel.js';
import type {Notice} from '../../../source/watch/notify/notice.js';
import type {OutboxChannel} from '../../../source/watch/notify/outbox.js';
import type {VirtualClock} from '../../helpers/virtual-clock.js';

/**
A channel that keeps what it is sent; `respond` may throw, or never return.
*/
export const fakeChannel = (name: string, respond: (notice: Notice, signal: AbortSignal) => Promise<void> | void = () => undefined, settings: Partial<OutboxChannel['settings']> = {}) => {
	const sent: Notice[] = [];
	const channel: Channel = {
		name,
		kind: 'webhook',
		async send(notice, signal) {
			sent.push(notice);
			await respond(notice, signal);
		},
	};
	const entry: OutboxChannel = {
		channel,
		settings: {
			name, on: ['alerts', 'changes', 'imports'], minLevel: 'info', quiet: {quietHours: undefined, quietErrors: false, timeZone: 'UTC'}, ...settings,
		},
	};
	return {...entry, sent, ids: () => sent.map(({id}) => id)};
};

export const dataFile = async (t: ExecutionContext) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-notices-'));
	t.teardown(async () => rm(folder, {recursive: true, force: true, maxRetries: 5}));
	return path.join(folder, 'notices.json');
};

/**
Waits for a condition in real time, because a virtual clock does not speed up writes to the disk.
*/
export const until = async (isSo: () => boolean) => {
	const endMs = performance.now() + 10_000;
	while (!isSo()) {
		if (performance.now() > endMs) {
			throw new Error('It did not come to that.');
		}

		await setImmediate();
	}
};

/**
Let time pass in steps, and wait after each step for the writes that it causes.
*/
export const pass = async (clock: VirtualClock, ms: number, settled: () => Promise<void>, stepMs = 60_000) => {
	for (let doneMs = 0; doneMs < ms; doneMs += stepMs) {
		await clock.advance(Math.min(stepMs, ms - doneMs));
		await settled();
	}
};
