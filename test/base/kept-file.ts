import {readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import * as z from 'zod';
import {AppError} from '../../source/base/errors.js';
import {createKeptFile} from '../../source/base/kept-file.js';
import {createFaults} from '../helpers/store-faults.js';
import {temporaryFolder} from '../helpers/store-records.js';

const schema = z.object({colours: z.array(z.string())});

const fileIn = async (t: Parameters<typeof temporaryFolder>[0]) => path.join(await temporaryFolder(t), 'colours.json');

test('a file that is not there is nothing, and what is written is found again, for its owner only', async t => {
	const file = await fileIn(t);
	const kept = createKeptFile(file, {schema});
	t.is(await kept.read(), undefined);
	await kept.write({colours: ['red']});
	t.is(await readFile(file, 'utf8'), '{"colours":["red"]}\n');
	t.is((await stat(file)).mode & 0o777, 0o600); // eslint-disable-line no-bitwise
	t.deepEqual(await createKeptFile(file, {schema}).read(), {colours: ['red']});
});

test('only news is written, also when writes overlap', async t => {
	const file = await fileIn(t);
	const faults = createFaults();
	let renames = 0;
	faults.failWhen(method => {
		renames += method === 'rename' ? 1 : 0;
		return undefined;
	});
	const kept = createKeptFile(file, {schema, fs: faults.fs});
	await kept.write({colours: ['red']});
	await kept.write({colours: ['red']});
	t.is(renames, 1);
	await Promise.all([kept.write({colours: ['green']}), kept.write({colours: ['red']})]);
	t.is(renames, 3);
	t.deepEqual(await kept.read(), {colours: ['red']});
	await kept.write({colours: ['red']});
	t.is(renames, 3);
	await writeFile(file, '{"colours":["by hand"]}\n');
	await kept.read();
	await kept.write({colours: ['red']});
	t.is(renames, 4);
});

test('a write that failed is tried again, and the old file is whole', async t => {
	const file = await fileIn(t);
	const faults = createFaults();
	const kept = createKeptFile(file, {schema, fs: faults.fs});
	await kept.write({colours: ['red']});
	faults.failWhen(method => method === 'write' ? 'ENOSPC' : undefined);
	await t.throwsAsync(kept.write({colours: ['green']}), {code: 'disk-full'});
	t.deepEqual(await kept.read(), {colours: ['red']});
	faults.failWhen(() => undefined);
	await kept.write({colours: ['green']});
	t.deepEqual(await kept.read(), {colours: ['green']});
});

test('a damaged file is told with its reason and left alone, or passed over', async t => {
	const file = await fileIn(t);
	const kept = createKeptFile(file, {schema});
	for (const [text, reason] of [['{"colours":["canary', /it is not JSON/v], ['{"colours":[1]}', /colours\.0: /v]] as const) {
		await writeFile(file, text);
		const error = await t.throwsAsync<AppError>(kept.read(), {code: 'damaged', message: reason});
		t.false(JSON.stringify([error, error.message, error.cause]).includes('canary'));
		t.is(await kept.readIfSound(), undefined);
		t.is(await readFile(file, 'utf8'), text);
	}

	await writeFile(file, ' '.repeat((2 ** 24) + 1));
	await t.throwsAsync(kept.read(), {code: 'damaged'});
});

test('the file of a later version is refused before its shape is judged', async t => {
	const file = await fileIn(t);
	await writeFile(file, '{"version":2}');
	const isNewer = (json: unknown) => z.object({version: z.literal(2)}).safeParse(json).success;
	const kept = createKeptFile(file, {schema, newer: json => isNewer(json) ? new AppError('newer', 'Update reelcat.') : undefined});
	await t.throwsAsync(kept.read(), {code: 'newer'});
});

test('a change begins with what another process wrote, and makes the folder where that is wanted', async t => {
	const file = path.join(await temporaryFolder(t), 'new', 'colours.json');
	const [one, other] = [createKeptFile(file, {schema, makesFolder: true}), createKeptFile(file, {schema})];
	const add = (colour: string) => (current: z.infer<typeof schema> | undefined) => ({colours: [...current?.colours ?? [], colour]});
	t.deepEqual(await one.change(add('red')), {colours: ['red']});
	await other.change(add('green'));
	await Promise.all([one.change(add('blue')), one.change(add('white'))]);
	t.deepEqual(await other.read(), {colours: ['red', 'green', 'blue', 'white']});
	t.is((await stat(path.dirname(file))).mode & 0o777, 0o700); // eslint-disable-line no-bitwise
});
