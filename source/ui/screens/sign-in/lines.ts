import {qrLines} from '../../../base/text/qr.js';
import {formatClock} from '../../../base/text/format.js';
import {
	blank,
	line,
	type Line,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import {fitLine, widthOf} from '../../parts/cells.js';
import {failureLines, sentences} from '../../parts/sentences.js';
import {wrapText} from '../../parts/wrap.js';

type Options = {columns: number; rows: number; isAscii: boolean};

const narrowestText = 30;
const widestText = 64;

/**
A code to type, a link to open, and where there is room a QR code of it beside or below.
*/
export const signInLines = (state: UiState, {columns, rows, isAscii}: Options): Line[] => {
	const {signIn} = state;
	if (signIn.status === 'failed' && signIn.failure !== undefined) {
		return failureLines(signIn.failure, columns, 'Press Enter to try again, or Esc to go back.');
	}

	if (signIn.authUrl === '') {
		return sentences(['Asking plex.tv for a code …'], columns, 'dim');
	}

	if (signIn.status === 'finding') {
		return sentences(['Approved. Looking for your servers …'], columns);
	}

	const qr = signIn.status === 'waiting' ? qrLines(scanned(state), {isAscii}).map(text => line(` ${text}`)) : [];
	const qrColumns = widthOf(qr[0] ?? []);
	const isBeside = qr.length > 0 && qr.length <= rows && columns - qrColumns - 1 >= narrowestText;
	const textColumns = isBeside ? Math.min(widestText, columns - qrColumns - 1) : columns;
	const text = textLines(state, textColumns, {isRoomy: rows >= 14});
	if (isBeside) {
		const length = Math.max(text.length, qr.length);
		return Array.from({length}, (_, row): Line => [...fitLine(text[row] ?? blank, textColumns), ...qr[row] ?? blank]);
	}

	return qr.length > 0 && text.length + qr.length <= rows && qrColumns <= columns ? [...text, ...qr] : text;
};

/**
The short code fills itself in at this address; a code with less in it is easier to scan.
*/
const scanned = ({signIn: {code, linkUrl, authUrl}}: UiState) => code === undefined ? authUrl : `${linkUrl}/?pin=${code}`;

const textLines = ({signIn}: UiState, columns: number, {isRoomy}: {isRoomy: boolean}): Line[] => {
	const {code, linkUrl, authUrl, status, remainingMs, trouble} = signIn;
	const gap = isRoomy ? [blank] : [];
	if (status === 'expired') {
		return [...gap, ...sentences(['The code has expired.', 'Press Enter for a new one, or Esc to go back.'], columns)];
	}

	const typed = code === undefined
		? []
		: [
			...sentences(['On any device, open'], columns),
			link(`  ${linkUrl}`, `${linkUrl}/?pin=${code}`),
			...sentences(['and enter the code'], columns),
			...gap,
			line(`    ${code.toUpperCase().split('').join(' ')}`, 'strong'),
			...gap,
		];
	const shownUrl = wrapText(authUrl, columns - 2).map(text => link(`  ${text}`, authUrl));
	return [
		...gap,
		...typed,
		...isRoomy ? [...sentences([code === undefined ? 'Open this link on any device' : 'or open this link'], columns), ...shownUrl, blank] : [],
		...sentences([
			...trouble === undefined ? [] : [`${trouble} Still waiting.`],
			`Waiting for you${remainingMs === undefined ? '' : `; the code expires in ${formatClock(remainingMs)}`}. Esc cancels.`,
		], columns, 'dim'),
	];
};

const link = (text: string, href: string): Line => [{text, tone: 'accent', href}];
