import test from 'ava';
import {createNameCodes} from '../../source/query/name-codes.js';
import {createSlices} from '../../source/query/slices.js';

const openWorld = () => {
	const names: Array<string | undefined> = ['ada orsa', 'bo', undefined, 'bo'];
	let looks = 0;
	const codes = createNameCodes({
		count: () => names.length,
		foldedName(code) {
			looks++;
			return names[code];
		},
	});
	const askOften = async (name: string) => {
		await codes.codesOf(name, createSlices());
		await codes.codesOf(name, createSlices());
		return codes.codesOf(name, createSlices());
	};

	return {
		names, codes, askOften, looks: () => looks,
	};
};

test('codes are found by their names once somebody asks for names again and again, and then without looking at any', async t => {
	const {codes, askOften, looks} = openWorld();
	t.is(await codes.codesOf('bo', createSlices()), undefined);
	t.is(looks(), 0);
	t.deepEqual(await askOften('bo'), [1, 3]);
	const made = looks();
	t.deepEqual(await codes.codesOf('ada orsa', createSlices()), [0]);
	t.deepEqual(await codes.codesOf('nobody', createSlices()), []);
	t.is(looks(), made);
});

test('a new code and a new name are found, and an old name is not any more', async t => {
	const {names, codes, askOften} = openWorld();
	await askOften('bo');
	names.push('bo');
	t.deepEqual(await askOften('bo'), [1, 3, 4]);
	names[1] = 'cleo';
	codes.drop();
	t.deepEqual(await askOften('bo'), [3, 4]);
	t.deepEqual(await askOften('cleo'), [1]);
});

test('what is renamed while the table is made is not found in it under its old name', async t => {
	const {names, codes} = openWorld();
	const slices = {
		isOver: () => true,
		async pause() {
			names[1] = 'cleo';
			codes.drop();
		},
	};
	await codes.codesOf('bo', slices);
	await codes.codesOf('bo', slices);
	t.is(await codes.codesOf('bo', slices), undefined);
});
