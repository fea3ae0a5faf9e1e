/**
Loaded before reelcat (`node --import`). When reelcat ends, it reports the peak memory and the longest event-loop stall, and of each tenth of a second, with the time of day, the longest stall, the most processor time that the main thread took between two looks at it, and the most time there that was not spent waiting for a core. Other work on the machine makes stalls longer, but hardly these two. SIGUSR2 forgets the stalls so far.
*/
import {Buffer} from 'node:buffer';
import {openSync, readSync, writeFileSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import process from 'node:process';

const resolutionMs = 5;
const delay = monitorEventLoopDelay({resolution: resolutionMs});
let longestStallMs = 0;
let mostCpuMs = 0;
let mostOwnMs = 0;
const stalls = [];
const look = () => {
	const stallMs = Math.max(0, (delay.max / 1e6) - resolutionMs);
	delay.reset();
	stalls.push([Date.now(), stallMs, {cpuMs: mostCpuMs, ownMs: mostOwnMs}]);
	longestStallMs = Math.max(longestStallMs, stallMs);
	mostCpuMs = 0;
	mostOwnMs = 0;
};

// Linux tells how long the main thread was ready to run and had no core.
const openWaits = () => {
	try {
		return openSync('/proc/self/schedstat');
	} catch {
		return undefined;
	}
};

const waits = openWaits();
const line = Buffer.alloc(64);
const waitedMs = () => waits === undefined ? 0 : Number(line.toString('latin1', 0, readSync(waits, line, 0, line.length, 0)).split(' ', 2)[1]) / 1e6;

// Node.js 22 knows only that of the whole process.
const cpuUsage = process.threadCpuUsage ?? process.cpuUsage;

const now = () => {
	const {user, system} = cpuUsage();
	return {
		atMs: performance.now(), cpuMs: (user + system) / 1000, waitedMs: waitedMs(), idleMs: performance.eventLoopUtilization().idle,
	};
};

let last = now();
const tick = () => {
	const next = now();
	const cpuMs = next.cpuMs - last.cpuMs;
	const busyMs = next.atMs - last.atMs - (next.idleMs - last.idleMs);
	mostCpuMs = Math.max(mostCpuMs, cpuMs);
	mostOwnMs = Math.max(mostOwnMs, cpuMs, busyMs - (next.waitedMs - last.waitedMs));
	last = next;
};

delay.enable();
setInterval(look, 100).unref();
setInterval(tick, resolutionMs).unref();
process.on('SIGUSR2', () => {
	look();
	longestStallMs = 0;
});
process.on('exit', () => {
	tick();
	look();
	writeFileSync(process.env.REELCAT_PROBE_FILE, JSON.stringify({
		peakRssBytes: process.resourceUsage().maxRSS * 1024,
		longestStallMs,
		stalls,
	}));
});
