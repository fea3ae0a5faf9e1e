/**
Writes the documents that are made from the code. Run as `tsx docs/generate.ts`; with `--check` it writes nothing and fails when one is stale.
*/
import process from 'node:process';
import {staleDocuments, writeDocuments} from './documents.js';

if (process.argv.includes('--check')) {
	const stale = await staleDocuments();
	for (const path of stale) {
		console.error(`${path} is stale. Run: npx tsx docs/generate.ts`);
	}

	process.exitCode = stale.length === 0 ? 0 : 1;
} else {
	for (const path of await writeDocuments()) {
		console.log(`wrote ${path}`);
	}
}
