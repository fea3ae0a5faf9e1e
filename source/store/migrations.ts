import {Buffer} from 'node:buffer';
import type {CatalogHeader, CatalogRecord, Library} from '../catalog/types.js';
import type {LineBytes} from './line-reader.js';
import {recordLine} from './record-line.js';

/**
From one schema version to the next. A pure function of one record, so that the records can be streamed. `header` is the one on the disk.
*/
export type Migration = (record: Record<string, unknown>, header: CatalogHeader) => Record<string, unknown>;

/**
The step at index 0 leads from version 1 to version 2. Every version that was ever released must stay readable.
*/
export const migrations: readonly Migration[] = [
	// 2: tombstones, runs, and a history beside the catalogue. Records stay as they are; an older reelcat must not write to them.
	record => record,
	// 3: runs that only touched single items. Records stay as they are; an older reelcat would find such a run invalid.
	record => record,
	// 4: servers and libraries whose id is not what the server calls them today. Records stay as they are; an older reelcat would import such a library a second time.
	record => record,
	// 5: lines of the history have checksums, and the header says what its files hold; more of the details is kept, which `migrateLibrary` lets read again. Records stay as they are; an older reelcat would forget the proof.
	record => record,
	// 6: collections and playlists, which the next sync of each library reads. Records stay as they are; an older reelcat would find a collection invalid.
	record => record,
];

/**
Format 5 keeps more of the details than those before. The records stay as they are; the next sync of each library reads its details again.
*/
export const migrateLibrary = (library: Library, readVersion: number): Library => readVersion >= 5 || library.sync === undefined
	? library
	: {...library, sync: {...library.sync, areDetailsOld: true}};

export const schemaVersionOf = (steps: readonly Migration[]) => steps.length + 1;

/**
Make the function that brings each line of a document with this header up to date.
*/
export const migrateLine = (header: CatalogHeader, steps: readonly Migration[]): (line: LineBytes) => LineBytes => {
	if (header.schemaVersion === schemaVersionOf(steps)) {
		return line => line;
	}

	const missingSteps = steps.slice(header.schemaVersion - 1);
	return line => {
		let record = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
		for (const step of missingSteps) {
			record = step(record, header);
		}

		return Buffer.from(recordLine(record as CatalogRecord));
	};
};
