import {heldWords} from '../../catalog/library.js';
import {formatBytes, plural} from '../../base/text/format.js';
import {lostTotals} from '../../history/lost-items.js';
import {
	elsewhereLine,
	lostColumns,
	lostReport,
	type Losses,
	type LostQuestion,
} from '../lost/lost-report.js';
import {screenCells} from '../printers/table.js';
import type {ScreenReport} from '../report.js';
import {headingRow, sentenceRow, type ReportRow} from '../report-row.js';

/**
The items that are gone from the server and held. On the command line it is `lost --held`, see `lostReport`.
*/
export const heldReport: ScreenReport<Omit<LostQuestion, 'which'>, Losses> = {
	text: lostReport.text,
	json: lostReport.json,
	load: async (question, sources) => lostReport.load({...question, which: 'held'}, sources),
	screen: {
		crumb: 'Missing',
		keysTitle: 'Missing and held',
		place: 'for what is held',
		key: {keys: ['M'], label: 'missing', help: 'Items that are gone from the server and held until you accept it'},
		kinds: 'hidden',
		columns: lostColumns,
		rows({items, elsewhere, names, heldReason}) {
			const libraryIds = new Set([...items, ...elsewhere].map(({libraryId}) => libraryId));
			const rows = Array.from(libraryIds, (libraryId): ReportRow[] => {
				const held = items.filter(item => item.libraryId === libraryId);
				const playedElsewhere = elsewhere.filter(item => item.libraryId === libraryId);
				const {files, sizeBytes} = lostTotals(held);
				const title = names.placed(libraryId) ?? libraryId;
				const reason = heldReason(libraryId);
				const totals = `${title}: ${plural(held.length + playedElsewhere.length, 'item')}, ${plural(files, 'file')}, ${formatBytes(sizeBytes)}`;
				return [
					headingRow(libraryId, reason === undefined ? totals : `${totals}. ${heldWords[reason]}`, {opens: {name: 'library', libraryId}}),
					...held.map((item): ReportRow => ({
						id: item.itemId,
						cells: screenCells(lostColumns, item),
						kind: item.type,
						opens: {name: 'detail', itemId: item.itemId},
					})),
					...playedElsewhere.map(item => headingRow(item.itemId, elsewhereLine(item, names), {tone: 'dim', opens: {name: 'detail', itemId: item.itemId}})),
				];
			});
			return rows.length === 0 ? [sentenceRow('Nothing is held: no removal waits for you.')] : rows.flat();
		},
	},
};
