import {setImmediate} from 'node:timers/promises';
import type {Clock} from '../../source/base/clock.js';

export type VirtualClock = Clock & {
	/**
	Let time pass: every timer that is due fires at its own moment, and what it starts gets a turn before the next one.
	*/
	advance: (ms: number) => Promise<void>;
	/**
	Moves only the wall clock, as when somebody sets it or the machine slept.
	*/
	jump: (ms: number) => void;
	/**
	Lets time pass in a process that stands still: what is due meanwhile fires at the next `advance`.
	*/
	standStill: (ms: number) => void;
	/**
	The number of timers that have not fired.
	*/
	pending: () => number;
};

export const createVirtualClock = (start = '2026-03-01T12:00:00Z'): VirtualClock => {
	let wallMs = Date.parse(start);
	let monotonicMs = 0;
	let count = 0;
	const timers = new Map<number, {atMs: number; callback: () => void}>();

	const pass = (toMs: number) => {
		wallMs += toMs - monotonicMs;
		monotonicMs = toMs;
	};

	return {
		now: () => new Date(wallMs),
		monotonicMs: () => monotonicMs,
		after(ms, callback) {
			const id = count++;
			timers.set(id, {atMs: monotonicMs + Math.max(0, ms), callback});
			return () => {
				timers.delete(id);
			};
		},
		async advance(ms) {
			const endMs = monotonicMs + ms;
			for (;;) {
				await setImmediate();
				const next = [...timers].filter(([, {atMs}]) => atMs <= endMs).toSorted(([leftId, left], [rightId, right]) => left.atMs === right.atMs ? leftId - rightId : left.atMs - right.atMs)[0];
				if (next === undefined) {
					break;
				}

				const [id, {atMs, callback}] = next;
				timers.delete(id);
				pass(Math.max(atMs, monotonicMs));
				callback();
			}

			pass(endMs);
		},
		jump(ms) {
			wallMs += ms;
		},
		standStill(ms) {
			pass(monotonicMs + ms);
		},
		pending: () => timers.size,
	};
};
