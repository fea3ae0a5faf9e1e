import {QueryError} from './query-error.js';
import type {QuerySpan} from './syntax.js';

type Taken = {text: string; span: QuerySpan};

const blank = /\s/v;

/**
A place in the text of a query that moves on as it is read.
*/
export const createCursor = (query: string) => {
	let place = 0;

	const isAt = (text: string) => query.startsWith(text, place);

	const isWordEnd = (end: number) => end >= query.length || /[\s"\(\)]/v.test(query[end]!);

	const isAtWord = (word: string) => isAt(word) && isWordEnd(place + word.length);

	const error = (message: string, span: QuerySpan, more: {expected?: string; suggestion?: string} = {}) => new QueryError(message, query, {span, ...more});

	return {
		place: () => place,
		isAtEnd: () => place >= query.length,
		isAt,
		isAtWord,
		/**
		Whether something stands there that belongs to what is before it.
		*/
		isBlankFree: (offset: number) => place + offset < query.length && !/[\s\)]/v.test(query[place + offset]!),
		/**
		The span of the next characters.
		*/
		here: (length: number): QuerySpan => ({start: place, end: place + length}),
		skip(length: number) {
			place += length;
		},
		skipBlanks() {
			while (place < query.length && blank.test(query[place]!)) {
				place++;
			}
		},
		takeWord(word: string): boolean {
			const isThere = isAtWord(word);
			place += isThere ? word.length : 0;
			return isThere;
		},
		/**
		What a sticky expression matches here.
		*/
		match(pattern: RegExp): RegExpExecArray | undefined {
			pattern.lastIndex = place;
			return pattern.exec(query) ?? undefined;
		},
		/**
		A text in quotes, in which a backslash goes before a quote or a backslash.

		@throws {QueryError}
		*/
		takeQuoted(): Taken {
			const start = place;
			let text = '';
			for (place++; query[place] !== '"'; place++) {
				if (place >= query.length) {
					throw error('This quotation mark has no second one.', {start, end: start + 1}, {expected: '"'});
				}

				const isEscape = query[place] === '\\' && (query[place + 1] === '"' || query[place + 1] === '\\');
				place += isEscape ? 1 : 0;
				text += query[place]!;
			}

			place++;
			return {text, span: {start, end: place}};
		},
		/**
		All up to a blank, a parenthesis or a quotation mark, at least one character.
		*/
		takeUntilBlank(): Taken {
			const start = place;
			do {
				place++;
			} while (place < query.length && !/[\s"\(\)]/v.test(query[place]!));

			return {text: query.slice(start, place), span: {start, end: place}};
		},
		error,
	};
};

export type Cursor = ReturnType<typeof createCursor>;
