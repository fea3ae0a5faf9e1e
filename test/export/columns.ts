import test from 'ava';
import {createLibraryNames} from '../../source/catalog/library-names.js';
import {exportColumns} from '../../source/export/export-columns.js';
import {summarize} from '../../source/query/summary.js';
import type {ItemDetail} from '../../source/query/types.js';
import {fullDetail, header} from '../query/_items.js';

test('a column reads only the people and tags that it names', t => {
	const columns = exportColumns(['all'], 'file');
	const row = fullDetail();
	for (const column of columns) {
		const kept = new Set(column.referencesOf(row.item));
		const named = {people: new Map([...row.people].filter(([id]) => kept.has(id))), tags: new Map([...row.tags].filter(([id]) => kept.has(id)))};
		const valueOf = (detail: ItemDetail) => column.cell({
			item: summarize(detail.item), detail, names: createLibraryNames(header), titleOf: () => undefined,
		});
		t.deepEqual(valueOf({...row, ...named}), valueOf(row), column.name);
	}
});
