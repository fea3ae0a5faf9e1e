import test from 'ava';
import fc from 'fast-check';
import {createMouseDecoder, readMouseReport, type MouseReport} from '../../../source/ui/input/mouse-report.js';

const escape = '\u{1B}';

const codes: Readonly<Record<MouseReport['kind'], number>> = {
	press: 0, release: 0, drag: 32, 'wheel-up': 64, 'wheel-down': 65,
};

const written = ({kind, button, column, row}: MouseReport, keysHeld = 0) =>
	`${escape}[<${codes[kind] + keysHeld + (button === undefined ? 0 : ['left', 'middle', 'right'].indexOf(button))};${column + 1};${row + 1}${kind === 'release' ? 'm' : 'M'}`;

const reports: fc.Arbitrary<MouseReport> = fc.record({column: fc.nat(9998), row: fc.nat(9998)}).chain(place => fc.oneof(
	fc.record({kind: fc.constantFrom('press' as const, 'release' as const, 'drag' as const), button: fc.constantFrom('left' as const, 'middle' as const, 'right' as const)}),
	fc.record({kind: fc.constantFrom('wheel-up' as const, 'wheel-down' as const), button: fc.constant(undefined)}),
).map(action => ({...action, ...place})));

// Keys and other sequences, none of which is a report of the mouse or begins a paste.
const typed = fc.constantFrom('j', 'é', '7', 'M', '~', '<', '[', '\r', `${escape}[A`, `${escape}[5~`, `${escape}OP`, `${escape}[24;80R`, '👍');

// Texts that follow each other are one.
const joined = (parts: ReadonlyArray<string | MouseReport>) => {
	const all: Array<string | MouseReport> = [];
	for (const part of parts) {
		const last = all.at(-1);
		if (typeof part === 'string' && typeof last === 'string') {
			all[all.length - 1] = last + part;
		} else if (part !== '') {
			all.push(part);
		}
	}

	return all;
};

const read = (pieces: readonly string[]) => {
	const decoder = createMouseDecoder();
	return joined(pieces.flatMap(piece => decoder.push(piece)));
};

// Divides a text at some places, but never behind Esc or Esc [.
const divided = (text: string, places: readonly number[]) => {
	const ends = [...places.map(place => place % (text.length + 1)), text.length].toSorted((one, other) => one - other);
	const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
	return pieces.slice(0, -1).some(piece => /\u{1B}\[?$/v.test(piece)) ? [text] : pieces; // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences
};

test('a report is what the terminal wrote, whatever keys are held down', t => {
	fc.assert(fc.property(reports, fc.constantFrom(0, 4, 8, 16, 28), (report, keysHeld) => {
		t.deepEqual(readMouseReport(written(report, keysHeld)), report);
	}));
	for (const other of ['', 'j', `${escape}[A`, `${escape}[<0;0;1M`, `${escape}[<66;1;1M`, `${escape}[<35;1;1M`, `${escape}[<0;1M`, `${escape}[<0;1;1`, `${escape}[<0;1;1Mj`]) {
		t.is(readMouseReport(other), undefined, JSON.stringify(other));
	}
});

test('reports and keys come apart, in their order, however the pieces are divided', t => {
	const parts = fc.array(fc.oneof(reports, typed), {maxLength: 20});
	fc.assert(fc.property(parts, fc.array(fc.nat(500), {maxLength: 6}), (all, places) => {
		const text = all.map(part => typeof part === 'string' ? part : written(part)).join('');
		t.deepEqual(read(divided(text, places)), joined(all));
	}));
});

test('nothing is lost of what is no report, wherever it is divided', t => {
	const noise = fc.string({unit: fc.constantFrom(escape, '[', '<', '0', '2', '1', ';', '~', 'j', 'é')});
	fc.assert(fc.property(fc.array(noise, {maxLength: 8}), pieces => {
		// The end shows what was held back.
		t.deepEqual(read([...pieces, 'q']), [`${pieces.join('')}q`]);
	}));
});

test('the Esc key is passed on at once, and a report that was divided behind it stays a sequence', t => {
	const decoder = createMouseDecoder();
	t.deepEqual(decoder.push(escape), [escape]);
	t.deepEqual(decoder.push('[<0;3;4M'), ['[<0;3;4M']);
	t.deepEqual(decoder.push(`${escape}[<0;3;4M`), [{
		kind: 'press', button: 'left', column: 2, row: 3,
	}]);
});

test('the old form of a report is one, too, and no part of it is a key', t => {
	const old = (code: number, column: number, row: number) => `${escape}[M${String.fromCodePoint(32 + code, 33 + column, 33 + row)}`;
	const place = {column: 48, row: 33};
	t.deepEqual(read([`j${old(0, 48, 33)}k${old(2, 48, 33)}${old(3, 48, 33)}${old(32, 48, 33)}${old(64, 48, 33)}${old(65 + 16, 48, 33)}`]), [
		'j',
		{kind: 'press', button: 'left', ...place},
		'k',
		{kind: 'press', button: 'right', ...place},
		{kind: 'release', button: 'left', ...place},
		{kind: 'drag', button: 'left', ...place},
		{kind: 'wheel-up', button: undefined, ...place},
		{kind: 'wheel-down', button: undefined, ...place},
	]);
	t.deepEqual(read([old(0, 180, 3)]), [{
		kind: 'press', button: 'left', column: 180, row: 3,
	}]);
	// Movement without a button, a wheel that turns sideways, and a place that was sent as a byte.
	t.deepEqual(read([`j${old(35, 1, 1)}${old(66, 1, 1)}${escape}[M \u{FFFD}!k`]), ['jk']);
	for (const end of [3, 4, 5]) {
		const report = old(0, 48, 28);
		t.deepEqual(read([report.slice(0, end), `${report.slice(end)}j`]), [{
			kind: 'press', button: 'left', column: 48, row: 28,
		}, 'j'], `It comes after ${end} characters.`);
	}

	t.deepEqual(read([`${escape}[200~${old(0, 48, 33)}${escape}[M${escape}[201~${old(0, 0, 94)}`]), [
		`${escape}[200~${old(0, 48, 33)}${escape}[M${escape}[201~`,
		{
			kind: 'press', button: 'left', column: 0, row: 94,
		},
	]);
});

test('pasted text does not click', t => {
	const click = `${escape}[<0;3;4M`;
	for (const pieces of [[`${escape}[200~a${click}b${escape}[201~${click}`], [`${escape}[200`, `~a${click.slice(0, 5)}`, `${click.slice(5)}b${escape}`, `[201~${click}`]]) {
		t.deepEqual(read(pieces), [`${escape}[200~a${click}b${escape}[201~`, {
			kind: 'press', button: 'left', column: 2, row: 3,
		}]);
	}
});
