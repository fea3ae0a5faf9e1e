import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import {
	eachInSteps,
	withRoom,
	type CellsByName,
	type CellSource,
	type Steps,
	numbersBelow,
} from '../base/columns/cells.js';
import {
	createLineReader,
	type LineAtPlace,
	type LineFile,
	type LineReader,
} from './line-file.js';
import {createLineSlabs} from './line-slabs.js';
import type {LineBytes} from './line-reader.js';

const placeCells = 'places';
const lengthCells = 'lengths';
const sumCells = 'sums';
const ownCells = 'ownLines';

/**
Where a line is in the document or, if `isInJournal`, in the journal.
*/
export type LinePlace = {file: LineFile; offset: number; isInJournal?: boolean};

/**
Where lines are in a file, one after the other, with the checksum of each.
*/
export type LinePlaces = {
	offsets: Float64Array;
	sums: Uint32Array;
};

/**
Gathers the places of lines that are written one after the other.
*/
export const gatherPlaces = (size: number) => {
	const places: LinePlaces = {offsets: new Float64Array(size), sums: new Uint32Array(size)};
	let count = 0;
	return {
		places,
		see(line: LineBytes, offset: number) {
			places.offsets[count] = offset;
			places.sums[count] = crc32(line);
			count++;
		},
	};
};

// For lines that nobody keeps. Hardly any is longer.
const scratch = Buffer.allocUnsafeSlow(2 ** 14);

// No file is as long.
const journalBase = 2 ** 50;

const isInMemory = (place: number) => place >= 0;
const isInDocument = (place: number) => place < 0 && place > -journalBase;

/**
Lines as UTF-8 by number. Those that are in the document or in the journal are read from there when they are needed; the others are in memory.
*/
export const createLineArena = (saved?: {source: CellSource; file: LineFile}) => {
	// The place in memory; or the offset in the document, as a negative number from -1 on; or that in the journal, from one below `-journalBase` on.
	let places = new Float64Array(1024);
	// 0 for a line that was removed.
	let lengths = new Uint32Array(1024);
	// Only of lines in a file.
	let sums = new Uint32Array(0);
	let slabs = createLineSlabs();
	let reader: LineReader | undefined;
	let journalReader: LineReader | undefined;
	let usedInDocument = 0;
	let usedInJournal = 0;

	const lineAt = (number: number): LineAtPlace => ({offset: -places[number]! - 1, length: lengths[number]!, crc32: sums[number]!});

	const view = (number: number, into?: LineBytes): LineBytes => {
		const place = places[number]!;
		const line = lineAt(number);
		if (isInMemory(place)) {
			return slabs.view(place, line.length);
		}

		return isInDocument(place) ? reader!.line(line, into) : journalReader!.line({...line, offset: line.offset - journalBase}, into);
	};

	const addInFile = (number: number, line: Uint8Array<ArrayBuffer>, {file, offset, isInJournal = false}: LinePlace): number => {
		if (isInJournal) {
			journalReader ??= createLineReader(file);
			if (journalReader.file !== file) {
				// Lines are still in the journal before this one.
				return slabs.add(line);
			}

			usedInJournal += line.length;
		} else {
			reader ??= createLineReader(file);
			usedInDocument += line.length;
		}

		sums = withRoom(sums, number + 1);
		sums[number] = crc32(line);
		return (isInJournal ? -journalBase : 0) - offset - 1;
	};

	const release = (place: number, length: number) => {
		if (isInDocument(place)) {
			usedInDocument -= length;
			return;
		}

		if (!isInMemory(place)) {
			usedInJournal -= length;
			return;
		}

		const left = slabs.release(place, length);
		if (left === undefined) {
			return;
		}

		for (const [number, held] of places.entries()) {
			if (lengths[number]! > 0 && isInMemory(held) && left.has(held)) {
				places[number] = left.move(held, lengths[number]!);
			}
		}
	};

	const restore = ({source, file}: NonNullable<typeof saved>) => {
		places = source(placeCells) as typeof places;
		lengths = source(lengthCells) as typeof lengths;
		sums = source(sumCells) as typeof sums;
		reader = createLineReader(file);
		const own = source(ownCells);
		for (const [number, place] of places.entries()) {
			const length = lengths[number]!;
			if (place < 0) {
				usedInDocument += length;
			} else {
				places[number] = slabs.add(own.subarray(place, place + length) as Uint8Array);
			}
		}
	};

	if (saved !== undefined) {
		restore(saved);
	}

	return {
		// Numbers start at 0 and have no gaps. The line must not be empty.
		put(number: number, line: Uint8Array<ArrayBuffer>, place?: LinePlace) {
			places = withRoom(places, number + 1);
			lengths = withRoom(lengths, number + 1);
			const [oldPlace, oldLength] = [places[number]!, lengths[number]!];
			places[number] = place === undefined ? slabs.add(line) : addInFile(number, line, place);
			lengths[number] = line.length;
			if (oldLength > 0) {
				release(oldPlace, oldLength);
			}
		},
		view,
		// Of these two, each line is valid until the next one is asked for.
		views: (numbers: Iterable<number>): Generator<LineBytes> => inOrder(numbers, {reader: () => reader, view, lineAt}),
		passing: (number: number): LineBytes => view(number, scratch),
		remove(number: number) {
			const length = lengths[number]!;
			lengths[number] = 0;
			release(places[number]!, length);
		},
		/**
		Call it when the lines of `numbers` are in a document, and lets go of those in memory and in the journal.
		*/
		rest(file: LineFile, numbers: Int32Array, {offsets, sums: newSums}: LinePlaces) {
			sums = new Uint32Array(places.length);
			for (const [index, number] of numbers.entries()) {
				places[number] = -offsets[index]! - 1;
				sums[number] = newSums[index]!;
			}

			reader = createLineReader(file);
			journalReader = undefined;
			usedInDocument += usedInJournal + slabs.usedBytes();
			usedInJournal = 0;
			slabs = createLineSlabs();
		},
		* save(numbers: Int32Array, cells: CellsByName): Steps {
			const savedPlaces = new Float64Array(numbers.length);
			const [savedLengths, savedSums] = [new Uint32Array(numbers.length), new Uint32Array(numbers.length)];
			let ownEnd = 0;
			yield * eachInSteps(numbers, (number, index) => {
				const length = lengths[number]!;
				const isOwn = !isInDocument(places[number]!);
				savedPlaces[index] = isOwn ? ownEnd : places[number]!;
				savedLengths[index] = length;
				savedSums[index] = sums[number] ?? 0;
				ownEnd += isOwn ? length : 0;
			});
			cells.set(placeCells, savedPlaces);
			cells.set(lengthCells, savedLengths);
			cells.set(sumCells, savedSums);
			cells.set(ownCells, yield * linesAt(savedPlaces, ownEnd, index => view(numbers[index]!)));
		},
		file: () => reader?.file,
		usedBytes: () => slabs.usedBytes() + usedInDocument + usedInJournal,
		/**
		The part of it that is not in the document.
		*/
		ownBytes: () => slabs.usedBytes() + usedInJournal,
		isInJournal: () => journalReader !== undefined,
	};
};

/**
A block with the lines of all places that are in memory.
*/
function * linesAt(places: Float64Array, end: number, view: (index: number) => LineBytes): Steps<Uint8Array<ArrayBuffer>> {
	const lines = new Uint8Array(end);
	yield * eachInSteps(numbersBelow(places.length), index => {
		if (isInMemory(places[index]!)) {
			lines.set(view(index), places[index]);
		}
	});
	return lines;
}

type Lines = {
	reader: () => LineReader | undefined;
	view: (number: number) => LineBytes;
	lineAt: (number: number) => LineAtPlace;
};

/**
Gives lines in the order of their numbers, in which they lie in the document as well, so that it is read in large pieces for as long as it is the same document.
*/
function * inOrder(numbers: Iterable<number>, {reader, view, lineAt}: Lines): Generator<LineBytes> {
	const from = reader();
	const readNext = from?.inOrder();
	let last = -1;
	for (const number of numbers) {
		const line = lineAt(number);
		const isNext = from === reader() && line.offset > last && line.offset < journalBase;
		last = isNext ? line.offset : last;
		yield isNext ? readNext!(line) : view(number);
	}
}
