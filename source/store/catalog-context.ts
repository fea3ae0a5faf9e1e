import type {AppError} from '../base/errors.js';
import type {FileSystem} from '../base/file-system.js';
import type {TextPlace} from '../base/kept-file.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CatalogHeader} from '../catalog/types.js';
import type {CatalogAnswers} from '../query/types.js';
import type {BackupInfo} from './backups.js';
import type {CatalogFiles} from './folders.js';
import type {CatalogSeed, KeptIndex} from './kept-index.js';
import type {Migration} from './migrations.js';

export type OpenCatalogOptions = {
	folder: string;
	/**
	`write` takes the lock, and falls back to reading if another process has it; `read` never takes it.
	*/
	access?: 'write' | 'read';
	/**
	Nobody will ask this reader for a record, so the commits since what was kept need not be held for that.
	*/
	isForHeader?: boolean;
	/**
	What a writer does with a document that cannot be read: refuse, or move it aside (never delete it) and start again from the newest good backup or empty.
	*/
	onDamaged?: 'throw' | 'move-aside';
	now?: () => Date;
	fs?: FileSystem;
	pollMs?: number;
	/**
	The document is rewritten when the journal is bigger than this and than a quarter of the document; not while most of that is new, but then at the end of the run.
	*/
	rewriteBytes?: number;
	steps?: readonly Migration[];
	historyMonths?: number;
	/**
	A backup that replaces the catalogue, which is set aside. The backup is proved first.
	*/
	restoreFrom?: string | undefined;
	/**
	An empty catalogue replaces the one that is there, if any, which is set aside. Without it, a folder that has lost its document is refused.
	*/
	startsAnew?: boolean;
	/**
	The servers for which this process will write, by the header as it is: only for them, and for those that it claims later, it keeps others from writing. Without it, it keeps them from writing anything. A document has one writer in any case.
	*/
	writesFor?: ((header: CatalogHeader) => Promise<readonly string[]>) | undefined;
	/**
	Records of a document of at least so many bytes stay in it and are read when they are needed; those of a smaller one are held in memory.
	*/
	restBytes?: number;
	/**
	What another store of this process had loaded when it was closed. If the files are still the same, nothing is read again.
	*/
	seed?: CatalogSeed | undefined;
};

/**
What makes this catalogue worse than it could be, and what a person can do about it.
*/
export type Advice = {text: string; hint: string};

export type OpenedCatalog = CatalogStore & {
	/**
	Make a verified copy of everything that is loaded. Writers only.

	@throws {AppError} `disk-full`, `not-writable`, `locked`.
	*/
	backup: () => Promise<BackupInfo>;
	/**
	The same once a day, if something was committed since the last backup.
	*/
	backupIfDue: () => Promise<BackupInfo | undefined>;
	/**
	Reads document and journal from beginning to end without keeping them, unless `load` has done so. Whoever answers from the header alone calls it, or says that all is well, so that nothing is said to be fine that cannot be read.

	@throws {AppError} `damaged`.
	*/
	prove: () => Promise<void>;
	/**
	Looks whether the files are still those of this writer, as every commit does; `fault` then says what is wrong. If they were deleted and the folder is still the same, they are written anew. Writers only.
	*/
	examine?: () => Promise<void>;
	/**
	Only a database may need some.
	*/
	advice?: () => Promise<Advice | undefined>;
	/**
	Why nothing can be saved at the moment.
	*/
	readonly fault?: AppError | undefined;
	/**
	Resolves when this process seems to be free to write, or when the signal aborts. A reader has it, unless it never may.
	*/
	whenFree?: (signal: AbortSignal) => Promise<void>;
	/**
	What was kept of this catalogue, if it is of use. Where there is something, `get` and `getMany` of a reader work before `load`. The columns are those of `header.revision` of it; `changesSince` knows what was committed since, where that is little also before `load`.
	*/
	kept: () => KeptIndex | undefined;
	/**
	Tells the last commit from another one of the same revision, where that can happen.
	*/
	commitToken?: () => string | undefined;
	/**
	Answers queries without an index; only a database has it. It sees everything that was committed.
	*/
	readonly answers?: CatalogAnswers;
	/**
	Where the queue of the daemon of a server is kept; in a file where this is absent.
	*/
	readonly keptJobs?: (serverId: string) => TextPlace;
	/**
	What it has loaded, for the store that is opened next. Call it after `close`.
	*/
	seed?: () => CatalogSeed | undefined;
	/**
	One or more sentences that a person must know, for instance about a file that was set aside. May also appear at `load` and `close`.
	*/
	readonly notice?: string;
};

export type CatalogContext = Required<Omit<OpenCatalogOptions, 'restoreFrom' | 'seed' | 'writesFor'>> & Pick<OpenCatalogOptions, 'seed'> & {
	restoreFrom: string | undefined;
	files: CatalogFiles;
};
