import path from 'node:path';
import type {FileSystem} from './file-system.js';
import type {Migration} from './migrations.js';
import type {CatalogStore} from './store.js';

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
};

export type OpenedCatalog = CatalogStore & {
	/**
	Something that a person must know, such as a file that was moved aside; a sentence or more. May appear at `load` and `close`, too.
	*/
	readonly notice?: string;
};

export type CatalogContext = Required<OpenCatalogOptions> & {
	files: {
		document: string;
		journal: string;
		lock: string;
		/**
		A folder.
		*/
		history: string;
	};
};

export const catalogFiles = (folder: string): CatalogContext['files'] => ({
	document: path.join(folder, 'catalog.json'),
	journal: path.join(folder, 'catalog.journal'),
	lock: path.join(folder, 'catalog.lock'),
	history: path.join(folder, 'history'),
});
