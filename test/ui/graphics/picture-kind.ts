import test from 'ava';
import {pictureMode, shouldAsk, type Surroundings} from '../../../source/ui/graphics/picture-kind.js';
import type {TerminalAnswers} from '../../../source/ui/graphics/terminal-answers.js';

const desk = (env: Record<string, string> = {}, change: Partial<Surroundings> = {}): Surroundings => ({
	env: {TERM: 'xterm-256color', ...env}, isColor: true, isAscii: false, isScreenReader: false, isSlowLink: false, ...change,
});

const plain: TerminalAnswers = {
	hasKitty: false, hasSixel: false, cell: {width: 9, height: 18}, version: '',
};

test('what a terminal says of itself decides', t => {
	const kindOf = (answers: Partial<TerminalAnswers>, env = {}) => pictureMode('auto', desk(env), {...plain, ...answers}).kind;
	t.is(kindOf({hasKitty: true, version: 'kitty(0.35.2)'}), 'kitty');
	t.is(kindOf({hasKitty: true, version: 'ghostty 1.2.0'}), 'kitty');
	t.is(kindOf({hasKitty: true, version: 'kitty(0.26.5)'}), 'kitty-placed', 'placeholders came with 0.28');
	t.is(kindOf({hasKitty: true, version: 'Konsole 22.12.3'}), 'kitty-placed');
	t.is(kindOf({version: 'iTerm2 3.5.0'}), 'iterm2');
	t.is(kindOf({version: 'WezTerm 20240203', hasSixel: true}), 'iterm2');
	t.is(kindOf({hasSixel: true}), 'sixel');
	t.is(kindOf({hasSixel: true, cell: undefined}), 'blocks', 'without the size of a cell a sixel has no place');
	t.is(kindOf({}), 'blocks');
	t.is(kindOf({version: 'tmux 3.4', hasSixel: true}), 'blocks', 'tmux around a container');
	t.is(kindOf({}, {TERM_PROGRAM: 'iTerm.app'}), 'iterm2');
	t.is(kindOf({version: 'XTerm(379)'}, {TERM_PROGRAM: 'iTerm.app'}), 'blocks', 'the variable came from the terminal around');
});

test('a terminal is asked only where the question reaches it and harms nobody', t => {
	t.true(shouldAsk('auto', desk()));
	const others: ReadonlyArray<Record<string, string>> = [{TMUX: '/tmp/tmux-0/default,1,0'}, {STY: '1.pts-0'}, {TERM: 'screen.xterm-256color'}, {TERM: 'tmux-256color'}, {TERM: 'dumb'}];
	for (const env of others) {
		for (const setting of ['auto', 'kitty', 'sixel', 'iterm2'] as const) {
			t.false(shouldAsk(setting, desk(env)), JSON.stringify(env));
		}
	}

	t.false(shouldAsk('auto', desk({}, {isSlowLink: true})));
	t.true(shouldAsk('kitty', desk({}, {isSlowLink: true})));
	t.false(shouldAsk('auto', desk({TERM: 'linux'})));
	for (const setting of ['off', 'blocks'] as const) {
		t.false(shouldAsk(setting, desk()));
	}

	for (const change of [{isAscii: true}, {isScreenReader: true}]) {
		t.false(shouldAsk('kitty', desk({}, change)));
	}
});

test('a terminal that was not asked shows half-blocks, with the colours that it has', t => {
	const modeOf = (env: Record<string, string>, change?: Partial<Surroundings>) => {
		const {kind, depth} = pictureMode('auto', desk(env, change), undefined);
		return `${kind} ${depth}`;
	};

	t.is(modeOf({TMUX: 'x', TERM: 'tmux-256color', COLORTERM: 'truecolor'}), 'blocks true');
	t.is(modeOf({STY: 'x', TERM: 'screen', COLORTERM: 'truecolor'}), 'blocks 256', 'screen reads 24-bit colours as attributes');
	t.is(modeOf({TERM: 'xterm'}), 'none 256');
	t.is(modeOf({}, {isColor: false}), 'none 256');
});

test('a setting wins over the answers, and what shows nothing says why', t => {
	const answers = {...plain, hasKitty: true, hasSixel: true};
	t.is(pictureMode('blocks', desk(), undefined).kind, 'blocks');
	t.is(pictureMode('sixel', desk(), answers).kind, 'sixel');
	t.is(pictureMode('kitty', desk(), plain).kind, 'kitty-placed');
	t.like(pictureMode('off', desk(), undefined), {kind: 'none', reason: 'Pictures are switched off in the settings.'});
	t.like(pictureMode('auto', desk({}, {isSlowLink: true}), undefined), {kind: 'none', reason: 'Over SSH no pictures are fetched unless the setting `pictures` names a kind.'});
	t.like(pictureMode('auto', desk({TERM: 'xterm'}), undefined), {kind: 'none', reason: 'This terminal cannot show pictures.'});
	t.is(pictureMode('auto', desk(), answers).reason, undefined);
});
