import type {Low} from 'lowdb';
import {type AppError, errorMessage, isAppError} from '../base/errors.js';
import {guarded} from '../base/file-system.js';
import type {CatalogContext} from './catalog-context.js';
import type {CatalogData} from './catalog-data.js';
import type {HistoryFiles} from './history-files.js';
import type {JournalSession} from './journal-session.js';
import type {LinesDocument} from './lines-document.js';

/**
Takes the journal into the document when it has grown. Until that is done every commit stays in the journal, so a rewrite that cannot be made loses nothing.
*/
export type Rewriter = {
	startIfDue: () => void;
	/**
	Wait for a rewrite under way: the records must not change meanwhile.

	@throws {AppError} `locked` when someone else has changed the document.
	*/
	idle: () => Promise<void>;
	rewrite: () => Promise<void>;
	/**
	Do something for which the records must not change: nothing begins meanwhile.
	*/
	exclusively: <Value>(work: () => Promise<Value>) => Promise<Value>;
	/**
	The last rewrite before closing.
	*/
	finish: (isLoaded: boolean) => Promise<void>;
};

export type RewriterOptions = {
	context: CatalogContext;
	document: LinesDocument;
	journal: JournalSession;
	history: Pick<HistoryFiles, 'flush'>;
	db: Low<CatalogData>;
	note: (text: string) => void;
};

const spareBytes = 64 * (2 ** 20);

export const createRewriter = ({context, document, journal, history, db, note}: RewriterOptions): Rewriter => {
	const {folder, fs, rewriteBytes} = context;
	let running: Promise<void> | undefined;
	let fatal: AppError | undefined;
	let triedAtBytes = 0;

	const rewrite = async () => {
		// The journal is the only place for events that are not in the history yet.
		await history.flush();
		await db.write();
		await journal.restart(document.id()!, document.isDurable());
		triedAtBytes = 0;
	};

	const hasRoom = async () => {
		const {bavail, bsize} = await guarded(folder, 'examined', async () => fs.statfs(folder));
		return bavail * bsize >= (db.data.table.usedBytes() * 1.1) + spareBytes;
	};

	const attempt = async () => {
		triedAtBytes = journal.commitBytes();
		try {
			if (await hasRoom()) {
				await rewrite();
			} else {
				note('The disk has too little room to rewrite the catalogue; its journal is kept and nothing is lost.');
			}
		} catch (error) {
			if (isAppError(error, 'locked')) {
				fatal = error;
			} else {
				note(`The catalogue could not be rewritten; its journal is kept and nothing is lost. ${errorMessage(error)}`);
			}
		}
	};

	const idle = async () => {
		await running;
		if (fatal !== undefined) {
			throw fatal;
		}
	};

	return {
		startIfDue() {
			const due = Math.max(rewriteBytes, document.sizeBytes() / 4);
			if (running === undefined && journal.commitBytes() > due + triedAtBytes) {
				running = attempt().finally(() => {
					running = undefined;
				});
			}
		},
		idle,
		rewrite,
		async exclusively(work) {
			await running;
			const turn = work();
			running = settled(turn).finally(() => {
				running = undefined;
			});
			return turn;
		},
		async finish(isLoaded) {
			await running;
			if (isLoaded && fatal === undefined && journal.commitBytes() > 0) {
				await attempt();
			}

			await idle();
		},
	};
};

const settled = async (work: Promise<unknown>): Promise<void> => {
	await Promise.allSettled([work]);
};
