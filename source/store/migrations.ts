import type {CatalogHeader} from '../catalog/types.js';

/**
From one schema version to the next: pure, one record at a time, so that it can be streamed. The header is the one on the disk.
*/
export type Migration = (record: Record<string, unknown>, header: CatalogHeader) => Record<string, unknown>;

/**
The step at index 0 leads from version 1 to version 2. Every version ever released must stay readable.
*/
export const migrations: readonly Migration[] = [
	// 2: tombstones, runs, and a history beside the catalogue. Records stay as they are; an older reelcat must not write to them.
	record => record,
	// 3: runs that only touched single items. Records stay as they are; an older reelcat would find such a run invalid.
	record => record,
];

export const schemaVersionOf = (steps: readonly Migration[]) => steps.length + 1;

/**
Bring a record of `fromVersion` up to date.
*/
export const migrateRecord = (
	record: Record<string, unknown>,
	header: CatalogHeader,
	{fromVersion, steps}: {fromVersion: number; steps: readonly Migration[]},
): Record<string, unknown> => {
	let migrated = record;
	for (const step of steps.slice(fromVersion - 1)) {
		migrated = step(migrated, header);
	}

	return migrated;
};
