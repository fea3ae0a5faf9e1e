import test from 'ava';
import {createColumns} from '../../../source/query/columns.js';
import {rowTest} from '../../../source/query/engine/row-tests.js';
import {summarize} from '../../../source/query/summary.js';
import {makeItem} from '../_items.js';

test('a text is found in the names of a list', t => {
	const columns = createColumns();
	for (const [number, genres] of [['tdrama'], ['twar', 'tdrama'], ['twar'], [], ['tunnamed']].entries()) {
		const item = makeItem(`m${number}`, {genres});
		columns.fill(summarize(item, () => undefined), item);
	}

	columns.lists.rename('tdrama', 'Drama');
	columns.lists.rename('twar', 'War');
	const found = (text: string) => [0, 1, 2, 3, 4].filter(row => rowTest(columns, {kind: 'text', field: 'genres', tests: [{kind: 'words', text}]})(row));
	t.deepEqual(found('drama'), [0, 1]);
	t.deepEqual(found('war'), [1, 2]);
	t.deepEqual(found('western'), []);
});
