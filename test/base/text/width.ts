import {isDeepStrictEqual} from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {clean} from '../../../source/base/text/clean.js';
import keptWidth, {isOneCellEach} from '../../../source/base/text/kept-width.js';
import {LateSegmenter} from '../../../source/base/text/late-segmenter.js';
import {
	displayWidth,
	fit,
	steadyText,
	truncate,
} from '../../../source/base/text/width.js';

const titles = ['Alien', '東京物語', '👨‍👩‍👧 Family', '❤️‍🔥', 'e\u{301}tude', 'עברית', '한국어 영화', 'ｶﾞﾝﾀﾞﾑ', '🇩🇪🇫🇷', 'हिन्दी'];

test('wide characters and emoji count two cells, marks none', t => {
	t.deepEqual(titles.map(title => displayWidth(title)), [5, 8, 13, 3, 5, 5, 11, 6, 4, 4]);
});

test('what terminals measure differently is shown in characters that they agree on', t => {
	const shown = new Map([
		['กำ', ['ก\u{E4D}\u{E32}', 2]],
		['น้ำ', ['น\u{E4D}\u{E49}\u{E32}', 2]],
		['👨‍👩‍👧‍👦', ['👨👩👧👦', 8]],
		['👍🏽', ['👍', 2]],
		['👩🏽‍🚀', ['👩🚀', 4]],
		['❤️', ['❤', 1]],
		['1️⃣', ['1', 1]],
		['می‌خواهم', ['می‌خواهم', 7]],
		['क्‍ष', ['क्‍ष', 1]],
	] as const);
	for (const [text, [steady, width]] of shown) {
		t.is(steadyText(text), steady);
		t.is(displayWidth(text), width, text);
	}
});

test('law: text is as wide as what is shown of it', t => {
	t.notThrows(() => {
		fc.assert(fc.property(anyText, text => {
			const steady = steadyText(text);
			return steadyText(steady) === steady && displayWidth(text) === stringWidth(steady) && displayWidth(text) === displayWidth(steady);
		}), {numRuns: 3000});
	});
});

test('truncate leaves out the end and says so', t => {
	t.is(truncate('Metropolis', 6), 'Metro…');
	t.is(truncate('Metropolis', 10), 'Metropolis');
	t.is(truncate('Metropolis', 6, {ellipsis: '...'}), 'Met...');
});

test('truncate can leave out the middle of a path', t => {
	t.is(truncate('/films/alien/alien.mkv', 12, {position: 'middle'}), '/films…n.mkv');
	t.is(truncate('/映画/東京物語/東京物語.mkv', 12, {position: 'middle'}), '/映画/….mkv');
});

test('a wide character that is cut off leaves a blank, never half of itself', t => {
	t.is(fit('東京物語', 7), '東京物…');
	t.is(fit('東京物語', 6), '東京… ');
	t.is(fit('👨‍👩‍👧👨‍👩‍👧', 7), '👨‍👩‍👧…');
	t.is(fit('👨‍👩‍👧', 3), '…  ');
});

test('there is room for nothing in no cells', t => {
	t.is(fit('東京', 0), '');
	t.is(fit('東京', -3), '');
	t.is(fit('東京', 1), '…');
	t.is(fit('東京', 2, {ellipsis: '...'}), '東');
});

test('numbers go to the right', t => {
	t.is(fit('98', 5, {align: 'right'}), '   98');
});

const anyText = fc.oneof(
	fc.array(fc.constantFrom(...titles, ' '), {maxLength: 6}).map(parts => parts.join('')),
	fc.string({unit: 'binary', maxLength: 20}),
	fc.string({unit: 'grapheme', maxLength: 20}),
).map(text => clean(text));

test('fit is as wide as it says, whatever the text', t => {
	const options = fc.record({align: fc.constantFrom('left', 'right'), position: fc.constantFrom('end', 'middle')});
	const law = fc.property(anyText, fc.nat(30), options, (text, width, how) => displayWidth(fit(text, width, how)) === width);
	t.notThrows(() => {
		fc.assert(law, {numRuns: 3000});
	});
});

test('of several parts, truncate tells how many are missing', t => {
	const text = 'year 1925 → 1931; genres Drama → Noir; studios A → B';
	const cut = (width: number) => truncate(text, width, {position: 'parts'});
	t.is(cut(52), text);
	t.is(cut(51), 'year 1925 → 1931; genres Drama → Noir; studios A →…');
	t.is(cut(36), 'year 1925 → 1931; genres Drama →… +1');
	t.is(cut(21), 'year 1925 → 1931… +2');
	t.is(cut(10), 'year 1… +2');
	t.is(cut(3), 'ye…');
	for (let width = 0; width < 60; width++) {
		t.true(displayWidth(cut(width)) <= width, cut(width));
	}

	// A shorter number leaves room for one part more.
	t.is(truncate(Array.from({length: 11}, (_, index) => `part ${index}`).join('; '), 18, {position: 'parts'}), 'part 0; part 1… +9');
});

test('truncate keeps whole graphemes only', t => {
	const segmenter = new Intl.Segmenter();
	const graphemes = (text: string) => Array.from(segmenter.segment(text), ({segment}) => segment);
	const law = fc.property(anyText, fc.nat(30), (text, width) => {
		const cut = truncate(text, width, {ellipsis: ''});
		return graphemes(cut).every((grapheme, index) => grapheme === graphemes(text)[index]);
	});
	t.notThrows(() => {
		fc.assert(law, {numRuns: 1000});
	});
});

test('a summary of 100 KB is cut without being measured to its end', t => {
	const long = 'é東'.repeat(50_000);
	const timed = (work: () => void) => {
		const startMs = performance.now();
		work();
		return performance.now() - startMs;
	};

	const wholeMs = timed(() => {
		displayWidth(long);
	});
	const cutsMs = timed(() => {
		for (let count = 0; count < 20; count++) {
			truncate(long, 40);
			truncate(long, 40, {position: 'middle'});
		}
	});
	t.true(cutsMs / 40 < wholeMs / 4, `${wholeMs} ms for the whole, ${cutsMs} ms for 40 cuts`);
});

test('law: a kept width is that of string-width, also of text with colours and of what was measured before', t => {
	const text = fc.oneof(fc.string({unit: 'binary'}), fc.array(fc.constantFrom(...titles, '─', '█', '● ', '◐', '✓', '›', '…', '\u{FE0F}', '\u{200D}', 'é', 'ł', 'я', 'Я\u{301}', 'ש', '↔', '○', '\u{1B}[1;31m', '\u{1B}[?25l', '\u{1B}[', '\u{AD}', '\u{301}', '¿', '\u{1B}[31m', '\u{1B}[0m', '\n', 'a'), {maxLength: 12}).map(parts => parts.join('')));
	t.notThrows(() => {
		fc.assert(fc.property(text, value => {
			const width = stringWidth(value);
			return keptWidth(value) === width && keptWidth(value) === width && keptWidth(value, {countAnsiEscapeCodes: true}) === stringWidth(value, {countAnsiEscapeCodes: true});
		}), {numRuns: 1000});
	});
});

test('law: what stands for Intl.Segmenter gives the characters that it gives', t => {
	const parts = fc.constantFrom(...titles, 'a', '─', '↔', '✓', 'é', 'ש', '\u{1B}[31m', '\u{301}', '\u{FE0F}', '\u{200D}', '\n', '\r');
	const [own, real] = [new LateSegmenter(), new Intl.Segmenter()];
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(parts, {maxLength: 6}), fc.nat(12), (texts, place) => {
			const text = texts.join('');
			const [found, wanted] = [own.segment(text), real.segment(text)].map(segments => [...segments, segments.containing(place)]);
			return isDeepStrictEqual(found, wanted);
		}), {numRuns: 1000});
	});
	const plain = Array.from({length: 0x30_00}, (_, code) => String.fromCodePoint(code)).filter(character => isOneCellEach(character)).join('');
	t.deepEqual([...own.segment(plain)], [...real.segment(plain)]);
	t.is([...new LateSegmenter('en', {granularity: 'word'}).segment('two words')].length, 3);
});

test('each character that is said to take one cell takes one', t => {
	const characters = Array.from({length: 0x30_00}, (_, code) => String.fromCodePoint(code)).filter(character => isOneCellEach(character));
	t.true(characters.length > 600);
	t.deepEqual(characters.filter(character => stringWidth(character) !== 1 || steadyText(character) !== character), []);
});
