import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {isQueryError} from '../../source/query/language/query-error.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary} from '../query/_items.js';
import {commit} from './_past.js';

const films = [
	makeItem('a1', {title: 'Alien', year: 1979}),
	makeItem('a2', {title: 'Aliens', year: 1986}),
	makeItem('m1', {title: 'Metropolis', year: 1927}),
];

const open = async (t: Parameters<typeof temporaryFolder>[0]) => {
	const config = await temporaryFolder(t);
	const store = createMemoryStore();
	await store.load();
	await commit(store, {libraries: [makeLibrary('films', 'Films')], put: films, events: []});
	return {
		file: path.join(config, 'settings.json'),
		run: async (...args: string[]) => runCommand(store, args, {env: {REELCAT_CONFIG_DIR: config}}),
	};
};

test('a saved query is listed, is part of any other one, and can be replaced and removed', async t => {
	const {run} = await open(t);
	t.deepEqual(await run('queries'), {exitCode: 0, stdout: '', stderr: 'No query is saved. For instance: reelcat queries save unseen-4k "res:4k watched:no"\n'});
	t.deepEqual(await run('queries', 'save', 'old', 'year:<1980'), {exitCode: 0, stdout: 'Saved as @old.\n', stderr: ''});
	await run('queries', 'save', 'creature', 'alien');
	await run('queries', 'save', '@both', '@creature', '@old');
	t.is((await run('queries')).stdout, 'Name       Query\n@both      @creature @old\n@creature  alien\n@old       year:<1980\n');
	t.deepEqual(JSON.parse((await run('queries', '--json')).stdout), {
		schema: 1, queries: [{name: 'both', query: '@creature @old'}, {name: 'creature', query: 'alien'}, {name: 'old', query: 'year:<1980'}],
	});
	t.is((await run('ls', '@both', '--columns', 'title')).stdout, 'Title\nAlien\n');
	t.is((await run('ls', '@old -@creature', '--columns', 'title')).stdout, 'Title\nMetropolis\n');
	t.is((await run('export', '@creature -@old')).stdout.match(/"title":"Aliens"/gv)?.length, 1);
	await run('queries', 'save', 'old', 'year:<1950');
	t.is((await run('ls', '@old', '--columns', 'title')).stdout, 'Title\nMetropolis\n');
	t.deepEqual(await run('queries', 'remove', 'old'), {exitCode: 0, stdout: 'Removed @old.\n', stderr: '@both asks for @old and does not work without it.\n'});
	await t.throwsAsync(run('ls', '@both'), {code: 'usage', message: 'In the saved query @both: There is no saved query @old.'});
});

test('a name that is not known is an error at its place, with what was probably meant', async t => {
	const {run} = await open(t);
	await run('queries', 'save', 'unseen', 'watched:no');
	const error: unknown = await t.throwsAsync(run('ls', 'alien @unsen'), {code: 'usage', message: 'There is no saved query @unsen; did you mean @unseen?'});
	t.deepEqual(isQueryError(error) ? error.span : undefined, {start: 6, end: 12});
	await t.throwsAsync(run('queries', 'remove', 'unsen'), {code: 'usage', message: 'There is no saved query @unsen.'});
	for (const name of ['constructor', '__proto__', 'toString']) {
		await t.throwsAsync(run('ls', `@${name}`), {code: 'usage', message: `There is no saved query @${name}.`});
	}
});

test('what is wrong is not saved: a query, a name, a circle', async t => {
	const {run, file} = await open(t);
	await run('queries', 'save', 'one', 'alien');
	const before = await readFile(file, 'utf8');
	const error: unknown = await t.throwsAsync(run('queries', 'save', 'wrong', 'alien gener:horror'), {message: 'There is no field gener; did you mean genre?'});
	t.deepEqual(isQueryError(error) ? error.span : undefined, {start: 6, end: 11});
	await t.throwsAsync(run('queries', 'save', 'one', 'year:1979 @one'), {message: /leads to itself/v});
	for (const name of ['Upper', '1st', '__proto__', 'with space', 'a/b', 'é', 'x'.repeat(41)]) {
		await t.throwsAsync(run('queries', 'save', name, 'alien'), {code: 'usage', message: /cannot be the name/v}, `the name ${name}`);
	}

	await t.throwsAsync(run('queries', 'save', 'empty'), {code: 'usage', message: 'What should @empty ask?'});
	await t.throwsAsync(run('queries', 'sav', 'a', 'b'), {code: 'usage', message: 'There is no action "sav".'});
	await t.throwsAsync(run('queries', 'save'), {code: 'usage', message: 'Name the saved query.'});
	t.is(await readFile(file, 'utf8'), before);
	await run('queries', 'save', 'two', '@one');
	await t.throwsAsync(run('queries', 'save', 'one', '@two'), {message: /@two → @one/v});
	t.is((await run('ls', '@one', '--columns', 'title')).stdout, 'Title\nAlien\nAliens\n');
});

test('a query that others ask for is removed with a word about them, a saved export among them', async t => {
	const {run} = await open(t);
	await run('queries', 'save', 'old', 'year:<1980');
	await run('exports', 'save', 'weekly', '@old');
	t.is((await run('queries', 'list')).stdout, (await run('queries')).stdout);
	t.is((await run('queries', 'remove', 'old')).stderr.trim(), 'The saved export weekly asks for @old and does not work without it.');
});

test('a name in the file that cannot be one is told, and a query without @ does not read the file', async t => {
	const {run, file} = await open(t);
	await writeFile(file, '{"queries": [{"name": "__proto__", "query": "alien"}]}');
	await t.throwsAsync(run('queries'), {code: 'usage', message: /The setting queries\.0\.name/v});
	t.is((await run('ls', 'metropolis', '--columns', 'title')).stdout, 'Title\nMetropolis\n');
});

test('a saved query is watched and unwatched, which the list shows, and stays watched when it is edited', async t => {
	const {run, file} = await open(t);
	await run('queries', 'save', 'old', 'year:<1980');
	await run('queries', 'save', 'creature', 'alien');
	t.deepEqual(await run('queries', 'watch', '@old'), {exitCode: 0, stdout: '"reelcat --watch" tells what enters and leaves @old from now on.\n', stderr: ''});
	t.is((await run('queries')).stdout, 'Name       Watched  Query\n@creature           alien\n@old       yes      year:<1980\n');
	await run('queries', 'save', 'old', 'year:<1950');
	t.deepEqual(JSON.parse((await run('queries', '--json')).stdout), {
		schema: 1, queries: [{name: 'creature', query: 'alien'}, {name: 'old', query: 'year:<1950', standing: true}],
	});
	t.deepEqual(JSON.parse((await run('queries', 'watch', 'creature', '--json')).stdout), {schema: 1, watched: 'creature'});
	t.is((await run('queries', 'unwatch', 'old')).stdout, '@old is not watched any more.\n');
	await run('queries', 'unwatch', 'creature');
	t.deepEqual(JSON.parse(await readFile(file, 'utf8')), {queries: [{name: 'creature', query: 'alien'}, {name: 'old', query: 'year:<1950'}]});
});

test('what cannot be watched is refused: a limit, also of a query that it names, and an unknown name', async t => {
	const {run} = await open(t);
	await run('queries', 'save', 'few', 'alien limit:1');
	await run('queries', 'save', 'inner', '@few year:1979');
	const limited = {code: 'usage', message: /ends after 1 item \(limit:1\), so it cannot be a standing query\.$/v};
	await t.throwsAsync(run('queries', 'watch', 'few'), limited);
	await t.throwsAsync(run('queries', 'watch', 'inner'), limited);
	await run('queries', 'save', 'all', 'alien');
	await run('queries', 'watch', 'all');
	await t.throwsAsync(run('queries', 'save', 'all', 'alien limit:1'), limited);
	await t.throwsAsync(run('queries', 'watch', 'al'), {code: 'usage', message: 'There is no saved query @al.'});
	await t.throwsAsync(run('queries', 'unwatch', 'constructor'), {code: 'usage', message: 'There is no saved query @constructor.'});
	await t.throwsAsync(run('queries', 'watch', 'all', 'more'), {code: 'usage', message: '"reelcat queries watch" takes one name.'});
	t.deepEqual(JSON.parse((await run('queries', '--json')).stdout), {
		schema: 1, queries: [{name: 'all', query: 'alien', standing: true}, {name: 'few', query: 'alien limit:1'}, {name: 'inner', query: '@few year:1979'}],
	});
});
