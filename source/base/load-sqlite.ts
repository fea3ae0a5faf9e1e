import {createRequire} from 'node:module';
import process from 'node:process';
import type * as sqliteModule from 'node:sqlite';

/**
Loads SQLite only when it is needed, and without the warning that Node.js 22 prints for it.
*/
export const loadSqlite = (): typeof sqliteModule => {
	const {emitWarning} = process;
	process.emitWarning = ((warning: string | Error, ...details: never[]) => {
		if (!String(warning).includes('SQLite')) {
			emitWarning.call(process, warning, ...details);
		}
	});
	try {
		return createRequire(import.meta.url)('node:sqlite') as typeof sqliteModule;
	} finally {
		process.emitWarning = emitWarning;
	}
};
