import {Buffer} from 'node:buffer';
import test from 'ava';
import fc from 'fast-check';
import {
	clipboardSequence,
	clipboardWay,
	isTooLongToCopy,
	mostCopiedBytes,
} from '../../source/ui/output/clipboard.js';

test('a text is sent to the clipboard by OSC 52, byte by byte', t => {
	t.is(clipboardSequence('Größe', 'direct'), '\u{1B}]52;c;R3LDtsOfZQ==\u{7}');
	t.is(clipboardSequence('a', 'tmux'), '\u{1B}]52;c;YQ==\u{7}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;YQ==\u{7}\u{1B}\\');
});

test('no text can end the sequence or begin another one, and the terminal gets the text whole', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.string({unit: 'binary'}), text => {
			const sequence = clipboardSequence(text, 'direct');
			const data = sequence.slice(7, -1);
			return sequence === `\u{1B}]52;c;${data}\u{7}` && /^[\d+\/=A-Za-z]*$/v.test(data) && Buffer.from(data, 'base64').toString() === text.toWellFormed();
		}));
	});
});

test('the longest text makes a sequence of at most 100,000 bytes, and it counts bytes', t => {
	t.true(clipboardSequence('x'.repeat(mostCopiedBytes), 'direct').length <= 100_000);
	t.false(isTooLongToCopy('x'.repeat(mostCopiedBytes)));
	t.true(isTooLongToCopy('ö'.repeat((mostCopiedBytes / 2) + 1)));
});

test('tmux gets both ways, and what has no clipboard gets nothing', t => {
	t.is(clipboardWay({TERM: 'xterm-256color'}), 'direct');
	t.is(clipboardWay({TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'}), 'tmux');
	t.is(clipboardWay({TERM: 'screen.xterm-256color', STY: '1.pts-0'}), 'none');
	t.is(clipboardWay({TERM: 'screen.xterm-256color', STY: '1.pts-0', TMUX: '/tmp/tmux-0/default,1,0'}), 'none');
	t.is(clipboardWay({TERM: 'tmux-256color', STY: '1.pts-0', TMUX: '/tmp/tmux-0/default,1,0'}), 'tmux');
	t.is(clipboardWay({TERM: 'linux'}), 'none');
});
