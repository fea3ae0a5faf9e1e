import type {Low} from 'lowdb';
import {isAppError} from '../base/errors.js';
import {formatInstant} from '../base/text/format.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {Backups} from './backups.js';
import type {CatalogContext} from './catalog-context.js';
import {type CatalogData, emptyCatalog, nextHeader} from './catalog-data.js';
import type {HistoryWriter} from './history-writer.js';
import type {JournalSession} from './journal-session.js';
import type {DocumentHead, LinesDocument} from './lines-document.js';
import {requireFirstStart} from './missing-document.js';
import {createReplacing, readBackup, readWholeBackup} from './replace-catalog.js';

export type WriterParts = {
	context: CatalogContext;
	document: LinesDocument;
	journal: JournalSession;
	history: HistoryWriter;
	backups: Backups;
	db: Low<CatalogData>;
	note: (text: string | undefined) => void;
};

export const createOpening = ({context, document, journal, history, backups, db, note}: WriterParts) => {
	const {onDamaged, restoreFrom, startsAnew} = context;
	const {afterRewind, replaceWith} = createReplacing({
		context, document, journal, db,
	});

	const startEmpty = async () => replaceWith(await afterRewind(emptyCatalog()));

	const startFrom = async (backup: string) => replaceWith(await afterRewind(await readBackup(backup, context)));

	const restore = async (backup: string) => {
		const previous = await replaceWith(await afterRewind(await readWholeBackup(backup, context)));
		note(previous === undefined ? undefined : `The previous catalogue was set aside as ${previous}.`);
	};

	/**
	Set the damaged files aside and start again from the newest good backup, or empty. The records are then loaded.

	@throws `error` itself if it is not `damaged`, or if `onDamaged` says `throw`.
	*/
	const recover = async (error: unknown) => {
		if (onDamaged === 'throw' || !isAppError(error, 'damaged')) {
			throw error;
		}

		const backup = await backups.newestGood();
		if (backup === undefined) {
			note(`${error.message} It was set aside as ${await startEmpty() ?? 'nothing'}; a new import brings everything back.`);
		} else {
			note(`${error.message} It was set aside as ${await startFrom(backup.file) ?? 'nothing'}. The backup of ${formatInstant(backup.madeAt)} was restored; a sync brings it up to date.`);
		}
	};

	const takeUp = async (head: DocumentHead) => {
		let documentFault: unknown;
		db.data.header = head.header;
		const events: Array<readonly HistoryEvent[]> = [];
		try {
			note(await journal.adopt(head.id, {
				isDurable: true,
				async prove() {
					await document.prove().catch((error: unknown) => {
						documentFault = error;
						throw error;
					});
				},
				onCommit(commit) {
					db.data.header = nextHeader(db.data.header, commit);
					events.push(commit.events);
				},
			}));
		} catch (error) {
			// A damaged journal is left as it is: going back to a backup would lose more than is lost.
			if (documentFault === undefined) {
				throw error;
			}

			await recover(documentFault);
			return;
		}

		note(await history.recover(head, events.flat()));
	};

	return {
		/**
		Read the header and put the journal in order: of the existing catalogue, of the backup to restore, or of a new catalogue.

		@throws {AppError} `damaged`, `newer`, `disk-full`, `not-writable`.
		*/
		async open() {
			if (restoreFrom !== undefined) {
				await restore(restoreFrom);
				return;
			}

			if (startsAnew) {
				const previous = await startEmpty();
				note(previous === undefined ? undefined : `The previous catalogue was set aside as ${previous}.`);
				return;
			}

			let head: DocumentHead | undefined;
			try {
				head = await document.readHead();
			} catch (error) {
				await recover(error);
				return;
			}

			if (head === undefined) {
				await requireFirstStart(context);
				await startEmpty();
			} else {
				await takeUp(head);
			}
		},
		recover,
	};
};

export type CatalogOpening = ReturnType<typeof createOpening>;
