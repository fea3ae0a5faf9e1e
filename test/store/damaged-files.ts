import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {
	fuzzFiles,
	fuzzOnce,
	makeFuzzedCatalogue,
} from '../helpers/file-fuzz.js';
import {temporaryFolder} from '../helpers/store-records.js';

const seed = 1;
const count = 400;

test('of a damaged catalogue, every reader gives the same answer as before or says that something is wrong', async t => {
	t.timeout(180_000);
	const {cases, faults} = await fuzzFiles(await temporaryFolder(t), {seed, count});
	t.log(`${cases} cases from seed ${seed}`);
	t.is(cases, count);
	t.deepEqual(faults, []);
});

test('the undamaged catalogue that is fuzzed is in order, and a wrong answer in silence is a fault', async t => {
	const folder = await temporaryFolder(t);
	await mkdir(folder, {recursive: true});
	const whole = await makeFuzzedCatalogue(path.join(folder, 'whole'));
	t.deepEqual(whole.states.flatMap(({warnings}) => warnings), []);
	t.is(new Set(whole.states.map(({records, history}) => `${records} ${history}`)).size, whole.states.length);
	t.deepEqual(whole.files.keys().toArray(), ['catalog.json', 'catalog.journal', 'history/2026-01.ndjson', 'history/2026-02.ndjson', 'history/2026-03.ndjson']);
	// If the answer before the damage had been another one, each case that is harmless today would be a fault.
	const other = {...whole, states: whole.states.map(state => ({...state, header: 'another'}))};
	const verdicts = await Promise.all(Array.from({length: 40}, async (_, index) => fuzzOnce(other, index, path.join(folder, `case-${index}`))));
	t.true(verdicts.filter(({faults}) => faults.length > 0).length > 3);
});
