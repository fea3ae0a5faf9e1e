import test from 'ava';
import {provenRows} from '../helpers/row-mutations.js';

const rows = 100;

// `npm run soak:rows` tries more.
for (const seed of [1, 2, 3]) {
	test(`${rows} broken rows (seed ${seed}) are imported or told one by one, and what is kept can be proved, read again and restored`, async t => {
		t.deepEqual(await provenRows(t, {seed, rows}), []);
	});
}
