import {tmpdir} from 'node:os';
import path from 'node:path';
import {migrateCatalog, openSource, type Migrated} from '../../source/store/copy/migrate-catalog.js';
import type {CopyProgress} from '../../source/store/copy/copy-catalog.js';
import type {CatalogPlace} from '../../source/store/copy/copy-ends.js';
import {databaseFolder, isStoreAddress, readStoreAddress} from '../../source/store/postgres/address.js';

/**
A folder, or the address of a database.
*/
export const placeOf = (text: string): CatalogPlace => {
	if (!isStoreAddress(text)) {
		return {folder: text, login: undefined};
	}

	const address = readStoreAddress(text);
	return {folder: path.join(tmpdir(), 'reelcat-migrate', databaseFolder(address)), login: {address}};
};

type MigrationOptions = {
	isDry?: boolean;
	signal?: AbortSignal;
	onProgress?: (progress: CopyProgress) => void;
};

export const migrateFrom = async (from: string, to: string, {isDry = false, signal = new AbortController().signal, onProgress}: MigrationOptions = {}): Promise<Migrated & {said: string[]}> => {
	const said: string[] = [];
	const migrated = await migrateCatalog({
		from: placeOf(from),
		to: placeOf(to),
		isDry,
		signal,
		...onProgress !== undefined && {onProgress},
		say(sentence) {
			said.push(sentence);
		},
	});
	return {...migrated, said};
};

/**
Everything that is stored, as text: also events that a restored backup has made void.
*/
export const contentsOf = async (place: string) => {
	const source = await openSource(placeOf(place), {isLocked: false});
	try {
		const lines: string[] = [];
		for await (const batch of source.lines()) {
			lines.push(...batch.map(String));
		}

		const events: string[] = [];
		for await (const batch of source.events()) {
			events.push(...batch.map(event => JSON.stringify(event)));
		}

		return {header: source.header, lines, events};
	} finally {
		await source.close();
	}
};
