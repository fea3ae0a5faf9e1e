import test from 'ava';
import fc from 'fast-check';
import {fold} from '../../source/query/fold.js';
import {fuzzyMatch, fuzzyRanker} from '../../source/query/fuzzy.js';

// Few letters, so that patterns are found often.
const letter = fc.constantFrom('a', 'b', 'B', 'é', 'ß', '東', '👨‍👩‍👧');
const word = fc.string({unit: letter, minLength: 1, maxLength: 4});
const text = fc.string({unit: fc.oneof(letter, fc.constantFrom(' ', '-')), maxLength: 12});

const graphemes = (value: string) => Array.from(new Intl.Segmenter().segment(value), ({segment}) => segment);
const folded = (value: string) => graphemes(value).flatMap(part => [...fold(part)]);

const isWithin = (wanted: readonly string[], all: readonly string[]): boolean => {
	let from = 0;
	return wanted.every(part => {
		from = all.indexOf(part, from) + 1;
		return from > 0;
	});
};

const holds = (property: fc.IProperty<unknown>) => {
	fc.assert(property, {numRuns: 500});
};

test('a word is found exactly where its letters stand in their order', t => {
	t.notThrows(() => {
		holds(fc.property(word, text, (pattern, subject) => (fuzzyMatch(pattern, subject) !== undefined) === isWithin(folded(pattern), folded(subject))));
	});
});

test('the letters that are told spell the word, in their order', t => {
	t.notThrows(() => {
		holds(fc.property(word, text, (pattern, subject) => {
			const match = fuzzyMatch(pattern, subject);
			const lit = match?.at.map(place => graphemes(subject)[place]!).join('');
			return lit === undefined || isWithin(folded(pattern), folded(lit));
		}));
	});
});

test('each word is found on its own, in any order', t => {
	t.notThrows(() => {
		holds(fc.property(word, word, text, (left, right, subject) => {
			const one = fuzzyMatch(`${left} ${right}`, subject);
			const other = fuzzyMatch(` ${right}  ${left} `, subject);
			return one?.score === other?.score && (one !== undefined) === [left, right].every(part => fuzzyMatch(part, subject) !== undefined);
		}));
	});
});

test('case and accents do not count', t => {
	t.notThrows(() => {
		holds(fc.property(fc.string({unit: fc.constantFrom('a', 'b', 'e', ' '), maxLength: 8}), fc.string({unit: fc.constantFrom('a', 'e'), maxLength: 3}), (subject, pattern) => {
			const accented = subject.replaceAll('e', 'É').replaceAll('b', 'B');
			return fuzzyMatch(pattern.toUpperCase(), accented)?.score === fuzzyMatch(pattern, subject)?.score;
		}));
	});
});

test('no text is better than one that begins with the word', t => {
	t.notThrows(() => {
		holds(fc.property(word, text, text, (pattern, rest, other) => fuzzyMatch(pattern, `${pattern}${rest}`)!.score >= (fuzzyMatch(pattern, other)?.score ?? 0)));
	});
});

/**
All ways to find a word, tried one by one, by the rules of `fuzzy.ts`.
*/
const bestOf = (wanted: readonly string[], all: readonly string[], from = 0, previous = -1): number => {
	if (wanted.length === 0) {
		return 0;
	}

	const isLetter = (part: string | undefined) => part !== undefined && /[\p{Letter}\p{Number}]/v.test(part);
	const ways = all.keys().filter(place => place >= from && all[place] === wanted[0]).map(place => {
		const bonus = place === 0 ? 10 : (isLetter(all[place]) && !isLetter(all[place - 1]) ? 8 : 0);
		const step = previous === -1 ? bonus : (place === previous + 1 ? Math.max(bonus, 9) : bonus - 3);
		return 1 + step + bestOf(wanted.slice(1), all, place + 1, place);
	});
	return Math.max(-Infinity, ...ways);
};

test('the score is that of the best way to find the word', t => {
	const plain = fc.constantFrom('a', 'b', ' ');
	t.notThrows(() => {
		holds(fc.property(fc.string({unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4}), fc.string({unit: plain, maxLength: 9}), (pattern, subject) =>
			(fuzzyMatch(pattern, subject)?.score ?? -Infinity) === bestOf([...pattern], [...subject])));
	});
});

test('what matches comes best first, and equals keep their order', t => {
	const rank = fuzzyRanker(['Close this screen', 'Library', 'Open a library', 'Libretto', 'Sync'], value => value);
	const found = (pattern: string) => rank(pattern).map(({value}) => value);
	t.deepEqual(found('lib'), ['Library', 'Libretto', 'Open a library']);
	t.deepEqual(found('lib op'), ['Open a library']);
	t.deepEqual(found(''), ['Close this screen', 'Library', 'Open a library', 'Libretto', 'Sync']);
	t.deepEqual(fuzzyMatch('opl', 'Open a library')?.at, [0, 1, 7]);
});

test('the letters of the texts are found once for all patterns', t => {
	let asked = 0;
	const rank = fuzzyRanker(['Close this screen', 'Library'], value => {
		asked++;
		return value;
	});
	t.deepEqual([rank('cl').length, rank('lib').length, rank('').length], [1, 1, 2]);
	t.is(asked, 2);
});
