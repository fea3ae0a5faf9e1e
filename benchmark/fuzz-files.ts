import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fuzzFiles} from '../test/helpers/file-fuzz.js';

/**
Damages the files of a small catalogue in more ways than a test has time for: `tsx benchmark/fuzz-files.ts [cases = 20000] [seed]`. It ends with 1 when a reader gives a wrong answer in silence, when two readers disagree, or when there is a stack instead of an answer.
*/
const count = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? (Date.now() % 1_000_000_000));
const folder = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'reelcat-fuzz-'));
const {cases, faults} = await fuzzFiles(folder, {seed, count});
await rm(folder, {recursive: true});
console.log(`${cases} cases from seed ${seed}, ${faults.length} faults`);
for (const fault of faults.slice(0, 50)) {
	console.log(fault);
}

process.exitCode = faults.length === 0 ? 0 : 1;
