import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import process from 'node:process';
import test from 'ava';
import {build, transform} from 'esbuild';
import packageJson from '../../package.json' with {type: 'json'};
import {cliFile} from '../helpers/terminal.js';

const pretend = (version: string) => `data:text/javascript,Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${version}'}})`;

const runAs = (version: string, ...args: string[]) => spawnSync(process.execPath, ['--import', pretend(version), cliFile, ...args], {encoding: 'utf8'});

test('the file that is loaded first has only the syntax of Node.js 14', async t => {
	const source = readFileSync(cliFile, 'utf8');
	const [newest, oldest] = await Promise.all([transform(source, {target: 'esnext'}), transform(source, {target: ['es2020', 'node14.0']})]);
	t.is(oldest.code, newest.code);
	await t.throwsAsync(transform('await 1', {target: 'node14.0', format: 'esm', logLevel: 'silent'}));
});

test('the file that is loaded first imports nothing before it has looked at the version', async t => {
	const {metafile} = await build({
		entryPoints: [cliFile], bundle: true, external: ['*'], write: false, metafile: true, platform: 'node', format: 'esm',
	});
	t.deepEqual(Object.values(metafile.inputs).flatMap(({imports}) => imports.map(({path, kind}) => [path, kind])), [['./commands/run.js', 'dynamic-import']]);
});

test('an older Node.js is told which one is needed, whatever was asked', t => {
	for (const version of ['14.21.3', '18.20.0', '20.9.0', '22.19.0']) {
		for (const args of [['--version'], ['--help'], ['ls', '--json'], []]) {
			const {status, stdout, stderr} = runAs(version, ...args);
			t.deepEqual({status, stdout, stderr}, {status: 1, stdout: '', stderr: `reelcat needs Node.js 22.20 or newer; this is ${version}.\n`});
		}
	}
});

test('a Node.js that is new enough runs reelcat', t => {
	const {status, stdout} = runAs('22.20.0', '--version');
	t.is(status, 0);
	t.is(stdout, `${packageJson.version}\n`);
	t.is(packageJson.engines.node, '>=22.20');
});
