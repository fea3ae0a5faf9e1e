import test from 'ava';
import {createPageColumns, createPageLists} from '../../source/export/page/page-columns.js';
import {noRevision} from '../../source/export/page/page-data.js';
import {summarize} from '../../source/query/summary.js';
import {createLibraryNames} from '../../source/catalog/library-names.js';
import {header, makeItem} from '../query/_items.js';

test('a column of a page may have more different texts than a call can have arguments', async t => {
	const columns = createPageColumns();
	const names = createLibraryNames(header);
	const count = 150_000;
	for (let number = 0; number < count; number++) {
		const item = makeItem(`m${number}`, {durationMs: 60_000 * (number + 1)});
		columns.add({item: summarize(item), names, titleOf: () => undefined});
	}

	const {columns: made} = await columns.data(createPageLists().data(), {
		notes: [], blockSize: 100, revision: noRevision, pictured: [],
	});
	t.true(made.some(({texts, width}) => texts.length >= count && width > 3));
});
