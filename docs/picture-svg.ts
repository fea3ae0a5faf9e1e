/**
A terminal screen as SVG. Each run of text stands at its own place and is told its width, so that columns are straight in every font; lines and blocks are drawn, so that they join.
*/
import type {StyledCell} from '../test/helpers/terminal.js';
import {drawnPath, inkShareOf} from './picture-shapes.js';

/**
The colours of a terminal: its background, its text, and the first 16 of its palette.
*/
export type Palette = {background: string; foreground: string; frame: string; colors: readonly string[]};

export const cellWidth = 9;
export const cellHeight = 20;
const fontSize = 15;
const baseline = 15;
const margin = 12;
const titleHeight = 30;

const escapes = new Map([['&', '&amp;'], ['<', '&lt;'], ['>', '&gt;'], ['"', '&quot;']]);

// What no XML may hold.
// eslint-disable-next-line no-control-regex, regexp/no-control-character -- these are what is meant
const forbidden = /[\u{0}-\u{8}\v\f\u{E}-\u{1F}\u{FFFE}\u{FFFF}]/gv;

const escapeXml = (text: string) => text.replaceAll(forbidden, '').replaceAll(/[\u{22}\u{26}\u{3C}\u{3E}]/gv, character => escapes.get(character)!);

const hex = (value: number) => Math.round(value).toString(16).padStart(2, '0');

// The 6×6×6 cube and the greys of a palette of 256 colours.
const paletteColor = (index: number, {colors}: Palette): string => {
	if (index < 16) {
		return colors[index]!;
	}

	if (index >= 232) {
		return `#${hex(8 + ((index - 232) * 10)).repeat(3)}`;
	}

	const level = (step: number) => hex(step === 0 ? 0 : 55 + (step * 40));
	const cube = index - 16;
	return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
};

const colorOf = (color: number | string | undefined, otherwise: string, palette: Palette) =>
	typeof color === 'number' ? paletteColor(color, palette) : color ?? otherwise;

const channels = (color: string) => [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16));

// Faint text is halfway between its colour and the background.
const mixed = (color: string, other: string) => {
	const [first, second] = [channels(color), channels(other)];
	return `#${first.map((value, index) => hex((value + second[index]!) / 2)).join('')}`;
};

type Look = {ink: string; paper: string; isBold: boolean; isItalic: boolean; isUnderlined: boolean};

const lookOf = (cell: StyledCell, palette: Palette): Look => {
	const foreground = colorOf(cell.foreground, palette.foreground, palette);
	const background = colorOf(cell.background, palette.background, palette);
	const [ink, paper] = cell.isInverse ? [background, foreground] : [foreground, background];
	return {
		ink: cell.isDim ? mixed(ink, paper) : ink, paper, isBold: cell.isBold, isItalic: cell.isItalic, isUnderlined: cell.isUnderlined,
	};
};

type Run = Look & {kind: 'text' | 'shape' | 'space'; text: string; column: number; width: number; share: number};

// Fonts agree about the width of these; anything else stands alone.
const isPlain = (text: string) => /^[\u{21}-\u{7E}\u{A0}-\u{24F}–—‘’“”…]*$/v.test(text);

const kindOf = (text: string): Run['kind'] => {
	if (text.trim() === '') {
		return 'space';
	}

	return drawnPath(text, {
		x: 0, y: 0, width: 1, height: 1,
	}) === undefined
		? 'text'
		: 'shape';
};

const isSameLook = (a: Look, b: Look) =>
	a.ink === b.ink && a.paper === b.paper && a.isBold === b.isBold && a.isItalic === b.isItalic && a.isUnderlined === b.isUnderlined;

const runsOf = (cells: readonly StyledCell[], palette: Palette): Run[] => {
	const runs: Run[] = [];
	for (const [column, cell] of cells.entries()) {
		if (cell.width === 0) {
			continue;
		}

		const text = cell.text === '' ? ' ' : cell.text;
		const run: Run = {
			...lookOf(cell, palette), kind: kindOf(text), text, column, width: cell.width, share: inkShareOf(text),
		};
		const last = runs.at(-1);
		const isJoined = last?.kind === run.kind && last.share === run.share && isSameLook(last, run) && (run.kind !== 'text' || (isPlain(last.text) && isPlain(text)));
		if (isJoined) {
			last.text += text;
			last.width += run.width;
		} else {
			runs.push(run);
		}
	}

	return runs;
};

const number = (value: number) => String(Math.round(value * 100) / 100);

const paper = (runs: readonly Run[], y: number, palette: Palette): string[] => {
	const filled: Array<{color: string; column: number; width: number}> = [];
	for (const {paper: color, column, width} of runs) {
		const last = filled.at(-1);
		if (last?.color === color) {
			last.width += width;
		} else {
			filled.push({color, column, width});
		}
	}

	return filled.filter(({color}) => color !== palette.background).map(({color, column, width}) =>
		`<rect x="${column * cellWidth}" y="${y}" width="${width * cellWidth}" height="${cellHeight}" fill="${color}"/>`);
};

const inkOf = (run: Run, y: number, palette: Palette): string[] => {
	const x = run.column * cellWidth;
	const fill = run.ink === palette.foreground ? '' : ` fill="${run.ink}"`;
	const underline = run.isUnderlined ? [`<rect x="${x}" y="${y + baseline + 2}" width="${run.width * cellWidth}" height="1"${fill}/>`] : [];
	if (run.kind === 'space') {
		return underline;
	}

	if (run.kind === 'shape') {
		let {column} = run;
		// The same bar again and again is one long bar.
		const path = run.text.matchAll(/(?<same>[─━▀\u{2581}-\u{2588}░▒▓▔])\k<same>*|./gsv).map(([part]) => {
			const [first, ...others] = part;
			const at = column;
			column += 1 + others.length;
			return drawnPath(first!, {
				x: at * cellWidth, y, width: (1 + others.length) * cellWidth, height: cellHeight,
			});
		}).toArray().join('');
		const share = run.share === 1 ? '' : ` opacity="${run.share}"`;
		return [`<path d="${path}"${fill}${share}/>`];
	}

	const style = `${run.isBold ? ' class="b"' : ''}${run.isItalic ? ' font-style="italic"' : ''}`;
	// A single cell keeps its shape; only a run could drift out of its columns.
	const length = run.text.length > 1 && isPlain(run.text) ? ` textLength="${run.width * cellWidth}"` : '';
	return [`<text x="${x}" y="${y + baseline}"${length}${style}${fill}>${escapeXml(run.text)}</text>`, ...underline];
};

export const screenSvg = (rows: ReadonlyArray<readonly StyledCell[]>, palette: Palette, title: string): string => {
	const width = (rows[0]!.length * cellWidth) + (2 * margin);
	const height = (rows.length * cellHeight) + titleHeight + margin;
	const lines = rows.flatMap((cells, row) => {
		const y = row * cellHeight;
		const runs = runsOf(cells, palette);
		return [...paper(runs, y, palette), ...runs.flatMap(run => inkOf(run, y, palette))];
	});
	const buttons = ['#ff5f57', '#febc2e', '#28c840'].map((color, index) => `<circle cx="${18 + (index * 18)}" cy="15" r="5.5" fill="${color}"/>`);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'DejaVu Sans Mono','JetBrains Mono',Menlo,Consolas,monospace" font-size="${fontSize}">`,
		`<title>${escapeXml(title)}</title>`,
		'<style>text{white-space:pre}.b{font-weight:bold}</style>',
		`<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="9" fill="${palette.background}" stroke="${palette.frame}"/>`,
		...buttons,
		`<text x="${number(width / 2)}" y="20" text-anchor="middle" fill="${mixed(palette.foreground, palette.background)}">reelcat</text>`,
		`<g transform="translate(${margin} ${titleHeight})" fill="${palette.foreground}">`,
		...lines,
		'</g>',
		'</svg>',
		'',
	].join('\n');
};
