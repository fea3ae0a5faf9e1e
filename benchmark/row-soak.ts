import process from 'node:process';
import {provenRows} from '../test/helpers/row-mutations.js';

/**
Imports broken rows over real HTTP and proves what is kept: `tsx benchmark/row-soak.ts [rows = 5000] [first seed = 1000]`. It prints each seed, and ends with 1 when one of them shows a problem.
*/
const rows = Number(process.argv[2] ?? 5000);
const firstSeed = Number(process.argv[3] ?? 1000);
const rowsOfSeed = 250;
let isGood = true;
for (let done = 0; done < rows; done += rowsOfSeed) {
	const seed = firstSeed + (done / rowsOfSeed);
	const ends: Array<() => unknown> = [];
	const problems = await provenRows({
		teardown(end) {
			ends.push(end);
		},
	}, {seed, rows: Math.min(rowsOfSeed, rows - done)});
	for (const end of ends.toReversed()) {
		await end();
	}

	isGood &&= problems.length === 0;
	console.log(`seed ${seed}, ${done + rowsOfSeed} rows: ${problems.length === 0 ? 'nothing is wrong' : problems.slice(0, 5).join(' ')}`);
}

console.log(isGood ? 'PASS' : 'FAIL');
process.exitCode = isGood ? 0 : 1;
