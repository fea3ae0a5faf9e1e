import {clean} from '../../text/clean.js';
import {
	blank,
	line,
	span,
	type Line,
	type Span,
} from '../line.js';
import type {ConnectChoice, ConnectField, UiState} from '../state/types.js';
import {connectChoices, connectFields} from '../state/connect.js';
import {aroundCaret, textField, type TextField} from '../state/text-field.js';
import type {Glyphs} from '../theme.js';
import {ending, fitLine} from './cells.js';
import {sentences} from './empty.js';

type Options = {
	glyphs: Glyphs;
	columns: number;
	/**
	Few rows: leave out what is not needed, so that an error has its place.
	*/
	isCompact: boolean;
};

const choices: Record<ConnectChoice, {title: string; note: string}> = {
	account: {title: 'Sign in with Plex', note: 'comes later'},
	server: {title: 'Plex server address', note: 'its address and a token'},
	demo: {title: 'Demo server', note: 'an invented library, to look around'},
};

/**
The ways to connect, and the form beneath.
*/
export const connectLines = (state: UiState, options: Options): Line[] => {
	const {columns, isCompact} = options;
	const form = state.connect.choice === 'server' ? formLines(state, options) : [];
	// With the form open and few rows, the other ways give theirs to what went wrong.
	const isCrowded = isCompact && state.connect.field !== undefined && state.connect.failure !== undefined;
	const shown = isCrowded ? [state.connect.choice] : connectChoices;
	const choiceLines = shown.map(choice => choiceLine(state, choice, options));
	if (isCompact) {
		return [...choiceLines, ...form];
	}

	return [
		...sentences(['Connect to a Plex Media Server. reelcat only reads; it changes nothing on the server.'], columns),
		blank,
		...choiceLines,
		blank,
		...form,
		...form.length === 0 ? [] : [blank],
	];
};

const choiceLine = ({connect}: UiState, choice: ConnectChoice, {glyphs, columns}: Options): Line => {
	const {title, note} = choices[choice];
	const isSelected = connect.choice === choice;
	const tone = isSelected && connect.field === undefined ? 'selected' : (choice === 'account' ? 'dim' : 'plain');
	return fitLine([span(`${isSelected ? glyphs.pointer : ' '} ${title} `, tone), span(` ${note}`, 'dim')], columns);
};

const formLines = (state: UiState, {glyphs, columns}: Options): Line[] => {
	const {connect, hasToken} = state;
	const labels: Record<ConnectField, string> = {url: 'Address', token: 'Token'};
	return [
		...connectFields(state).map((field): Line => fitLine([
			span(`  ${labels[field].padEnd(8)} `, connect.field === field ? 'strong' : 'dim'),
			...fieldSpans(field === 'token' ? masked(connect.token, glyphs) : connect[field], !connect.isConnecting && connect.field === field, columns - 12),
		], columns)),
		...hasToken ? [line('  The token comes from the environment or a file.', 'dim')] : [],
	];
};

const masked = ({text, caret}: TextField, glyphs: Glyphs): TextField => ({
	text: glyphs.mask.repeat(textField(text).caret), caret,
});

/**
A field that is longer than its place shows the end of what is before the caret.
*/
const fieldSpans = (field: TextField, isOpen: boolean, width: number): Span[] => {
	if (!isOpen && field.text === '') {
		return [span('press Enter to type', 'dim')];
	}

	const [before, under, after] = aroundCaret(field);
	const start = ending(before, Math.max(1, width - 2));
	return isOpen
		? [span(start), span(under === '' ? ' ' : clean(under), 'caret'), span(clean(after))]
		: [span(clean(field.text))];
};
