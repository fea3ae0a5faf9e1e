import process from 'node:process';
import fc from 'fast-check';
import {createMemoryStore} from '../source/store/memory-store.js';
import {createLookupStore} from '../test/helpers/alike-items.js';
import {createKillWorld, type KillPhase} from '../test/helpers/sync-kill.js';
import {modelSteps, playModel} from '../test/helpers/sync-model.js';

/**
Runs the crash and model tests of the sync for longer than a test may take: `npm run soak:sync [-- kills = 500] [model runs = 200]`. It ends with 1 at the first problem, or when fewer than a fifth of the kills hit a process at work.
*/
const [kills = 500, runs = 200] = process.argv.slice(2).map(Number);
const phases: readonly KillPhase[] = ['first import', 'sync', 'rewrite', 'migration'];

let busy = 0;
let done = 0;
for (const phase of phases) {
	const world = await createKillWorld(Math.random);
	try {
		for (let kill = 0; kill < kills / phases.length; kill++) {
			busy += await world.killOnce(phase) ? 1 : 0;
			done++;
		}
	} finally {
		await world.close();
	}

	console.log(`${phase}: ${done} kills so far, ${busy} met a process at work`);
}

const seed = Date.now() % 1_000_000;
console.log(`${runs} model runs, seed ${seed}`);
await fc.assert(fc.asyncProperty(modelSteps(12), fc.boolean(), fc.constantFrom(createMemoryStore, createLookupStore), async (steps, isTouched, createStore) => playModel(steps, {isTouched, openStore: async () => createStore()})), {
	numRuns: runs, seed, endOnFailure: true, includeErrorInReport: true,
});
const isGood = busy >= done / 5;
console.log(isGood ? 'PASS' : 'FAIL: too few kills met a process at work');
process.exitCode = isGood ? 0 : 1;
