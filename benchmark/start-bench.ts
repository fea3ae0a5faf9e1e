import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {cliFile, sitDown} from '../test/helpers/terminal.js';
import {judge, median} from './judge.js';
import {measureInTurns, peakMegabytes, printMeasured} from './measure-process.js';

/**
Measures the start of a process against bare node: `npm run bench:start [-- rounds = 9]`. It ends with 1 when a limit is exceeded. The catalogue is empty, so what is measured is the program alone.

On a busy machine look at the processor time and the ratios: the wall time says how long others had the processor.
*/
const [first = '9'] = process.argv.slice(2);
const runs = 10;
const home = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));

/**
How long it takes until anything is written, and until the app has drawn itself.
*/
const startOfApp = async () => {
	const start = performance.now();
	const person = sitDown(home);
	await person.sees(() => person.written() !== '');
	const byteMs = performance.now() - start;
	await person.sees('Connect');
	const frameMs = performance.now() - start;
	// It may not be ready for a key yet.
	person.signal('SIGTERM');
	await person.exit;
	return {byteMs, frameMs};
};

try {
	const rounds = Number(first);
	const bare = ['-e', '0'];
	const commands = new Map<string, readonly string[]>([
		['bare node', bare],
		['reelcat --version', [cliFile, '--version']],
		['reelcat --help', [cliFile, '--help']],
		['reelcat ls', [cliFile, 'ls']],
		['reelcat show ID', [cliFile, 'show', 'x']],
	]);
	console.log(`Node ${process.version}, ${rounds} rounds of ${runs} processes`);
	const measured = measureInTurns(home, new Map(Array.from(commands, ([name, args]) => [name, [process.execPath, ...args]])), {rounds, runs});
	const peaks = new Map<string, number>();
	for (const [name, args] of commands) {
		peaks.set(name, await peakMegabytes(home, args));
	}

	printMeasured(measured, peaks);
	const starts: Array<Awaited<ReturnType<typeof startOfApp>>> = [];
	for (let round = 0; round < rounds; round++) {
		starts.push(await startOfApp());
	}

	const node = measured.get('bare node')!;
	const version = measured.get('reelcat --version')!;
	const help = measured.get('reelcat --help')!;
	judge([
		{what: '--version ÷ bare node, wall', is: version.wallMs / node.wallMs, limit: 2},
		{what: '--version ÷ bare node, processor', is: version.processorMs / node.processorMs, limit: 2},
		{what: '--help ÷ bare node, processor', is: help.processorMs / node.processorMs, limit: 3},
		{what: 'app: process start to the first frame ÷ bare node, wall', is: median(starts.map(({frameMs}) => frameMs)) / node.wallMs, limit: 10},
		{what: 'app: process start to the first byte, ms', is: median(starts.map(({byteMs}) => byteMs)), limit: 150},
	]);
} finally {
	await rm(home, {recursive: true});
}
