/**
Compares a catalogue in PostgreSQL with one in a document, in one run: the first import of whole processes, in turns; the statements of a sync that finds nothing; what one changed item takes; and pages of queries of an invented catalogue. PostgreSQL runs with its durable defaults, on the same cores.

Usage: npm run bench:postgres [-- --movies 2000 --shows 100 --rounds 3 --items 50000]. With `--rounds 0` only queries are asked
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {openPostgresCatalog} from '../source/store/postgres/postgres-catalog.js';
import {startPostgres} from '../test/helpers/postgres-server.js';
import {startBusyDemo} from './demo-process.js';
import {judge, median, type Verdict} from './judge.js';
import {measureAnswers} from './postgres-answers.js';

const {values} = parseArgs({
	options: {
		movies: {type: 'string', default: '2000'},
		shows: {type: 'string', default: '100'},
		rounds: {type: 'string', default: '3'},
		items: {type: 'string', default: '50000'},
	},
});
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
const plex = await startBusyDemo(values.movies, values.shows);
const database = await startPostgres({
	settings: {
		fsync: 'on', shared_buffers: '128MB', log_min_messages: 'log',
	},
});

const timed = async (home: string, args: readonly string[], store = '') => {
	const startedMs = performance.now();
	const child = spawn(process.execPath, [cli, ...args], {
		env: {
			PATH: process.env['PATH'], HOME: path.join(folder, home), PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: store,
		},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
	if (exitCode !== 0) {
		throw new Error(`${args.join(' ')} ended with ${exitCode}: ${output}`);
	}

	return performance.now() - startedMs;
};

const statementsOf = (log: string) => log.split('\n').filter(line => /LOG: {2}(?:statement|execute)/v.test(line)).map(line => line.replace(/^.*?LOG: {2}[^:]*: /v, ''));

const measureImports = async (): Promise<Verdict[]> => {
	// The server makes each answer once before it is measured.
	await timed('warm', ['import', '--all']);
	const inDocument: number[] = [];
	const inDatabase: number[] = [];
	let address = database.address();
	for (let round = 0; round < Number(values.rounds); round++) {
		inDocument.push(await timed(`document-${round}`, ['import', '--all']));
		address = database.address();
		inDatabase.push(await timed(`database-${round}`, ['import', '--all'], address.text));
	}

	console.log(`first import: document ${Math.round(median(inDocument))} ms, database ${Math.round(median(inDatabase))} ms`);
	const home = `database-${Number(values.rounds) - 1}`;
	await timed(home, ['sync'], address.text);
	await database.query('ALTER ROLE reelcat SET log_statement = \'all\'');
	const before = statementsOf(database.log()).length;
	await timed(home, ['sync'], address.text);
	await database.query('ALTER ROLE reelcat RESET log_statement');
	const statements = statementsOf(database.log()).slice(before).filter(statement => !statement.startsWith('ALTER ROLE'));
	console.log(statements.map(statement => `  ${statement.slice(0, 110)}`).join('\n'));

	const store = await openPostgresCatalog({folder, login: {address}});
	const changeMs: number[] = [];
	const pageMs: number[] = [];
	const {records} = await store.page({kind: 'item', limit: 50});
	for (const [index, record] of records.entries()) {
		const startedMs = performance.now();
		const transaction = await store.begin();
		await transaction.upsert([record.kind === 'item' ? {...record, summary: `Changed ${index}`} : record]);
		await transaction.commit();
		changeMs.push(performance.now() - startedMs);
		const askedMs = performance.now();
		await store.page({kind: 'item', limit: 50, after: String(index)});
		pageMs.push(performance.now() - askedMs);
	}

	await store.close();
	return [
		{what: 'first import ÷ the same into a document, wall', is: median(inDatabase) / median(inDocument), limit: 1.5},
		{what: 'statements of a sync that finds nothing', is: statements.length, limit: 5},
		{what: 'one change, median, ms', is: median(changeMs), limit: 20},
		{what: 'a page of 50 items, median, ms', is: median(pageMs), limit: 60},
	];
};

try {
	const imports = Number(values.rounds) === 0 ? [] : await measureImports();
	judge([...imports, ...await measureAnswers(database, {folder, items: Number(values.items), rounds: 5})]);
} finally {
	plex.stop();
	await database.close();
	await rm(folder, {recursive: true, force: true});
}
