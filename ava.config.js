import {rmSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';

const folder = 'compiled';

/**
Once for all test processes: a loader in each of them took a fifth of the time of the suite.
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
	// The tests name these from where they are.
	for (const name of ['dist', 'fixtures', 'test/helpers/planted-bug.js']) {
		symlinkSync(path.resolve(name), path.join(folder, name), name.endsWith('.js') ? 'file' : 'junction');
	}
};

export default async function avaConfig() {
	await compile();
	return {
		files: ['test/**/*.{ts,tsx}', '!test/helpers/**'],
		typescript: {
			extensions: ['ts', 'tsx'],
			rewritePaths: {'test/': `${folder}/test/`},
			compile: false,
		},
		nodeArguments: ['--enable-source-maps'],
		workerThreads: false,
		timeout: '60s',
		environmentVariables: {FORCE_COLOR: '0', NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile')},
	};
}
