import test from 'ava';
import fc from 'fast-check';
import {
	canHaveKitty,
	isAnswered,
	questionsTo,
	readAnswers,
	separateAnswers,
} from '../../../source/ui/graphics/terminal-answers.js';

const esc = '\u{1B}';

const size = {columns: 100, rows: 30};

test('answers as terminals gave them', t => {
	t.deepEqual(readAnswers(`${esc}[4;456;800t${esc}[6;19;10t${esc}[?63;1;2;3;4;6;7;15;18;22;29c`, {columns: 80, rows: 24}), {
		hasKitty: false, hasSixel: true, cell: {width: 10, height: 19}, version: '',
	}, 'mlterm 3.9.0');
	t.deepEqual(readAnswers(`${esc}P>|XTerm(379)${esc}\\${esc}[?2;0;600;390S${esc}[?63;1;2;4;6;9;15;16;22;28c`, size), {
		hasKitty: false, hasSixel: true, cell: {width: 6, height: 13}, version: 'XTerm(379)',
	}, 'xterm 379 as a VT340');
	t.deepEqual(readAnswers(`${esc}_Gi=31;OK${esc}\\${esc}P>|kitty(0.26.5)${esc}\\${esc}[6;17;8t${esc}[4;510;800t${esc}[?62;c`, size), {
		hasKitty: true, hasSixel: false, cell: {width: 8, height: 17}, version: 'kitty(0.26.5)',
	}, 'kitty');
	t.deepEqual(readAnswers('', size), {
		hasKitty: false, hasSixel: false, cell: undefined, version: '',
	}, 'silence');
});

test('64 as the class of a terminal is not attribute 4, an error is not an OK, and no cell has 0 pixels', t => {
	t.like(readAnswers(`${esc}_Gi=31;ENOTSUPPORTED:no${esc}\\${esc}[4;0;0t${esc}[6;0;0t${esc}[?4;1;2c`, size), {hasKitty: false, hasSixel: false, cell: undefined});
});

test('only xterm is asked how large a sixel may be', t => {
	t.true(questionsTo({XTERM_VERSION: 'XTerm(379)'}).includes(`${esc}[?2;1;0S`));
	t.false(questionsTo({}).includes('S'));
	for (const env of [{}, {XTERM_VERSION: 'XTerm(379)'}]) {
		t.true(questionsTo(env).endsWith(`${esc}[c`));
		t.false(questionsTo(env).includes('[18t'));
	}
});

const answer = fc.constantFrom(`${esc}_Gi=31;OK${esc}\\`, `${esc}P>|kitty(0.35.2)${esc}\\`, `${esc}[6;17;8t`, `${esc}[4;510;800t`, `${esc}[?2;0;600;390S`, `${esc}[?62;4c`);
const key = fc.constantFrom('j', '5', 'G', '\r', 'é', '東', `${esc}[A`, `${esc}[1;5C`, `${esc}[5~`, `${esc}OP`, `${esc}[200~c${esc}[201~`);

test('law: however answers and keys come mixed and in pieces, each arrives where it belongs', t => {
	const parts = fc.array(fc.oneof(answer.map(text => ({text, isKey: false})), key.map(text => ({text, isKey: true}))), {maxLength: 12});
	t.notThrows(() => {
		fc.assert(fc.property(parts, fc.array(fc.nat(40), {maxLength: 8}), (mixed, lengths) => {
			let rest = mixed.map(({text}) => text).join('');
			const pieces = lengths.map(length => {
				const piece = rest.slice(0, length);
				rest = rest.slice(length);
				return piece;
			});
			let pending = '';
			let keys = '';
			let answers = '';
			for (const piece of [...pieces, rest]) {
				const separated = separateAnswers(pending + piece);
				pending = separated.open;
				keys += separated.keys;
				answers += separated.answers;
			}

			const expected = (isKey: boolean) => mixed.filter(part => part.isKey === isKey).map(({text}) => text).join('');
			return keys + pending === expected(true) && answers === expected(false);
		}));
	});
});

test('only who tells a version, and is not tmux, is asked for kitty graphics', t => {
	t.true(canHaveKitty(`${esc}P>|kitty(0.26.5)${esc}\\${esc}[?62;c`));
	t.true(canHaveKitty(`${esc}P>|Konsole 22.12.3${esc}\\${esc}[?62;1;4c`));
	t.false(canHaveKitty(`${esc}P>|tmux 3.3a${esc}\\${esc}[?1;2c`));
	t.true(canHaveKitty(`${esc}[?62;22c`), 'no version is told');
	t.false(canHaveKitty(`${esc}[?1;2c`), 'GNU screen');
	t.false(canHaveKitty(`${esc}[?6c`), 'PuTTY');
	t.false(canHaveKitty(`${esc}P>|kitty(0.26.5)${esc}\\`), 'answers are still to come');
});

test('the answer that every terminal gives ends the wait', t => {
	t.false(isAnswered(`${esc}_Gi=31;OK${esc}\\${esc}[6;17;8t`));
	t.true(isAnswered(`${esc}[6;17;8t${esc}[?62;c`));
});
