import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {fillIndex} from '../../source/app/index-loader.js';
import type {SavedQuery} from '../../source/catalog/saved-query.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {savedWorld} from '../../source/query/language/query-source.js';
import {checkSavedQuery} from '../../source/query/language/saved.js';
import {recordValues} from '../../source/query/record-values.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {importDemo} from '../helpers/imported-demo.js';
import {temporaryFolder} from '../helpers/store-records.js';

const file = path.join(process.cwd(), 'docs/query.md');
const saving = /^reelcat queries save (?<name>\S+) '(?<query>[^']+)'$/v;
const row = /^\| `(?<query>[^`]+)` \| (?<purpose>[^\|]+) \| (?<count>\d+) \|$/v;

test('every example of docs/query.md finds what it says', async t => {
	const home = await temporaryFolder(t);
	await importDemo(home);
	const store = await openCatalog({folder: path.join(home, '.local/share/reelcat/demo'), access: 'read'});
	try {
		const index = createCatalogIndex();
		await fillIndex(store, index);
		await store.load();
		const {libraries, servers} = store.header();
		const readValues = recordValues(store);
		const lines = readFileSync(file, 'utf8').split('\n');
		const saved = lines.map(line => saving.exec(line)?.groups as SavedQuery | undefined).filter(groups => groups !== undefined);
		t.is(saved.length, 3);
		const world = {
			now: new Date('2026-06-01T12:00:00Z'), libraries, servers, ...savedWorld(() => saved),
		};
		for (const query of saved) {
			await checkSavedQuery(query, world);
		}

		const found: string[] = [];
		for (const line of lines) {
			const {query, purpose} = row.exec(line)?.groups ?? {};
			const ids = query === undefined ? [] : await index.list({plan: await compileQuery(query, world)}, {readValues});
			found.push(query === undefined ? line : `| \`${query}\` | ${purpose!} | ${ids.length} |`);
		}

		if (process.env['REELCAT_WRITE_EXAMPLES'] !== undefined) {
			writeFileSync(file, found.join('\n'));
		}

		t.deepEqual(found, lines);
		t.true(found.filter(line => row.test(line)).length > 40);
		t.deepEqual(found.filter(line => row.exec(line)?.groups?.['count'] === '0'), [], 'an example that finds nothing shows nothing');
	} finally {
		await store.close();
	}
});
