import {spawnSync} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {DatabaseSync} from 'node:sqlite';
import {fileURLToPath} from 'node:url';
import {keepForNextStart} from '../source/app/index-loader.js';
import type {CatalogRecord} from '../source/catalog/types.js';
import {openCatalog} from '../source/store/open-catalog.js';
import {makeLibrary} from '../test/query/_items.js';
import type {Verdict} from './judge.js';
import {measureInTurns, printMeasured} from './measure-process.js';
import {queryPairs} from './query-pairs.js';
import {personName, rowOf} from './query-rows.js';
import {syntheticServer} from './store-synthetic.js';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

const asked = ['title:="The Gilded Harbour part 77"', 'director:="Hushed Harbour 0"', 'sort:-size limit:50', 'rating:>9 watched:no type:movie'];

const build = async (folder: string, count: number) => {
	const store = await openCatalog({folder});
	await store.load();
	const named = new Map<string, CatalogRecord>();
	const batch = 5000;
	for (let start = 0; start < count; start += batch) {
		const rows = Array.from({length: Math.min(batch, count - start)}, (_, offset) => rowOf(start + offset));
		const records: CatalogRecord[] = [];
		for (const {item, sizeBytes} of rows) {
			const [genres, studios] = [item.genres, item.studios];
			const fresh: CatalogRecord[] = [
				...[...item.directors, ...item.cast.map(({personId}) => personId)].map((id): CatalogRecord => ({id, kind: 'person', name: personName(Number(id.slice(1)))})),
				...genres.map((id): CatalogRecord => ({
					id, kind: 'tag', tagKind: 'genre', name: id.slice(2),
				})),
				...studios.map((id): CatalogRecord => ({
					id, kind: 'tag', tagKind: 'studio', name: id.slice(2),
				})),
			].filter(({id}) => !named.has(id));
			for (const record of fresh) {
				named.set(record.id, record);
			}

			records.push(item, {
				id: item.versions[0]!.parts[0]!.fileId, kind: 'file', serverId: 'server', sizeBytes,
			}, ...fresh);
		}

		const transaction = await store.begin();
		await transaction.putServer(syntheticServer);
		const movie = Math.ceil(Math.min(count, start + batch) / 10);
		await transaction.putLibrary({
			...makeLibrary('films', 'Films'), counts: {
				movie, show: 0, season: 0, episode: Math.min(count, start + batch) - movie,
			},
		});
		await transaction.upsert(records);
		await transaction.commit();
	}

	await store.close();
	await keepForNextStart(folder, store);
};

/**
How long `reelcat ls` takes from the shell, beside `sqlite3` on the same data and the start of Node.js.
*/
export const measureCold = async (database: DatabaseSync, {count, rounds}: {count: number; rounds: number}): Promise<Verdict[]> => {
	if (spawnSync('sqlite3', ['--version']).status !== 0) {
		process.stdout.write('There is no sqlite3 here, so nothing is measured from the shell (`apt-get install sqlite3`).\n');
		return [];
	}

	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-bench-'));
	try {
		const file = path.join(folder, 'items.sqlite');
		database.prepare('VACUUM INTO ?').run(file);
		await build(folder, count);
		const commands = new Map<string, readonly string[]>([
			['bare node', [process.execPath, '-e', '0']],
			...asked.flatMap((query): Array<[string, readonly string[]]> => [
				[`reelcat ls '${query}'`, [process.execPath, cli, 'ls', query]],
				[`sqlite3 '${query}'`, ['sqlite3', '-readonly', file, queryPairs.find(([text]) => text === query)![1]]],
			]),
		]);
		const measured = measureInTurns(folder, commands, {rounds});
		printMeasured(measured, new Map());
		const wallOf = (name: string) => measured.get(name)!.wallMs;
		return asked.map(query => ({
			what: `ls '${query}' ÷ (sqlite3 + bare node), wall`, is: wallOf(`reelcat ls '${query}'`) / (wallOf(`sqlite3 '${query}'`) + wallOf('bare node')), limit: 1.5,
		}));
	} finally {
		await rm(folder, {recursive: true});
	}
};
