/**
Compares the index with a look at every record, on random libraries and queries, for as many minutes as are given: `npm run soak:query -- 10`.
*/
import {deepEqual} from 'node:assert/strict';
import process from 'node:process';
import fc from 'fast-check';
import {answersOf, ask, indexOf} from '../test/query/_asked-library.js';
import {randomItems, randomQueries} from '../test/query/_random-library.js';

const pairs = {count: 0};
const law = fc.asyncProperty(randomItems, fc.array(randomQueries, {minLength: 10, maxLength: 30}), async (items, queries) => {
	const [index, naive] = [indexOf(items), answersOf(items)];
	for (const query of queries) {
		deepEqual(await ask(index, items, query), await naive(query), query);
		pairs.count++;
	}
});

const endsAtMs = performance.now() + (Number(process.argv[2] ?? 5) * 60_000);
while (performance.now() < endsAtMs) {
	await fc.assert(law, {numRuns: 200});
	console.log(`${pairs.count} queries, no difference`);
}
