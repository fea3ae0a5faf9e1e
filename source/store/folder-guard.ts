import {AppError, isAppError, requireAppError} from '../base/errors.js';
import type {FolderMarker} from './folder-marker.js';
import type {JournalSession} from './journal-session.js';
import type {LinesDocument} from './lines-document.js';
import type {Lock} from './lock.js';

type FolderGuardOptions = {
	folder: string;
	lock: Pick<Lock, 'isAsLeft' | 'check'>;
	marker: FolderMarker;
	document: Pick<LinesDocument, 'examine' | 'forget'>;
	journal: Pick<JournalSession, 'examine'>;
	/**
	Writes document and journal anew from memory.
	*/
	rewrite: () => Promise<void>;
	note: (text: string) => void;
};

/**
Looks before each commit whether the files are still what this writer left. A handle of a deleted file takes everything that is written, and nothing of it is kept; and whoever reaches the folder by another path may not see the lock.
*/
export const createFolderGuard = ({folder, lock, marker, document, journal, rewrite, note}: FolderGuardOptions) => {
	let fault: AppError | undefined;

	const look = async () => {
		const [journalIs, documentIs, isHeld] = await Promise.all([journal.examine(), document.examine(), lock.isAsLeft()]);
		if (journalIs === 'ours' && documentIs === 'ours' && isHeld) {
			return;
		}

		const isGone = journalIs === 'gone' || documentIs === 'gone';
		if (isGone && !await marker.isThere()) {
			throw new AppError('not-writable', `${folder} is no longer the folder in which this catalogue was opened: its files are gone.`, {
				hint: 'If its disk is not mounted, mount it. If the folder was deleted, start reelcat again. Nothing is saved until then.',
			});
		}

		if (!isHeld) {
			await lock.check();
		}

		if (journalIs === 'changed' || documentIs === 'changed') {
			throw new AppError('locked', `The catalogue in ${folder} was changed by someone else since it was read.`, {
				hint: 'End the other program, then start reelcat again. Nothing was overwritten. If it reaches this folder by another path or from another machine, use one path and one machine.',
			});
		}

		if (!isGone) {
			return;
		}

		if (documentIs === 'gone') {
			document.forget();
		}

		await rewrite();
		note(`Files of the catalogue in ${folder} were deleted while reelcat was running. The catalogue was written anew from memory.`);
	};

	const check = async (): Promise<void> => {
		try {
			await look();
			fault = undefined;
		} catch (error) {
			fault = isAppError(error) ? error : undefined;
			throw error;
		}
	};

	return {
		/**
		@throws {AppError} `locked` if someone else has written; `not-writable` if the folder is gone; what a rewrite throws.
		*/
		check,
		/**
		The same, but what is wrong is only kept as the fault.
		*/
		async examine(): Promise<void> {
			try {
				await check();
			} catch (error) {
				requireAppError(error);
			}
		},
		/**
		Why nothing can be saved at the moment.
		*/
		fault: () => fault,
	};
};

export type FolderGuard = ReturnType<typeof createFolderGuard>;
