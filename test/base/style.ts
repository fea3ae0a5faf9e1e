import test from 'ava';
import {colorPaint, paintOf, plainPaint} from '../../source/base/text/style.js';

const terminal = {isTTY: true};
const pipe = {isTTY: false};
const xterm = {TERM: 'xterm-256color'};

test('a terminal has colours, and a pipe, a dumb terminal and NO_COLOR have none', t => {
	t.is(paintOf(terminal, {env: xterm, flag: undefined}), colorPaint);
	t.is(paintOf(terminal, {env: {...xterm, NO_COLOR: ''}, flag: undefined}), colorPaint);
	t.is(paintOf(pipe, {env: xterm, flag: undefined}), plainPaint);
	t.is(paintOf({}, {env: xterm, flag: undefined}), plainPaint);
	t.is(paintOf(terminal, {env: {TERM: 'dumb'}, flag: undefined}), plainPaint);
	t.is(paintOf(terminal, {env: {}, flag: undefined}), plainPaint);
	t.is(paintOf(terminal, {env: {...xterm, NO_COLOR: '1'}, flag: undefined}), plainPaint);
});

test('FORCE_COLOR decides before NO_COLOR, and the option before both', t => {
	t.is(paintOf(pipe, {env: {FORCE_COLOR: '1', NO_COLOR: '1'}, flag: undefined}), colorPaint);
	t.is(paintOf(terminal, {env: {...xterm, FORCE_COLOR: '0'}, flag: undefined}), plainPaint);
	t.is(paintOf(terminal, {env: {...xterm, FORCE_COLOR: 'false'}, flag: undefined}), plainPaint);
	t.is(paintOf(terminal, {env: {...xterm, FORCE_COLOR: '3'}, flag: false}), plainPaint);
	t.is(paintOf(pipe, {env: {NO_COLOR: '1'}, flag: true}), colorPaint);
});

test('a colour begins and ends with the text', t => {
	t.is(colorPaint('bad', 'gone'), '\u{1B}[31mgone\u{1B}[39m');
	t.is(colorPaint('strong', ''), '');
	t.is(colorPaint(undefined, 'plain'), 'plain');
});
