import * as z from 'zod';
import type {Clock} from '../../base/clock.js';
import {AppError, isAppError, requireAppError} from '../../base/errors.js';
import {
	guarded,
	nodeFileSystem,
	type FileSystem,
} from '../../base/file-system.js';
import {createKeptFile} from '../../base/kept-file.js';
import {createLoop} from '../../base/loop.js';
import {setAside} from '../../base/durable-write.js';
import {newerStamp} from '../newer-stamp.js';
import {alertStateSchema, noAlerts} from '../alerts/alerts.js';
import {emptyOutbox, outboxStateSchema} from './outbox-state.js';
import {digestStateSchema} from './plan-notices.js';

const stamp = {format: 'reelcat-notices', version: 1} as const;

const bookSchema = z.object({
	format: z.literal(stamp.format),
	version: z.literal(stamp.version),
	alerts: alertStateSchema,
	digest: digestStateSchema,
	outbox: outboxStateSchema,
}).transform(({alerts, digest, outbox}) => ({alerts, digest, outbox}));

/**
Everything that notifications remember. It is one file, so that alerts and the notices about them are saved together or not at all.
*/
export type Book = z.infer<typeof bookSchema>;

export type NoticeBook = {
	get: () => Book;
	/**
	Changes the book in memory at once and resolves when it is saved. It also resolves when saving fails, after calling `onFault`, because a notice about a full disk must not wait for space on it. An unchanged book is not written.
	*/
	change: (update: (book: Book) => Book) => Promise<void>;
	/**
	Changes the book in memory only, for what may be lost.
	*/
	changeLightly: (update: (book: Book) => Book) => void;
	/**
	Saves the light changes, too.
	*/
	close: () => Promise<void>;
};

export type NoticeBookOptions = {
	clock: Clock;
	fs?: FileSystem;
	onFault?: (error: AppError) => void;
};

const emptyBook: Book = {alerts: noAlerts, digest: {}, outbox: emptyOutbox};

/**
@throws AppError 'newer', or 'not-writable' if the file cannot be read
*/
export const openNoticeBook = async (file: string, {clock, fs = nodeFileSystem, onFault = () => undefined}: NoticeBookOptions): Promise<NoticeBook> => {
	const kept = createKeptFile(file, {
		schema: bookSchema,
		toText: book => `${JSON.stringify({...stamp, ...book})}\n`,
		makesFolder: true,
		fs,
		damaged: () => new AppError('damaged', `${file}, which holds the notices that are still to be sent, cannot be read.`),
		newer: newerStamp(stamp, file, 'Update reelcat, or move the file away; it only holds notices that are still to be sent.'),
	});
	const load = async (): Promise<Book> => {
		try {
			return await kept.read() ?? emptyBook;
		} catch (error) {
			if (!isAppError(error, 'damaged')) {
				throw error;
			}

			const aside = await guarded(file, 'moved', async () => setAside(file, {fs, now: clock.now}));
			onFault(new AppError('damaged', error.message, {hint: `It was moved to ${aside ?? file}. Current problems are reported again.`}));
			return emptyBook;
		}
	};

	let book = await load();
	let saved = book;
	// Light changes do not set this.
	let hasNews = false;
	let isFailing = false;

	const loop = createLoop(async () => {
		const written = book;
		hasNews = false;
		try {
			await kept.write(written);
			saved = written;
			isFailing = false;
		} catch (error) {
			requireAppError(error);

			if (!isFailing) {
				onFault(error);
			}

			isFailing = true;
			hasNews = true;
		}
	});

	return {
		get: () => book,
		async change(update) {
			const next = update(book);
			hasNews ||= next !== book;
			book = next;
			if (hasNews) {
				await loop.turn();
			}
		},
		changeLightly(update) {
			book = update(book);
		},
		async close() {
			if (book !== saved) {
				await loop.turn();
			}
		},
	};
};
