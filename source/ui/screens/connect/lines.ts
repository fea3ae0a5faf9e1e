import {clean} from '../../../base/text/clean.js';
import {
	blank,
	line,
	span,
	type Line,
	type Span,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import {aroundCaret, newTextField, type TextField} from '../../parts/text-field.js';
import type {Glyphs} from '../../theme.js';
import {ending, fitLine, short} from '../../parts/cells.js';
import {panelLines} from '../../parts/panel.js';
import {sentences} from '../../parts/wrap.js';
import type {Layout} from '../../layout.js';
import type {ConnectChoice, ConnectField} from './state.js';
import {connectChoices, connectFields} from './reduce.js';

type LineOptions = {
	glyphs: Glyphs;
	columns: number;
};

type Options = LineOptions & {isFramed: boolean; isCompact: boolean};

export const choiceText = ({connect: {account, known, nearby}}: Pick<UiState, 'connect'>, choice: ConnectChoice): {title: string; note: string} => {
	const texts = new Map<ConnectChoice, {title: string; note: string}>([
		['account', {title: 'Sign in with Plex', note: account === undefined ? 'with a code, on any device' : `again; signed in as ${account}`}],
		['server', {title: 'Plex server address', note: 'its address and a token'}],
		['demo', {title: 'Demo server', note: 'an invented library, to look around'}],
		...known.map(({id, name, detail}) => [`known ${id}`, {title: name, note: detail}] as const),
		...nearby.map(({id, name, url}) => [`nearby ${id}`, {title: name, note: `in this network, ${new URL(url).host}`}] as const),
	]);
	return texts.get(choice) ?? {title: '', note: ''};
};

const widestDialog = 92;
const fewestDialogRows = 18;

/**
The columns that the dialog takes, and whether it has borders.
*/
export const dialogRoom = ({size: {columns}}: Pick<UiState, 'size'>, {isFramed, bodyRows}: Pick<Layout, 'isFramed' | 'bodyRows'>): {columns: number; isFramed: boolean} => {
	const isDialog = isFramed && bodyRows >= fewestDialogRows;
	return {columns: isDialog ? Math.min(columns, widestDialog) : columns, isFramed: isDialog};
};

const fewestRoomyRows = 16;

export const roomOf = (state: UiState, layout: Layout) => ({...dialogRoom(state, layout), isCompact: layout.bodyRows < fewestRoomyRows});

export const connectLines = (state: UiState, {glyphs, isCompact, ...room}: Options): Line[] => {
	const {isFramed} = room;
	const columns = isFramed ? room.columns - 2 : room.columns;
	const options = {glyphs, columns};
	const form = state.connect.choice === 'server' ? formLines(state, options) : [];
	const choiceLines = shownChoices(state, isCompact).map(choice => choiceLine(state, choice, options));
	if (isCompact) {
		return [...choiceLines, ...form];
	}

	const lines = [
		...introduction(columns),
		...choiceLines,
		...form.length === 0 ? [] : [blank],
		...form,
	];
	return isFramed
		? panelLines({
			...room, title: 'Connect', isFocused: true, lines, rows: lines.length + 2, glyphs,
		})
		: [...lines, blank];
};

const introduction = (columns: number): Line[] => [
	...sentences(['Connect to a Plex Media Server. reelcat only reads; it changes nothing on the server.'], columns),
	blank,
];

/**
The line that has the first choice, from the first one of the dialog.
*/
export const firstChoiceLine = ({columns, isFramed, isCompact}: Omit<Options, 'glyphs'>): number =>
	isCompact ? 0 : introduction(isFramed ? columns - 2 : columns).length + (isFramed ? 1 : 0);

/**
The choices that have room. With the form open and few rows, the others make room for the failure.
*/
export const shownChoices = (state: UiState, isCompact: boolean): readonly ConnectChoice[] => {
	const {choice, field, failure} = state.connect;
	return isCompact && field !== undefined && failure !== undefined
		? [choice]
		: inSight(connectChoices(state), choice, isCompact ? compactChoices : mostChoices);
};

const compactChoices = 5;
const mostChoices = 9;

const inSight = (choices: readonly ConnectChoice[], choice: ConnectChoice, most: number) => {
	const from = Math.max(0, Math.min(choices.length - most, choices.indexOf(choice) - Math.floor(most / 2)));
	return choices.slice(from, from + most);
};

const choiceLine = (state: UiState, choice: ConnectChoice, {glyphs, columns}: LineOptions): Line => {
	const {connect} = state;
	const {title, note} = choiceText(state, choice);
	const isSelected = connect.choice === choice;
	const tone = isSelected && connect.field === undefined ? 'selected' : 'plain';
	return fitLine([span(`${isSelected ? glyphs.pointer : ' '} ${short(title, 40)} `, tone), span(` ${clean(note)}`, 'dim')], columns);
};

const formLines = (state: UiState, {glyphs, columns}: LineOptions): Line[] => {
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
	text: glyphs.mask.repeat(newTextField(text).caret), caret,
});

/**
Where a field is too long, the end of the text before the caret is shown.
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
