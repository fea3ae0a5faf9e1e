import {itemsReport} from '../reports/items/items-report.js';
import {exitCodeOfImport} from './exit-codes.js';
import {tableWidth, type CommandContext} from './command.js';
import {importHeadless} from './import.js';
import {withSources} from './report-sources.js';

const rowsShown = 8;

/**
What the demo shows where there is no terminal: an import of everything, and a few of the movies.
*/
export const demoTour = async (context: CommandContext): Promise<number> => {
	const result = await importHeadless(context, []);
	await withSources(context, async sources => {
		const items = await itemsReport.load({type: 'movie', limit: rowsShown}, sources);
		await context.io.out(['', ...itemsReport.text(items, tableWidth(context.io))].map(line => `${line}\n`).join(''));
	});
	return exitCodeOfImport(result);
};
