import {hash} from 'node:crypto';
import {AppError} from '../../base/errors.js';
import type {LockHolder} from '../../catalog/catalog-store.js';
import type {HistoryEvent} from '../../catalog/history.js';
import type {CatalogHeader} from '../../catalog/types.js';
import type {LineBytes} from '../line-reader.js';
import {writesWords} from '../../catalog/writer-words.js';
import type {Advice} from '../catalog-context.js';
import type {StoreLogin} from '../postgres/connections.js';

/**
Where a catalogue lies: in a folder, or, with a login, in a database. The folder then has what this machine keeps for it.
*/
export type CatalogPlace = {folder: string; login: StoreLogin | undefined};

/**
A catalogue as it lies there, with nothing left out: also the events that a restored backup has made void.
*/
export type StoredContents = {
	/**
	All records as their lines, in the order of the store. The lines are valid until the next batch is requested.
	*/
	lines: (skipped?: number) => AsyncGenerator<readonly LineBytes[]>;
	/**
	All events of the history, oldest first.
	*/
	events: (skipped?: number) => AsyncGenerator<readonly HistoryEvent[]>;
};

/**
The catalogue that is copied. Nothing of it is changed.
*/
export type CopySource = StoredContents & {
	/**
	Tells this catalogue from every other one, also after it has changed.
	*/
	id: string;
	/**
	The folder or the address, for people.
	*/
	name: string;
	header: CatalogHeader;
	records: number;
	eventCount: number;
	bytes: {catalogue: number; history: number};
	/**
	The process that writes, if this one only reads.
	*/
	holder: LockHolder | undefined;
	/**
	Reads the history from beginning to end.

	@throws {AppError} `damaged` if it is not as it was written
	*/
	prove: () => Promise<void>;
	/**
	@throws {AppError} `locked` if this process has lost the right to write
	*/
	requireSeat: () => Promise<void>;
	close: () => Promise<void>;
};

/**
The place into which a catalogue is copied, piece by piece. Until `finish` is done, it is no catalogue for anyone.
*/
export type CopyTarget = StoredContents & {
	name: string;
	/**
	What an earlier attempt left is not of the source as it is now, so the copy begins anew.
	*/
	isAnew: boolean;
	/**
	What there is to know of a place that was made for it.
	*/
	advice?: Advice | undefined;
	/**
	How many events are here already. All events come before the first record.
	*/
	eventsHere: () => Promise<number>;
	addEvents: (events: readonly HistoryEvent[]) => Promise<void>;
	recordsHere: () => Promise<number>;
	addLines: (lines: readonly LineBytes[]) => Promise<void>;
	/**
	Everything is here, and may be read back.
	*/
	seal: () => Promise<void>;
	/**
	Makes a catalogue of it, in one step.
	*/
	finish: () => Promise<void>;
	/**
	What is here is not what it should be, so that the next attempt begins anew.
	*/
	reject: () => Promise<void>;
	close: () => Promise<void>;
};

/**
What a copy that was cut short belongs to. The source has another one as soon as anything was committed to it.
*/
export const fingerprintOf = ({id, header, records}: Pick<CopySource, 'id' | 'header' | 'records'>): string => hash('sha256', JSON.stringify([id, records, header]), 'hex').slice(0, 32);

const batchSize = 2000;

/**
Batches of a moderate size, without the first so many values.
*/
export async function * inBatches<Value>(batches: AsyncIterable<readonly Value[]> | Iterable<readonly Value[]>, skipped = 0): AsyncGenerator<readonly Value[]> {
	let left = skipped;
	for await (const batch of batches) {
		const from = Math.min(left, batch.length);
		left -= from;
		for (let start = from; start < batch.length; start += batchSize) {
			yield batch.slice(start, start + batchSize);
		}
	}
}

export const writtenByOther = (holder: LockHolder | undefined, name: string): AppError => new AppError('locked', `${holder === undefined ? 'Another reelcat writes' : writesWords(holder)} the catalogue in ${name}.`, {
	hint: 'Wait until it has ended, or end it, and try again.',
});

export const notEmpty = (name: string, what: string): AppError => new AppError('usage', `There is a catalogue in ${name} already (${what}). Nothing was changed.`, {
	hint: 'A catalogue is only copied to an empty place: name another schema in the address, or another folder with REELCAT_DATA_DIR.',
});

export const otherCopy = (name: string, wayOut: string): AppError => new AppError('usage', `${name} holds a part of another catalogue that was not copied to its end. Nothing was changed.`, {
	hint: `Start that copy again, or give it up: ${wayOut}.`,
});
