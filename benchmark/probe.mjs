/**
Loaded before reelcat (`node --import`): tells its peak memory and its longest event-loop stall when it ends. SIGUSR2 forgets the stalls so far.
*/
import {writeFileSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import process from 'node:process';

const resolutionMs = 5;
const delay = monitorEventLoopDelay({resolution: resolutionMs});
delay.enable();
process.on('SIGUSR2', () => {
	delay.reset();
});
process.on('exit', () => {
	writeFileSync(process.env.REELCAT_PROBE_FILE, JSON.stringify({
		peakRssBytes: process.resourceUsage().maxRSS * 1024,
		longestStallMs: Math.max(0, (delay.max / 1e6) - resolutionMs),
	}));
});
