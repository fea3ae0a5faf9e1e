import {exitCodeOfImport} from './exit-codes.js';
import type {CommandContext} from './command.js';
import {importHeadless} from './import.js';
import {listItems, printItems} from './ls.js';
import {withReading} from './open-reading.js';

const rowsShown = 8;

/**
What the demo shows where there is no terminal: an import of everything, and a few of the movies.
*/
export const demoTour = async (context: CommandContext): Promise<number> => {
	const result = await importHeadless(context, []);
	await withReading(context, async reading => {
		const rows = await listItems(reading, {
			libraries: reading.store.header().libraries, type: 'movie', limit: rowsShown, signal: context.signal,
		});
		await context.io.out('\n');
		await printItems(context.io, reading, rows);
	});
	return exitCodeOfImport(result);
};
