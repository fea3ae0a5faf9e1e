/**
Compares a catalogue in PostgreSQL with one in a document, in one run: the first import of whole processes, in turns; the statements of a sync that finds nothing; what one changed item takes; the memory of a daemon that was asked for pages over its API; and pages of queries of an invented catalogue. PostgreSQL runs with its durable defaults, on the same cores.

Usage: npm run bench:postgres [-- --movies 2000 --shows 100 --rounds 3 --items 50000]. With `--rounds 0` only queries are asked
*/
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
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

const apiToken = 'a-token-that-only-this-benchmark-has-for-the-api';

const start = (home: string, args: readonly string[], store: string) => spawn(process.execPath, [cli, ...args], {
	env: {
		PATH: process.env['PATH'], HOME: path.join(folder, home), PLEX_URL: plex.url, PLEX_TOKEN: plex.token, REELCAT_STORE: store, REELCAT_API_TOKEN: apiToken,
	},
	stdio: ['ignore', 'pipe', 'inherit'],
});

const timed = async (home: string, args: readonly string[], store = '') => {
	const startedMs = performance.now();
	const child = start(home, args, store);
	const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
	if (exitCode !== 0) {
		throw new Error(`${args.join(' ')} ended with ${exitCode}: ${output}`);
	}

	return performance.now() - startedMs;
};

/**
The resident memory in megabytes of a daemon that has compared its libraries and was asked for pages, at its end and at its most.
*/
const daemonMegabytes = async (home: string, store = ''): Promise<{end: number; most: number}> => {
	const child = start(home, ['--watch', '--api', '127.0.0.1:0', '--json'], store);
	for await (const line of createInterface({input: child.stdout})) {
		const port = /listens on port (?<port>\d+)/v.exec(line)?.groups!['port'];
		if (port === undefined) {
			continue;
		}

		await sleep(10_000);
		for (const query of ['', 'type:movie sort:-size', 'the', 'type:episode']) {
			const answer = await fetch(`http://127.0.0.1:${port}/api/v1/items?limit=50&query=${encodeURIComponent(query)}`, {headers: {authorization: `Bearer ${apiToken}`}});
			if (!answer.ok) {
				throw new Error(await answer.text());
			}

			await answer.arrayBuffer();
		}

		break;
	}

	const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
	child.kill('SIGTERM');
	await once(child, 'close');
	const megabytes = (name: string) => Number(new RegExp(String.raw`^${name}:\s+(?<kb>\d+)`, 'mv').exec(status)?.groups?.['kb']) / 1024;
	return {end: megabytes('VmRSS'), most: megabytes('VmHWM')};
};

// A statement may have several lines, which begin with a tab.
const statementsOf = (log: string) => log.replaceAll(/\n\s+/gv, ' ').split('\n').filter(line => /LOG: {2}(?:statement|execute)/v.test(line)).map(line => line.replace(/^.*?LOG: {2}[^:]*: /v, ''));

const isOfLogin = (statement: string) => statement.includes('set_config(') || statement.includes('kysely_migration');

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
	const statements = statementsOf(database.log()).slice(before).filter(statement => !statement.startsWith('ALTER ROLE') && !isOfLogin(statement));
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
	const [ofDocument, ofDatabase] = [await daemonMegabytes(`document-${Number(values.rounds) - 1}`), await daemonMegabytes(home, address.text)];
	console.log(`resident memory of a daemon, at the end and at most: document ${Math.round(ofDocument.end)} and ${Math.round(ofDocument.most)} MB, database ${Math.round(ofDatabase.end)} and ${Math.round(ofDatabase.most)} MB`);
	return [
		{what: 'memory of a daemon over a database ÷ over a document', is: ofDatabase.end / ofDocument.end, limit: 1 / 3},
		{what: 'first import ÷ the same into a document, wall', is: median(inDatabase) / median(inDocument), limit: 1.5},
		{what: 'statements of a sync that finds nothing, without those that begin its connections', is: statements.length, limit: 5},
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
