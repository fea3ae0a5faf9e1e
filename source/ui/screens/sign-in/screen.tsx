import {fitLine, widthOf} from '../../parts/cells.js';
import {screenModule, type ScreenProps} from '../../screen-module.js';
import {qrLines, qrRuns} from '../../../base/text/qr.js';
import {formatClock} from '../../../base/text/format.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import {failureLines} from '../../parts/failure.js';
import {sentences, wrapText} from '../../parts/wrap.js';
import {pop, type UiState} from '../../ui-state.js';
import {cancelSignIn, leaveSignIn, signInAgain} from './effects.js';

const narrowestText = 30;
const widestText = 64;

const signInLines = ({state, theme: {hasFewGlyphs}, layout: {bodyRows: rows}}: ScreenProps): Line[] => {
	const {signIn, size: {columns}} = state;
	if (signIn.status === 'failed' && signIn.failure !== undefined) {
		return failureLines(signIn.failure, columns, 'Press Enter to try again, or Esc to go back.');
	}

	if (signIn.authUrl === '') {
		return sentences(['Asking plex.tv for a code …'], columns, 'dim');
	}

	if (signIn.status === 'finding') {
		return sentences(['Approved. Looking for your servers …'], columns);
	}

	const qr = signIn.status === 'waiting' ? qrLines(scanned(state), {isAscii: hasFewGlyphs}).map((text): Line => [span(' '), ...qrRuns(text)]) : [];
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
The short code fills itself in at this address, and a shorter address is easier to scan.
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
		// Where plex.tv gives no code, the link is the only way.
		...isRoomy || code === undefined ? [...sentences([code === undefined ? 'Open this link on any device' : 'or open this link'], columns), ...shownUrl, ...gap] : [],
		...sentences([
			...trouble === undefined ? [] : [`${trouble} Still waiting.`],
			`Waiting for you${remainingMs === undefined ? '' : `; the code expires in ${formatClock(remainingMs)}`}. Esc cancels.`,
		], columns, 'dim'),
	];
};

const link = (text: string, href: string): Line => [{text, tone: 'accent', href}];

const noNewCode = ({signIn: {status}}: UiState) => status === 'expired' || status === 'failed' ? undefined : 'The code on the screen still works.';

/**
The clock is left out: it would be heard every second.
*/
const signInSentences = ({signIn}: UiState): string[] => {
	const {status, code, linkUrl, authUrl, failure, trouble} = signIn;
	const starting = ['Asking plex.tv for a code.'];
	return {
		idle: starting,
		starting,
		failed: [failure?.message ?? '', failure?.hint ?? '', 'Press Enter to try again.'],
		expired: ['The code has expired. Press Enter for a new one.'],
		finding: ['Approved. Looking for your servers.'],
		waiting: [
			...code === undefined ? [] : [`On any device, open ${linkUrl} and enter the code ${code.toUpperCase().split('').join(' ')}.`],
			`Or open this link: ${authUrl}`,
			...trouble === undefined ? [] : [trouble],
			'Waiting for you. Escape cancels.',
		],
	}[status];
};

export const signInModule = screenModule({
	name: 'sign-in',
	title: 'Sign in',
	helpTitle: 'Sign in',
	spokenName: 'sign in',
	place: 'while signing in',
	hints: ['back'],
	keys: [{
		id: 'sign-in-again', keys: ['enter'], label: 'new code', help: 'Ask for a new code when the old one has expired or none arrived', isHint: true,
		disabledReason: noNewCode,
		effect: signInAgain,
	}],
	crumb: () => 'Sign in',
	back: state => pop(leaveSignIn(state)),
	onBack: cancelSignIn,
	view: signInLines,
	spoken: signInSentences,
	start: context => () => {
		cancelSignIn(context);
	},
});
