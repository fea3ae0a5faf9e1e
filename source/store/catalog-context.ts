import path from 'node:path';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {FileSystem} from '../base/file-system.js';
import type {BackupInfo} from './backups.js';
import type {Migration} from './migrations.js';

export type OpenCatalogOptions = {
	folder: string;
	/**
	`write` takes the lock and falls back to reading when another process has it; `read` never takes it.
	*/
	access?: 'write' | 'read';
	/**
	What a writer does with a document that cannot be read: refuse, or move it aside (never delete it) and begin anew.
	*/
	onDamaged?: 'throw' | 'move-aside';
	now?: () => Date;
	fs?: FileSystem;
	/**
	How often a reader looks for news.
	*/
	pollMs?: number;
	/**
	The document is rewritten when the journal is bigger than this and than a quarter of the document.
	*/
	rewriteBytes?: number;
	steps?: readonly Migration[];
	/**
	Months of the history before this many are summed up.
	*/
	historyMonths?: number;
	/**
	A backup that takes the place of the catalogue, which is set aside. The backup is proved first.
	*/
	restoreFrom?: string | undefined;
};

export type OpenedCatalog = CatalogStore & {
	/**
	A verified copy of all that is loaded. Writers only.

	@throws {AppError} `disk-full`, `not-writable`, `locked`.
	*/
	backup: () => Promise<BackupInfo>;
	/**
	The same once a day, when something was committed since the last one.
	*/
	backupIfDue: () => Promise<BackupInfo | undefined>;
	/**
	Something that a person must know, such as a file that was moved aside; a sentence or more. May appear at `load` and `close`, too.
	*/
	readonly notice?: string;
};

export type CatalogContext = Required<Omit<OpenCatalogOptions, 'restoreFrom'>> & {
	restoreFrom: string | undefined;
	files: {
		document: string;
		journal: string;
		lock: string;
		/**
		A folder.
		*/
		history: string;
		backups: string;
	};
};

export const catalogFiles = (folder: string): CatalogContext['files'] => ({
	document: path.join(folder, 'catalog.json'),
	journal: path.join(folder, 'catalog.journal'),
	lock: path.join(folder, 'catalog.lock'),
	history: path.join(folder, 'history'),
	backups: path.join(folder, 'backups'),
});
