import {haystackOf, type Entry} from './entry.js';
import type {Slices} from './slices.js';

/**
Joins the haystacks of entries into a few long texts, because searching those is many times faster than searching each one.
*/
export type TextSearch = {
	/**
	Gives the entries that contain all `words`, in order. There must be at least one word.
	*/
	find: (words: readonly string[], slices: Slices) => Promise<Entry[]>;
};

type Chunk = {
	text: string;
	entries: readonly Entry[];
	// Where each haystack begins, and the end of the last one.
	starts: Uint32Array;
};

const chunkSize = 1024;
// The only blank in a folded text is the space.
const separator = '\n';

export const createTextSearch = async (entries: readonly Entry[], slices: Slices): Promise<TextSearch> => {
	const chunks: Chunk[] = [];
	for (let start = 0; start < entries.length; start += chunkSize) {
		chunks.push(createChunk(entries.slice(start, start + chunkSize)));
		if (slices.isOver()) {
			await slices.pause();
		}
	}

	return {
		async find(words, own) {
			// The longest word is the rarest.
			const [first = '', ...others] = words.toSorted((left, right) => right.length - left.length);
			const found: Entry[] = [];
			for (const chunk of chunks) {
				findInChunk(chunk, first, others, found);
				if (own.isOver()) {
					await own.pause();
				}
			}

			return found;
		},
	};
};

const createChunk = (entries: readonly Entry[]): Chunk => {
	const starts = new Uint32Array(entries.length + 1);
	const haystacks = entries.map(entry => haystackOf(entry));
	let end = 0;
	for (const [index, haystack] of haystacks.entries()) {
		starts[index] = end;
		end += haystack.length + separator.length;
	}

	starts[entries.length] = end;
	return {text: haystacks.join(separator), entries, starts};
};

const findInChunk = ({text, entries, starts}: Chunk, first: string, others: readonly string[], found: Entry[]) => {
	let line = 0;
	let position = text.indexOf(first);
	while (position !== -1) {
		while (starts[line + 1]! <= position) {
			line++;
		}

		const entry = entries[line]!;
		if (others.every(word => haystackOf(entry).includes(word))) {
			found.push(entry);
		}

		position = text.indexOf(first, starts[line + 1]);
	}
};
