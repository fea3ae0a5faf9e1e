import {errorMessage, isAppError} from '../base/errors.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {clean} from '../base/text/clean.js';
import type {CommandIo} from './command.js';

/**
The backup of the day, when something has changed. A disk that has no room for it must not undo what was done.
*/
export const keepDailyBackup = async (store: OpenedCatalog, io: Pick<CommandIo, 'say'>): Promise<void> => {
	try {
		await store.backupIfDue();
	} catch (error) {
		if (!isAppError(error)) {
			throw error;
		}

		io.say(`No backup could be made: ${clean(errorMessage(error))}`);
	}
};
