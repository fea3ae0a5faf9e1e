import {AppError, isAppError} from '../../base/errors.js';
import {plural} from '../../base/text/format.js';
import {nextTurn} from '../../base/turns.js';
import type {LineBytes} from '../line-reader.js';
import {lineFacts} from '../record-line.js';
import type {CopySource, CopyTarget} from './copy-ends.js';

export type CopyPhase = 'history' | 'records' | 'comparison' | 'ending';

export type CopyProgress = {phase: CopyPhase; done: number; total: number};

type CopyOptions = {
	signal: AbortSignal;
	onProgress?: (progress: CopyProgress) => void;
};

export type Copied = {
	records: number;
	events: number;
	/**
	What an earlier attempt had left there.
	*/
	resumed: {records: number; events: number};
};

/**
Copies a catalogue piece by piece, reads both sides and compares them one by one, and only then makes a catalogue of the copy. Cut short at any moment, it goes on from there.

@throws {AppError} `cancelled`, `damaged` if the copy is not the same, and what the two places throw
*/
export const copyCatalog = async (source: CopySource, target: CopyTarget, {signal, onProgress}: CopyOptions): Promise<Copied> => {
	const resumed = {records: 0, events: 0};
	const tell = async (phase: CopyPhase, done: number, total: number) => {
		onProgress?.({phase, done, total: Math.max(done, total)});
		await nextTurn();
		if (signal.aborted) {
			throw new AppError('cancelled', 'The copy was cut short.', {hint: 'What was copied stays there. Start the same command again, and it goes on where it ended.'});
		}
	};

	try {
		let events = await target.eventsHere();
		resumed.events = events;
		await tell('history', events, source.eventCount);
		for await (const batch of source.events(events)) {
			await target.addEvents(batch);
			events += batch.length;
			await tell('history', events, source.eventCount);
		}

		let records = await target.recordsHere();
		resumed.records = records;
		await tell('records', records, source.records);
		for await (const batch of source.lines(records)) {
			await target.addLines(batch);
			records += batch.length;
			await tell('records', records, source.records);
		}

		await target.seal();
		await compareContents(source, target, async done => tell('comparison', done, records + events));
		await source.requireSeat();
		await tell('ending', records + events, records + events);
		await target.finish();
		return {records, events, resumed};
	} catch (error) {
		if (isAppError(error, 'not-writable') || isAppError(error, 'disk-full')) {
			throw new AppError(error.code, error.message, {hint: 'What was copied stays there. Start the same command again when the fault is mended, and it goes on where it ended.', cause: error});
		}

		throw error;
	}
};

const compareContents = async (source: CopySource, target: CopyTarget, onProgress: (done: number) => Promise<void>) => {
	let done = 0;
	const onBatch = async (count: number) => {
		done += count;
		await onProgress(done);
	};

	const event = await firstDifference(source.events(), target.events(), {isSame: (here, there) => JSON.stringify(here) === JSON.stringify(there), onBatch});
	if (event !== undefined) {
		await target.reject();
		throw differs(target, `history event ${event.number}`, event, (event.here ?? event.there)!.at);
	}

	const line = await firstDifference(source.lines(), target.lines(), {isSame: (here: LineBytes, there: LineBytes) => here.equals(there), onBatch});
	if (line === undefined) {
		return;
	}

	await target.reject();
	throw differs(target, `record ${line.number}`, line, lineFacts((line.here ?? line.there)!)?.id ?? 'no record');
};

const differs = ({name}: CopyTarget, what: string, {here, there}: {here: unknown; there: unknown}, which: string) => {
	const how = here === undefined ? 'is too much' : (there === undefined ? 'is missing' : 'is not the same');
	return new AppError('damaged', `The copy in ${name} is not what it should be: ${what} (${which}) ${how}. It was not made a catalogue.`, {
		hint: 'Start the command again; it begins anew. If that happens again, something is wrong with the disk or the database.',
	});
};

type Difference<Value> = {number: number; here: Value | undefined; there: Value | undefined};

type ComparisonOptions<Value> = {
	isSame: (here: Value, there: Value) => boolean;
	onBatch: (count: number) => Promise<void>;
};

/**
The first place where two sequences differ, counted from 1. Holds a batch of each.
*/
export const firstDifference = async <Value>(left: AsyncGenerator<readonly Value[]>, right: AsyncGenerator<readonly Value[]>, {isSame, onBatch}: ComparisonOptions<Value>): Promise<Difference<Value> | undefined> => {
	const [here, there] = [createCursor(left), createCursor(right)];
	let number = 0;
	try {
		for (;;) {
			const [ours, theirs] = [await here.rest(), await there.rest()];
			const count = Math.min(ours.length, theirs.length);
			for (let index = 0; index < count; index++) {
				if (!isSame(ours[index]!, theirs[index]!)) {
					return {number: number + index + 1, here: ours[index], there: theirs[index]};
				}
			}

			number += count;
			if (count === 0) {
				return ours.length === theirs.length ? undefined : {number: number + 1, here: ours[0], there: theirs[0]};
			}

			here.take(count);
			there.take(count);
			await onBatch(count);
		}
	} finally {
		await left.return(undefined);
		await right.return(undefined);
	}
};

const createCursor = <Value>(batches: AsyncGenerator<readonly Value[]>) => {
	let held: readonly Value[] = [];
	return {
		/**
		What is left of the batch, or the next one; empty at the end.
		*/
		async rest(): Promise<readonly Value[]> {
			while (held.length === 0) {
				const next = await batches.next();
				if (next.done === true) {
					break;
				}

				held = next.value;
			}

			return held;
		},
		take(count: number) {
			held = held.slice(count);
		},
	};
};

/**
How long it will probably take, from what it took on a machine with two cores; the slower side is always the database.
*/
export const estimatedSeconds = ({records, eventCount}: Pick<CopySource, 'records' | 'eventCount'>): number => Math.ceil((records + eventCount) / rowsPerSecond);

const rowsPerSecond = 8000;

export const countWords = ({records, eventCount}: Pick<CopySource, 'records' | 'eventCount'>): string => `${plural(records, 'record')} and ${plural(eventCount, 'history event')}`;
