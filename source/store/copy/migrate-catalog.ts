import {AppError, isAppError} from '../../base/errors.js';
import {pushAll} from '../../base/push-all.js';
import {checkHistoryFiles} from '../check-history-files.js';
import {openCatalog} from '../open-catalog.js';
import {databaseFolder} from '../postgres/address.js';
import {copyCatalog, type Copied, type CopyProgress} from './copy-catalog.js';
import type {CatalogPlace, CopySource, CopyTarget} from './copy-ends.js';

type MigrateOptions = {
	from: CatalogPlace;
	to: CatalogPlace;
	/**
	Looks at both sides and copies nothing.
	*/
	isDry: boolean;
	signal: AbortSignal;
	onProgress?: (progress: CopyProgress) => void;
	/**
	A sentence for a person.
	*/
	say: (sentence: string) => void;
};

export type Migrated = {
	source: Pick<CopySource, 'name' | 'header' | 'records' | 'eventCount' | 'bytes'>;
	/**
	Undefined after a dry run.
	*/
	copied: Copied | undefined;
	/**
	What is wrong with the records, in the copy as in the catalogue itself.
	*/
	problems: string[];
};

/**
Copies the catalogue from one place to another, which must be empty or hold a part of this very copy.

@throws {AppError} `usage`, `locked`, `cancelled`, `damaged`, and what the two places throw
*/
export const migrateCatalog = async ({from, to, isDry, signal, onProgress, say}: MigrateOptions): Promise<Migrated> => {
	if (placeName(from) === placeName(to)) {
		throw new AppError('usage', 'The catalogue lies there already.', {hint: '"reelcat store" says where it lies; --to names the place to copy it to.'});
	}

	const source = await openSource(from, {isLocked: !isDry});
	try {
		if (source.header.revision === 0) {
			throw new AppError('usage', `There is nothing to copy: the catalogue in ${source.name} is empty.`, {hint: '"reelcat store" says where the catalogue lies.'});
		}

		if (isDry) {
			await examineTarget(to, source);
			return {source, copied: undefined, problems: []};
		}

		await source.prove();
		const target = await openTarget(to, source);
		let copied: Copied;
		try {
			if (target.isAnew) {
				say('What an earlier attempt left there is not of the catalogue as it is now, so the copy begins anew.');
			}

			if (target.advice !== undefined) {
				say(`${target.advice.text} ${target.advice.hint}`);
			}

			copied = await copyCatalog(source, target, {signal, onProgress});
		} finally {
			await target.close();
		}

		say('Checking the copy …');
		return {source, copied, problems: await checkFinished(to)};
	} finally {
		await source.close();
	}
};

const placeName = ({folder, login}: CatalogPlace) => login === undefined ? folder : databaseFolder(login.address);

export const openSource = async ({folder, login}: CatalogPlace, options: {isLocked: boolean}): Promise<CopySource> => {
	if (login === undefined) {
		const {openDocumentSource} = await import('./document-source.js');
		return openDocumentSource({folder, ...options});
	}

	const {openDatabaseSource} = await import('../postgres/copy-source.js');
	return openDatabaseSource({login, ...options});
};

const openTarget = async ({folder, login}: CatalogPlace, source: CopySource): Promise<CopyTarget> => {
	if (login === undefined) {
		const {openDocumentTarget} = await import('./document-target.js');
		return openDocumentTarget({folder, source});
	}

	const {openDatabaseTarget} = await import('../postgres/copy-target.js');
	return openDatabaseTarget({login, source});
};

const examineTarget = async ({folder, login}: CatalogPlace, source: CopySource): Promise<void> => {
	if (login === undefined) {
		const {requireRoomInFolder} = await import('./document-target.js');
		await requireRoomInFolder({folder, source});
		return;
	}

	const {examineDatabaseTarget} = await import('../postgres/copy-target.js');
	await examineDatabaseTarget({login, source});
};

/**
Opens the copy as every command does, and checks it as "reelcat verify" does.
*/
const checkFinished = async (to: CatalogPlace): Promise<string[]> => {
	try {
		return await checkCopy(to);
	} catch (error) {
		throw isAppError(error) ? new AppError(error.code, `The catalogue was copied and compared, and is whole; only the check afterwards could not be made. ${error.message}`, {hint: '"reelcat verify" with the new place makes it.', cause: error}) : error;
	}
};

const checkCopy = async ({folder, login}: CatalogPlace): Promise<string[]> => {
	const {openPostgresCatalog} = login === undefined ? {} : await import('../postgres/postgres-catalog.js');
	const store = openPostgresCatalog === undefined ? await openCatalog({folder}) : await openPostgresCatalog({folder, login: login!, access: 'read'});
	try {
		await store.load();
		const {problems} = await store.check();
		if (login === undefined) {
			const files = await checkHistoryFiles(folder);
			pushAll(problems, files.problems);
		}

		return problems;
	} finally {
		await store.close({isQuick: true});
	}
};
