import {rmSync, symlinkSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {isMainThread} from 'node:worker_threads';
import {build} from 'esbuild';

const folder = 'compiled';

/**
Compile once for all test processes. A loader in each process took a fifth of the time of the suite.
*/
const compile = async () => {
	rmSync(folder, {recursive: true, force: true});
	await build({
		entryPoints: ['source/**/*.ts', 'source/**/*.tsx', 'test/**/*.ts', 'test/**/*.tsx', 'docs/*.ts'],
		outbase: '.',
		outdir: folder,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		jsx: 'automatic',
		sourcemap: true,
		logLevel: 'warning',
	});
	// The tests refer to these by paths relative to their own place.
	for (const name of ['dist', 'fixtures', 'package.json', 'test/helpers/planted-bug.js']) {
		symlinkSync(path.resolve(name), path.join(folder, name), path.extname(name) === '' ? 'junction' : 'file');
	}
};

// `ava test/x.ts` runs the file that was compiled from it. AVA's own provider for TypeScript loads 150 modules into each test process, which takes as long as everything else before the first test.
const compiledName = argument => {
	const [first, ...rest] = path.relative('', argument).split(path.sep);
	return first === 'test' ? path.posix.join(folder, first, ...rest).replace(/\.tsx?$/v, '.js') : argument;
};

export default async function avaConfig() {
	// The linter asks in a thread of its own which files are tests, and waits no longer than ten seconds.
	if (isMainThread) {
		await compile();
	}

	// AVA reads the arguments after it has loaded this file.
	process.argv = process.argv.map((argument, index) => index < 2 ? argument : compiledName(argument));
	return {
		files: [`${folder}/test/**/*.js`, `!${folder}/test/helpers/**`],
		nodeArguments: ['--enable-source-maps'],
		workerThreads: false,
		// Tests of servers, terminals and time spend half of their time waiting.
		concurrency: availableParallelism() + 1,
		timeout: '60s',
		// React as it is shipped. Its development build takes twice as long for the tests of the app, and what it warns of on stderr fails no test.
		environmentVariables: {NODE_ENV: 'production', FORCE_COLOR: '0', NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile')},
	};
}
