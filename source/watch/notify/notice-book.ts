import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type {Clock} from '../../base/clock.js';
import {AppError, isAppError} from '../../base/errors.js';
import {durableWrite, setAside} from '../../base/durable-write.js';
import {
	guarded,
	ifExists,
	nodeFileSystem,
	type FileSystem,
} from '../../base/file-system.js';
import {alertStateSchema, noAlerts} from '../alerts/alert-state.js';
import {emptyOutbox, outboxStateSchema} from './outbox-state.js';
import {digestStateSchema} from './plan-notices.js';

const bookSchema = z.object({
	format: z.literal('reelcat-notices'),
	version: z.literal(1),
	alerts: alertStateSchema,
	digest: digestStateSchema,
	outbox: outboxStateSchema,
});

const stampSchema = z.object({format: z.literal('reelcat-notices'), version: z.int()});

/**
All that notifications remember. One file, so that what was judged and what is to be told of it are saved together or not at all.
*/
export type Book = Omit<z.infer<typeof bookSchema>, 'format' | 'version'>;

export type NoticeBook = {
	get: () => Book;
	/**
	In memory at once; resolves when it is safe on the disk, or cannot be made so, of which `onFault` is told: what is to be said of a full disk must not wait for room on it. Nothing is written where nothing changes.
	*/
	change: (update: (book: Book) => Book) => Promise<void>;
	/**
	In memory only, for what is no loss.
	*/
	changeLightly: (update: (book: Book) => Book) => void;
	/**
	With what was changed lightly.
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
@throws AppError 'newer', or 'not-writable' where the file cannot be read
*/
export const openNoticeBook = async (file: string, {clock, fs = nodeFileSystem, onFault = () => undefined}: NoticeBookOptions): Promise<NoticeBook> => {
	let book = await load(file, {clock, fs, onFault});
	let saved = book;
	// What was changed lightly is no reason to write.
	let hasNews = false;
	let writing: Promise<void> | undefined;
	let isFailing = false;

	const writeOnce = async () => {
		const written = book;
		hasNews = false;
		try {
			await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
			await durableWrite(file, [`${JSON.stringify({format: 'reelcat-notices', version: 1, ...written})}\n`], {fs, mode: 0o600});
			saved = written;
			isFailing = false;
		} catch (error) {
			if (!isAppError(error)) {
				throw error;
			}

			if (!isFailing) {
				onFault(error);
			}

			isFailing = true;
			hasNews = true;
		}
	};

	/**
	One write at a time; whoever comes during one shares the next.
	*/
	let following: Promise<void> | undefined;
	const save = async (): Promise<void> => {
		if (writing === undefined) {
			writing = writeOnce().finally(() => {
				writing = undefined;
			});
			return writing;
		}

		following ??= writing.then(async () => {
			following = undefined;
			return save();
		});
		return following;
	};

	return {
		get: () => book,
		async change(update) {
			const next = update(book);
			hasNews ||= next !== book;
			book = next;
			if (hasNews) {
				await save();
			}
		},
		changeLightly(update) {
			book = update(book);
		},
		async close() {
			if (book !== saved) {
				await save();
			}
		},
	};
};

const load = async (file: string, {clock, fs, onFault}: Required<NoticeBookOptions>): Promise<Book> => {
	const text = await guarded(file, 'read', async () => ifExists(readFile(file, 'utf8')));
	if (text === undefined) {
		return emptyBook;
	}

	const json = parseJson(text);
	const stamp = stampSchema.safeParse(json);
	if (stamp.success && stamp.data.version > 1) {
		throw new AppError('newer', `${file} was written by a newer reelcat.`, {hint: 'Update reelcat, or move the file away; only what still had to be told is in it.'});
	}

	const checked = bookSchema.safeParse(json);
	if (checked.success) {
		const {alerts, digest, outbox} = checked.data;
		return {alerts, digest, outbox};
	}

	const aside = await guarded(file, 'moved', async () => setAside(file, {fs, now: clock.now}));
	onFault(new AppError('damaged', `${file}, which holds what still has to be told, cannot be read.`, {hint: `It was moved to ${aside ?? file}. What is wrong now is told anew.`}));
	return emptyBook;
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
