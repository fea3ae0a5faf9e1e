import {type AppError, errorMessage, isAppError} from '../base/errors.js';
import {freeBytesOf, guarded} from '../base/file-system.js';
import type {WriterParts} from './catalog-opening.js';

const spareBytes = 64 * (2 ** 20);

/**
Rewrites the document with the commits of the journal, once the journal has grown. Until then every commit stays in the journal, so a rewrite that fails loses nothing. `checkFolder` throws if the files are not what this writer left.
*/
export const createRewriter = ({context, document, journal, history, db, note}: WriterParts, checkFolder: () => Promise<void>) => {
	const {folder, fs, rewriteBytes} = context;
	let running: Promise<void> | undefined;
	let fatal: AppError | undefined;
	let triedAtBytes = 0;

	const rewrite = async (options?: {isProved: boolean}) => {
		// Events that are not in the history files yet are only in the journal, which is about to be replaced.
		await history.flush();
		await document.write(db.data, options);
		await journal.restart(document.id()!, document.isDurable());
		triedAtBytes = 0;
	};

	const hasRoom = async () => {
		const freeBytes = await guarded(folder, 'examined', async () => freeBytesOf(folder, fs));
		return freeBytes === undefined || freeBytes >= (db.data.table.usedBytes() * 1.1) + spareBytes;
	};

	const fail = (error: unknown, sentence: string) => {
		if (isAppError(error, 'locked')) {
			fatal = error;
		} else {
			note(`${sentence} ${errorMessage(error)}`);
		}
	};

	const attempt = async () => {
		triedAtBytes = journal.commitBytes();
		try {
			await checkFolder();
		} catch (error) {
			fail(error, 'The catalogue could not be rewritten.');
			return;
		}

		try {
			if (await hasRoom()) {
				await rewrite();
			} else {
				note('The disk has too little room to rewrite the catalogue; its journal is kept and nothing is lost.');
			}
		} catch (error) {
			fail(error, 'The catalogue could not be rewritten; its journal is kept and nothing is lost.');
		}
	};

	/**
	During an import most of the journal is new, and each rewrite on the way would write the catalogue again. Its records stay in the journal, are read from there, and are rewritten once at the end.
	*/
	const isGrowing = () => db.data.table.isInJournal() && db.data.table.usedBytes() - document.sizeBytes() > journal.commitBytes() / 2;

	const startIfLong = () => {
		const due = Math.max(rewriteBytes, document.sizeBytes() / 4);
		if (running === undefined && journal.commitBytes() > due + triedAtBytes) {
			running = attempt().finally(() => {
				running = undefined;
			});
		}
	};

	/**
	Waits for a rewrite that is under way: the records must not change meanwhile.

	@throws {AppError} `locked` if another program has changed the document.
	*/
	const idle = async () => {
		await running;
		if (fatal !== undefined) {
			throw fatal;
		}
	};

	return {
		startIfDue() {
			if (!isGrowing()) {
				startIfLong();
			}
		},
		/**
		Call it at the end of a run. What has waited for it is rewritten, if the records are loaded.
		*/
		async settle(isLoaded: boolean) {
			if (isLoaded) {
				startIfLong();
			}

			await running;
		},
		idle,
		rewrite,
		/**
		Run `work` while no rewrite and no transaction can begin: the records must not change during it.
		*/
		async exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
			await running;
			const turn = work();
			running = Promise.allSettled([turn]).then(() => {
				running = undefined;
			});
			return turn;
		},
		/**
		The last rewrite before closing, if the records are loaded.
		*/
		async finish(isLoaded: boolean) {
			await running;
			if (isLoaded && fatal === undefined && journal.commitBytes() > 0) {
				await attempt();
			}

			await idle();
		},
	};
};
