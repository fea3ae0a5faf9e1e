import type {LibraryRow} from '../sync/library-record.js';
import {formatCount, formatInstant} from '../base/text/format.js';
import {tableLines, type TableOptions} from './table.js';

/**
The lines of `reelcat libraries`.
*/
export const librariesTable = (libraries: readonly LibraryRow[], options: TableOptions = {}): string[] => tableLines([
	{heading: ''},
	{heading: 'Key', align: 'right'},
	{heading: 'Library', isFlexible: true},
	{heading: 'Type', isFlexible: true},
	{heading: 'On the server', align: 'right'},
	{heading: 'In the catalogue', align: 'right'},
	{heading: 'Last import', isFlexible: true},
], libraries.map(row => [
	row.isChosen ? '*' : '',
	row.key,
	row.title,
	row.type,
	row.serverCount === undefined ? '–' : formatCount(row.serverCount),
	row.disabledReason === undefined ? formatCount(row.catalogCount) : '–',
	row.disabledReason ?? lastImport(row),
]), options);

const lastImport = ({lastImport: last}: LibraryRow) => {
	if (last === undefined) {
		return 'never';
	}

	const faults = last.failed === 0 ? [] : [`${formatCount(last.failed)} failed`];
	return [formatInstant(last.finishedAt), ...(last.complete ? [] : ['incomplete']), ...faults].join(', ');
};
