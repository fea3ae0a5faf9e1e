import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {startPostgres} from '../test/helpers/postgres-server.js';
import {killRestoreOnce, prepareRestores} from '../test/helpers/restore-kill.js';
import {killOnce} from '../test/helpers/store-kill.js';

/**
Runs the crash test for longer than a test may take: `tsx benchmark/store-soak.ts [kills = 300]`. It ends with 1 at the first problem, or when fewer than a fifth of the kills hit the middle of work. Then it kills a process that restores a backup and commits, a third as often, and one that commits to a database, a third as often.
*/
const kills = Number(process.argv[2] ?? 300);
const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-soak-'));
let busy = 0;
let last = 0;
let isGood = true;
for (let kill = 1; isGood && kill <= kills; kill++) {
	const {wasBusy, problems, lastDone} = await killOnce(folder, last);
	busy += wasBusy ? 1 : 0;
	last = lastDone;
	isGood = problems.length === 0;
	if (!isGood || kill % 25 === 0) {
		console.log(`${kill} kills, ${busy} in the middle of work, ${last} commits${problems.map(problem => `\n  ${problem}`).join('')}`);
	}
}

const restored = await mkdtemp(path.join(tmpdir(), 'reelcat-soak-restore-'));
const backup = await prepareRestores(restored);
const restores = Math.ceil(kills / 3);
for (let kill = 1; isGood && kill <= restores; kill++) {
	const {problems} = await killRestoreOnce(restored, backup, 1 + (kill % 4));
	isGood = problems.length === 0;
	if (kill === restores || !isGood || kill % 25 === 0) {
		console.log(`${kill} kills of a process that restores${problems.map(problem => `\n  ${problem}`).join('')}`);
	}
}

const database = await startPostgres();
const {text} = database.address();
let lastInDatabase = 0;
for (let kill = 1; isGood && kill <= restores; kill++) {
	const {problems, lastDone} = await killOnce(text, lastInDatabase);
	lastInDatabase = lastDone;
	isGood = problems.length === 0;
	if (kill === restores || !isGood || kill % 25 === 0) {
		console.log(`${kill} kills of a process that writes to a database, ${lastInDatabase} commits${problems.map(problem => `\n  ${problem}`).join('')}`);
	}
}

await database.close();
if (isGood) {
	await rm(restored, {recursive: true});
	await rm(folder, {recursive: true});
}

isGood &&= busy >= kills * 0.2;
console.log(isGood ? 'PASS' : `FAIL, see ${folder} and ${restored}`);
process.exitCode = isGood ? 0 : 1;
