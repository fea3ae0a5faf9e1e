import {setTimeout as sleep} from 'node:timers/promises';
import {startReelcat} from './run-reelcat.js';

type Line = {level: string; time: string; msg: string};

/**
A daemon in a process of its own, with what it has logged so far.
*/
export const watchHere = (home: string, {env, args = []}: {env: Record<string, string>; args?: readonly string[]}) => {
	const {child, finished} = startReelcat(home, ['--watch', '--api', '127.0.0.1:0', ...args], {env});
	let log = '';
	child.stdout!.on('data', (chunk: Uint8Array) => {
		log += new TextDecoder().decode(chunk);
	});
	return {
		child,
		finished,
		lines: () => log.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Line),
		async says(pattern: RegExp, times = 1) {
			const endMs = performance.now() + 120_000;
			while (log.split('\n').filter(line => pattern.test(line)).length < times) {
				if (performance.now() > endMs || child.exitCode !== null) {
					const stderr = child.exitCode === null ? '' : (await finished).stderr;
					throw new Error(`The daemon never said ${String(pattern)}: ${log}${stderr}`);
				}

				await sleep(20);
			}
		},
	};
};
