import test from 'ava';
import fc from 'fast-check';
import {clean, cleanLines} from '../../../source/base/text/clean.js';

const escape = '\u{1B}';

/**
What a hostile server may call a film, and what may be left of it.
*/
const corpus: ReadonlyArray<readonly [name: string, hostile: string, line: string]> = [
	['a colour', `a${escape}[31mb${escape}[0m`, 'ab'],
	['hidden text', `a${escape}[8mb`, 'ab'],
	['a cleared screen', `${escape}[2J${escape}[Hx`, 'x'],
	['a cursor move', `a${escape}[10;10Hb`, 'ab'],
	['a private mode', `a${escape}[?1049hb`, 'ab'],
	['a CSI with intermediates', `a${escape}[!pb`, 'ab'],
	['a CSI that is cut off', `a${escape}[12;`, 'a'],
	['a C1 CSI', 'a\u{9B}31mb', 'ab'],
	['a window title ended by BEL', `a${escape}]0;owned\u{7}b`, 'ab'],
	['a window title ended by ST', String.raw`a${escape}]0;owned${escape}\b`, 'ab'],
	['a C1 window title ended by C1 ST', 'a\u{9D}0;owned\u{9C}b', 'ab'],
	['a title that never ends', `a${escape}]0;owned`, 'a0;owned'],
	['the clipboard', `a${escape}]52;c;ZXZpbA==\u{7}b`, 'ab'],
	['a link', `${escape}]8;;http://evil\u{7}click${escape}]8;;\u{7}`, 'click'],
	['an iTerm file', `a${escape}]1337;File=inline=1:AAAA\u{7}b`, 'ab'],
	['a DCS', String.raw`a${escape}P+q544e${escape}\b`, 'ab'],
	['a C1 DCS', 'a\u{90}$qm\u{9C}b', 'ab'],
	['an APC, as kitty images use it', String.raw`a${escape}_Gf=100;AAAA${escape}\b`, 'ab'],
	['a PM', String.raw`a${escape}^x${escape}\b`, 'ab'],
	['an SOS', String.raw`a${escape}Xx${escape}\b`, 'ab'],
	['a sequence of sequences that could recombine', `${escape}${escape}[0m[2Jx`, '[2Jx'],
	['a CSI inside an OSC', `a${escape}]0;${escape}[2Jb\u{7}c`, 'a0;bc'],
	['a split CSI', `a${escape}${escape}[31m[31mb`, 'a[31mb'],
	['a reset', `a${escape}cb`, 'ab'],
	['a character set', `a${escape}(0b`, 'ab'],
	['an escape character alone', `a${escape}`, 'a'],
	['carriage return over what was written', 'real\rfake', 'real fake'],
	['backspaces', 'a\b\bb', 'ab'],
	['NUL and BEL', 'a\0\u{7}b', 'ab'],
	['DEL', 'a\u{7F}b', 'ab'],
	['shift out', 'a\u{E}b', 'ab'],
	['a tab', 'a\tb', 'a b'],
	['line feeds', 'a\r\n\nb', 'a b'],
	['next line, line and paragraph separators', 'a\u{85}b\u{2028}c\u{2029}d', 'a b c d'],
	['a right-to-left override', 'a\u{202E}gpj.exe', 'agpj.exe'],
	['isolates and marks of direction', '\u{2066}a\u{2069}\u{200F}b\u{61C}c\u{200E}', 'abc'],
	['zero-width blanks', 'a\u{200B}b\u{FEFF}c\u{2060}d\u{AD}e', 'abcde'],
	['text in tag characters', 'a\u{E0068}\u{E0069}\u{E007F}b', 'ab'],
	['a lone high surrogate', 'a\u{D800}b', 'a\u{FFFD}b'],
	['surrogates that meet when a sequence goes', `\u{D83D}${escape}[0m\u{DE00}`, '\u{FFFD}\u{FFFD}'],
	['stacked marks', `Z${'\u{301}'.repeat(50)}b`, `Z${'\u{301}'.repeat(4)}b`],
	['a mark without a letter', '\u{301}\u{489}a', 'a'],
	['marks with joiners between', `Z${'\u{301}\u{200D}'.repeat(50)}b`, 'Z\u{301}\u{200D}\u{301}\u{200D}b'],
];

for (const [name, hostile, line] of corpus) {
	test(`clean leaves nothing harmful of ${name}`, t => {
		t.is(clean(hostile), line);
		t.is(cleanLines(hostile).replaceAll(/\n+/gv, ' '), line);
	});
}

for (const kept of ['Amélie – “le film”', '東京物語', 'Кино', '한국어', 'العربية', 'עברית', 'می‌خواهم', '👨‍👩‍👧', '❤️‍🔥', 'हिन्दी', 'ไทย', 'a\u{301}', '葛\u{E0100}']) {
	test(`clean keeps ${kept}`, t => {
		t.is(clean(kept), kept);
	});
}

test('cleanLines keeps line feeds and makes every other break one', t => {
	t.is(cleanLines('a\r\nb\rc\n\nd\u{2028}e'), 'a\nb\nc\n\nd\ne');
});

const pieces = corpus.flatMap(([, hostile]) => [...hostile]);
const nasty = fc.array(fc.oneof(
	fc.constantFrom(...pieces),
	fc.constantFrom('\u{D83D}', '\u{DE00}', '\u{DB40}', '\u{DC41}', '[', ']', '\\', '\u{9C}', '\u{200D}', '\u{301}', '\n'),
	fc.string({unit: 'binary', maxLength: 3}),
), {maxLength: 30}).map(parts => parts.join(''));

test('whatever comes in, nothing that a terminal obeys comes out, and cleaning again changes nothing', t => {
	const harmful = /[[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}]--\p{Join_Control}]|\p{Mark}{5}/v;
	const law = fc.property(nasty, text => {
		const line = clean(text);
		const lines = cleanLines(text);
		return !harmful.test(line) && line === clean(line)
			&& !harmful.test(lines.replaceAll('\n', '')) && lines === cleanLines(lines);
	});
	t.notThrows(() => {
		fc.assert(law, {numRuns: 5000});
	});
});

test('100 KB made to be slow is cleaned in linear time', t => {
	const units = [escape, `${escape}]`, `${escape}]0;a`, `${escape}[`, `${escape}[1;`, '\u{9D}', `${escape} `, '\u{301}', '\u{200D}', '\r\n', '\u{D800}'];
	const fewestMs = (text: string) => Math.min(...Array.from({length: 3}, () => {
		const startMs = performance.now();
		clean(text);
		return performance.now() - startMs;
	}));
	for (const unit of units) {
		const text = unit.repeat(100_000 / unit.length);
		const tookMs = fewestMs(text);
		// Quadratic behaviour would take seconds.
		t.true(tookMs < 100, `${JSON.stringify(unit)}: ${tookMs} ms`);
	}
});
