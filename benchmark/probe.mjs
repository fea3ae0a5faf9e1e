/**
Loaded before reelcat (`node --import`). When reelcat ends, it reports the peak memory and the longest event-loop stall, and the longest stall of each tenth of a second with the time of day. SIGUSR2 forgets the stalls so far.
*/
import {writeFileSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import process from 'node:process';

const resolutionMs = 5;
const delay = monitorEventLoopDelay({resolution: resolutionMs});
let longestStallMs = 0;
const stalls = [];
const look = () => {
	const stallMs = Math.max(0, (delay.max / 1e6) - resolutionMs);
	delay.reset();
	stalls.push([Date.now(), stallMs]);
	longestStallMs = Math.max(longestStallMs, stallMs);
};

delay.enable();
setInterval(look, 100).unref();
process.on('SIGUSR2', () => {
	look();
	longestStallMs = 0;
});
process.on('exit', () => {
	look();
	writeFileSync(process.env.REELCAT_PROBE_FILE, JSON.stringify({
		peakRssBytes: process.resourceUsage().maxRSS * 1024,
		longestStallMs,
		stalls,
	}));
});
