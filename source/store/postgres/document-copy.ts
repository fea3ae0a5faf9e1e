import path from 'node:path';
import {durableWrite, temporaryName} from '../../base/durable-write.js';
import type {FileSystem} from '../../base/file-system.js';
import type {CatalogData} from '../catalog-data.js';
import {documentOfLines} from '../document-format.js';
import {createLinesDocument} from '../lines-document.js';
import {migrations} from '../migrations.js';
import type {Connections} from './connections.js';
import {atOneMoment, readHeader} from './header.js';
import {allLines} from './read-tables.js';

/**
Writes the catalogue of one moment as a document into the folder, and gives its data and its file to `use`; it is deleted afterwards. So backups and checks are those of a catalogue in a document, and the records need no memory.

@throws {AppError} `disk-full`, `not-writable`
*/
export const withDocument = async <Value>({db, asking}: Connections, {folder, fs}: {folder: string; fs: FileSystem}, use: (data: CatalogData, file: string) => Promise<Value>): Promise<Value> => {
	const file = path.join(folder, temporaryName('database.json'));
	try {
		await asking(async () => atOneMoment(db, async moment => durableWrite(file, documentOfLines(await readHeader(moment), allLines(moment)), {fs})));
		const document = createLinesDocument(file, {fs, steps: migrations});
		return await use((await document.read())!, file);
	} finally {
		// If it stays, the next one who opens a catalogue in this folder sweeps it.
		await fs.unlink(file).catch(() => undefined);
	}
};
