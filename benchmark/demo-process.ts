import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {LatencyModel} from '../source/demo/knobs/latency-model.js';

/**
The demo server runs in its own process, so that its work is not counted as ours.
*/
export const startDemo = async (args: readonly string[]) => {
	const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
	return start([cli, 'demo-server', '--json', ...args]);
};

/**
A demo server that makes each answer once, and keeps it, which takes several gigabytes for 250,000 items. `beSlow` turns on the model of what requests cost it.
*/
export const startBusyDemo = async (movies: string, shows: string) => {
	const {write, ...demo} = await start(['--max-old-space-size=10000', '--import=tsx', fileURLToPath(new URL('busy-demo.ts', import.meta.url)), movies, shows]);
	return {
		...demo,
		beSlow(model: LatencyModel) {
			write(`${JSON.stringify(model)}\n`);
		},
	};
};

const start = async (args: readonly string[]) => {
	const child = spawn(process.execPath, args, {stdio: ['pipe', 'pipe', 'inherit']});
	process.once('exit', () => {
		child.kill();
	});
	const [line] = await once(child.stdout, 'data') as [Uint8Array];
	const {url, token} = JSON.parse(new TextDecoder().decode(line)) as {url: string; token: string};
	return {
		url,
		token,
		write(text: string) {
			child.stdin.write(text);
		},
		stop() {
			child.kill();
		},
	};
};
