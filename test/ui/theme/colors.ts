import test from 'ava';
import type {Tone} from '../../../source/ui/line.js';
import {createTheme} from '../../../source/ui/theme.js';
import {fineThemes, plainStyles, terminalStyles} from '../../../source/ui/theme/palettes.js';
import {terminalColors} from '../../../source/ui/theme/terminal-colors.js';

// What is light in a QR code is an area, and no text.
const tones = (Object.keys(plainStyles) as Tone[]).filter(tone => tone !== 'codeLight');

/**
The contrast of two colours as WCAG 2 defines it, from 1 to 21.
*/
const contrast = (one: string, other: string) => {
	const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
	return (high + 0.05) / (low + 0.05);
};

const luminance = (color: string) => {
	const [red, green, blue] = color.match(/[\da-f]{2}/gv)!.map(hex => {
		const share = Number.parseInt(hex, 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return (0.2126 * red) + (0.7152 * green) + (0.0722 * blue);
};

for (const [name, {backgrounds, styles}] of Object.entries(fineThemes)) {
	const least = name === 'contrast' ? 7 : 4.5;
	test(`each tone of the theme ${name} has a contrast of ${least} or more on the backgrounds that it is made for`, t => {
		const pale = tones.flatMap(tone => {
			const {color, backgroundColor} = styles[tone];
			return color === undefined
				? []
				: (backgroundColor === undefined ? backgrounds : [backgroundColor])
					.map(background => ({tone, background, contrast: contrast(color, background)}))
					.filter(pair => pair.contrast < least);
		});
		t.deepEqual(pale, []);
	});
}

/**
The 16 colours of the terminals that are most used, with the backgrounds that they come with.
*/
const schemes = {
	xterm: {
		red: '#cd0000', green: '#00cd00', yellow: '#cdcd00', blue: '#0000ee', magenta: '#cd00cd', cyan: '#00cdcd', whiteBright: '#ffffff', black: '#000000', dark: '#000000', light: '#ffffff',
	},
	vte: {
		red: '#c01c28', green: '#26a269', yellow: '#a2734c', blue: '#12488b', magenta: '#a347ba', cyan: '#2aa1b3', whiteBright: '#ffffff', black: '#171421', dark: '#000000', light: '#ffffff',
	},
	konsole: {
		red: '#ed1515', green: '#11d116', yellow: '#f67400', blue: '#1d99f3', magenta: '#9b59b6', cyan: '#1abc9c', whiteBright: '#ffffff', black: '#232627', dark: '#232627', light: '#fcfcfc',
	},
};

for (const [background, sides] of [['dark', ['dark']], ['light', ['light']], ['unknown', ['dark', 'light']]] as const) {
	test(`no tone of the terminal's own colours is pale where the background is ${background}`, t => {
		const pale = tones.flatMap(tone => {
			const {color, backgroundColor} = terminalStyles[background][tone];
			return color === undefined
				? []
				: Object.entries(schemes).flatMap(([name, scheme]) => sides
					.map(side => ({
						tone, name, side, contrast: contrast(scheme[color as 'red'], scheme[backgroundColor === undefined ? side : backgroundColor as 'black']),
					}))
					.filter(pair => pair.contrast < 2.9));
		});
		t.deepEqual(pale, []);
	});
}

test('GNU screen gets no fine colours, whatever the terminal around it has', t => {
	const isFine = (env: Record<string, string>) => terminalColors(env).hasFineColor;
	t.false(isFine({TERM: 'screen', COLORTERM: 'truecolor'}));
	t.false(isFine({TERM: 'xterm-256color', STY: '1.pts', COLORTERM: 'truecolor'}));
	t.false(isFine({
		TERM: 'screen-256color', STY: '1.pts', TMUX: '/tmp/tmux', COLORTERM: '24bit',
	}));
	t.true(isFine({TERM: 'screen-256color', TMUX: '/tmp/tmux,1,0'}));
	for (const TERM of ['xterm-kitty', 'alacritty', 'foot', 'foot-extra']) {
		t.true(isFine({TERM}), `${TERM}, whose COLORTERM is lost over SSH`);
	}

	t.true(isFine({TERM: 'xterm-256color'}));
	t.false(isFine({TERM: 'xterm'}));
	t.false(isFine({TERM: 'footless'}));
	t.false(isFine({}));
});

test('COLORFGBG tells whether the background is dark', t => {
	const background = (COLORFGBG: string) => terminalColors({COLORFGBG}).background;
	t.deepEqual(['15;0', '0;15', '0;default;15', '7;8', '0;7', '15;default', ''].map(text => background(text)), ['dark', 'light', 'light', 'dark', 'light', 'unknown', 'unknown']);
});

test('a theme of fine colours shows the terminal\'s own where there are too few, and none where none are wanted', t => {
	const style = (options: Partial<Parameters<typeof createTheme>[0]>) => createTheme({
		isColor: true, isAscii: false, name: 'dark', background: 'dark', ...options,
	}).style('good');
	t.deepEqual(style({hasFineColor: true}), {color: '#7ee787'});
	t.deepEqual(style({hasFineColor: false}), {color: 'green'});
	t.deepEqual(style({isColor: false, hasFineColor: true}), {});
});

test('the Linux console gets characters that its fonts have', t => {
	// Of Lat15-Fixed16 and the other fonts for Latin letters in Debian 12.
	const inFonts = new Set('›█▒░│─↑↓•…·▸╭╮╰╯●▾−✗');
	const {glyphs} = createTheme({isColor: true, isAscii: false, isConsole: true});
	for (const [name, text] of Object.entries(glyphs)) {
		t.deepEqual(text.split('').filter(character => character > '~' && !inFonts.has(character)), [], name);
	}
});
