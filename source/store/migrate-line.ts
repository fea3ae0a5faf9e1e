import {Buffer} from 'node:buffer';
import type {CatalogHeader, CatalogRecord} from '../catalog/types.js';
import {type Migration, migrateRecord, schemaVersionOf} from './migrations.js';
import {recordLine} from './record-line.js';
import type {LineBytes} from './line-bytes.js';

/**
What to do with each line of a document with this header: nothing when it is up to date.
*/
export const migrateLine = (header: CatalogHeader, steps: readonly Migration[]): (line: LineBytes) => LineBytes => {
	const fromVersion = header.schemaVersion;
	if (fromVersion === schemaVersionOf(steps)) {
		return line => line;
	}

	return line => {
		const record = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
		const migrated = migrateRecord(record, header, {fromVersion, steps});
		return Buffer.from(recordLine(migrated as CatalogRecord));
	};
};
