import {spawnSync} from 'node:child_process';
import {readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {median} from './judge.js';

export type Measured = {wallMs: number; processorMs: number};

/**
A shell runs `runs` processes one after the other and tells their processor time, which the system counts in steps of 10 ms. They may end with 0 or 1.

@returns the time of one of them
@throws Error if one of them fails
*/
export const measureProcess = (home: string, command: readonly string[], {runs = 1}: {runs?: number} = {}): Measured => {
	const script = `run=0; while test $run -lt ${runs}; do run=$((run + 1)); "$@" > /dev/null; test $? -le 1 || exit 2; done; times`;
	const start = performance.now();
	const {stdout, stderr, status} = spawnSync('sh', ['-c', script, 'sh', ...command], {encoding: 'utf8', env: environmentIn(home)});
	const wallMs = performance.now() - start;
	if (status !== 0) {
		throw new Error(`${command.join(' ')}: ${stderr}`);
	}

	const times = stdout.trim().split('\n').at(-1)!.matchAll(/(?<minutes>\d+)m(?<seconds>[\d.]+)s/gv);
	const processorMs = times.reduce((sum, {groups}) => sum + (Number(groups!['minutes']) * 60_000) + (Number(groups!['seconds']) * 1000), 0);
	return {wallMs: wallMs / runs, processorMs: processorMs / runs};
};

/**
Measures all of them in turns, so that they see the same machine.

@returns medians of the rounds
*/
export const measureInTurns = (home: string, commands: ReadonlyMap<string, readonly string[]>, {rounds, runs = 1}: {rounds: number; runs?: number}): Map<string, Measured> => {
	const measured = new Map(Array.from(commands.keys(), name => [name, [] as Measured[]]));
	// The first round fills the compile cache and the cache of the disk.
	for (let round = 0; round <= rounds; round++) {
		for (const [name, command] of commands) {
			const one = measureProcess(home, command, {runs});
			if (round > 0) {
				measured.get(name)!.push(one);
			}
		}
	}

	return new Map(Array.from(measured, ([name, all]) => [name, {
		wallMs: median(all.map(({wallMs}) => wallMs)),
		processorMs: median(all.map(({processorMs}) => processorMs)),
	}]));
};

// Written when the process ends.
const hook = `data:text/javascript,${encodeURIComponent(`
	import {writeFileSync} from 'node:fs';
	process.on('exit', () => {
		writeFileSync(process.env.REELCAT_PROBE_FILE, String(process.resourceUsage().maxRSS));
	});
`)}`;

/**
The most memory that a process of this Node.js had, in megabytes.
*/
export const peakMegabytes = async (home: string, args: readonly string[]): Promise<number> => {
	const probeFile = path.join(home, 'probe');
	spawnSync(process.execPath, ['--import', hook, ...args], {stdio: 'ignore', env: {...environmentIn(home), REELCAT_PROBE_FILE: probeFile}});
	const peak = await readFile(probeFile, 'utf8');
	await rm(probeFile);
	return Number(peak) / 1024;
};

const environmentIn = (home: string) => ({
	// With another locale grep would compare bytes, which finds less.
	PATH: process.env['PATH']!, HOME: home, LANG: 'C.UTF-8', REELCAT_DATA_DIR: home,
});

/**
Prints a line for each of them.
*/
export const printMeasured = (measured: ReadonlyMap<string, Measured>, peaks: ReadonlyMap<string, number>): void => {
	for (const [name, {wallMs, processorMs}] of measured) {
		const [wall, processor] = [wallMs, processorMs].map(value => value.toFixed(0).padStart(6));
		const peak = peaks.get(name);
		console.log(`${name.padEnd(36)} ${wall} ms wall ${processor} ms processor${peak === undefined ? '' : ` ${peak.toFixed(0).padStart(6)} MB`}`);
	}
};
