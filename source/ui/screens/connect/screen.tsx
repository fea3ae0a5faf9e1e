import {Box, Text} from 'ink';
import {defaultTheme, StatusMessage, ThemeProvider} from '@inkjs/ui';
import Spinner from 'ink-spinner';
import {chooseKey} from '../../parts/menu.js';
import {editText, insertText} from '../../parts/text-field.js';
import {plural} from '../../../base/text/format.js';
import type {Region} from '../../input/pointer.js';
import {layoutOf, type Layout} from '../../layout.js';
import {message} from '../../messages.js';
import {Lines} from '../../parts/lines.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';
import {isImporting, push, type UiState} from '../../ui-state.js';
import {startSignIn} from '../sign-in/effects.js';
import {willEndWatch} from '../watch/reduce.js';
import {clean, cleanLines} from '../../../base/text/clean.js';
import type {ShownFailure} from '../../parts/failure.js';
import type {Theme} from '../../theme.js';
import {
	cancelConnect,
	connectDemo,
	connectKnown,
	lookForServers,
	submitForm,
} from './effects.js';
import {
	choiceText,
	connectLines,
	dialogRoom,
	firstChoiceLine,
	shownChoices,
} from './lines.js';
import {
	acceptField,
	canSubmit,
	chooseAt,
	connectChoices,
	changeField,
	leaveAttempt,
	leaveForm,
	openChoice,
	stepField,
} from './reduce.js';
import type {ConnectChoice} from './state.js';

function Busy({label, theme, isStill}: {readonly label: string; readonly theme: Theme; readonly isStill: boolean}) {
	return (
		<Box height={1} flexShrink={0}>
			<Text {...theme.style('accent')}>{isStill ? '*' : <Spinner type={theme.isAscii ? 'line' : 'dots'}/>}</Text>
			<Text wrap='truncate'> {theme.show(clean(label))}</Text>
		</Box>
	);
}

function FailureMessage({failure, theme}: {readonly failure: ShownFailure; readonly theme: Theme}) {
	const text = theme.show(cleanLines(failure.hint === undefined ? failure.message : `${failure.message}\n${failure.hint}`));
	if (theme.isAscii) {
		return <Text>{`${theme.glyphs.bad} ${text}`}</Text>;
	}

	return (
		<ThemeProvider theme={themeOf(theme)}>
			<Box flexShrink={0}>
				<StatusMessage variant='error'>{text}</StatusMessage>
			</Box>
		</ThemeProvider>
	);
}

/**
Without this the library shows its own colours even where there must be none.
*/
const themeOf = (theme: Theme): typeof defaultTheme => ({
	...defaultTheme,
	components: {
		...defaultTheme.components,

		StatusMessage: {...defaultTheme.components['StatusMessage'], styles: {...defaultTheme.components['StatusMessage']?.styles, icon: () => theme.style('bad')}},
	},
});

const fewestRoomyRows = 16;

const keys: readonly KeyBinding[] = [
	{
		id: 'accept', keys: ['enter'], label: state => canSubmit(state) ? 'connect' : 'next', help: 'Next field; on the last one, connect', isHint: true, isForTyping: true,
		update: acceptField,
		async effect(context, before) {
			if (canSubmit(before)) {
				await submitForm(context);
			}
		},
	},
	{
		id: 'cancel', keys: ['escape'], label: 'cancel', help: 'Leave the form; what was typed stays', isHint: true, isForTyping: true,
		update: leaveForm,
	},
	{
		id: 'next-field', keys: ['tab', 'down'], label: 'other field', help: 'Next field', isHint: true, isForTyping: true,
		update: state => stepField(state, 1),
	},
	{
		id: 'previous-field', keys: ['shift-tab', 'up'], label: 'previous', help: 'Previous field', isForTyping: true,
		update: state => stepField(state, -1),
	},
	{
		...chooseKey,
		update: openChoice,
		async effect(context, {connect: {choice, isConnecting}}) {
			if (isConnecting) {
				return;
			}

			if (choice === 'demo') {
				await connectDemo(context);
			} else if (choice === 'account') {
				await startSignIn(context);
			} else if (choice.startsWith('known ')) {
				await connectKnown(context, choice.slice('known '.length));
			}
		},
	},
];

const cannotChangeServer = (state: UiState) => isImporting(state) ? 'An import is running; Ctrl-C cancels it.' : state.readOnlyReason ?? (willEndWatch(state) ? 'This server is being watched; quit, and start reelcat without --watch to choose another.' : undefined);

const roomOf = (state: UiState, layout: Layout) => ({...dialogRoom(state, layout), isCompact: layout.bodyRows < fewestRoomyRows});

const choiceClicked = message((state, choice: ConnectChoice) => {
	const {isConnecting, field} = state.connect;
	return isConnecting || field !== undefined ? state : chooseAt(state, connectChoices(state).indexOf(choice));
});

/**
A click chooses, and a second one does what Enter does. While a field is open, its keys do everything.
*/
const choiceRegions = (state: UiState): Region[] => {
	const room = roomOf(state, layoutOf(state));
	const choices = shownChoices(state, room.isCompact);
	return [{
		name: 'choices',
		column: Math.floor((state.size.columns - room.columns) / 2),
		row: firstChoiceLine(room),
		columns: room.columns,
		rows: choices.length,
		click: ({row}) => choiceClicked(choices[row]!),
		open: () => state.connect.field === undefined ? {key: 'enter'} : undefined,
	}];
};

const connectSentences = (state: UiState): string[] => {
	const {connect} = state;
	const choices = connectChoices(state);
	const at = choices.indexOf(connect.choice) + 1;
	const {title, note} = choiceText(state, connect.choice);
	return [
		connect.field === undefined
			? `Choice ${at} of ${choices.length}: ${title}, ${note}. Enter chooses.`
			: `Text field: ${connect.field === 'url' ? `address, ${connect.url.text === '' ? 'empty' : connect.url.text}` : `token, ${plural(connect.token.caret, 'character')}`}.`,
		...connect.isConnecting ? ['Connecting. Escape cancels.'] : [],
		...connect.failure === undefined ? [] : [connect.failure.message, connect.failure.hint ?? ''],
	];
};

export const connectModule = screenModule({
	name: 'connect',
	title: 'Connect',
	helpTitle: 'Keys while connecting',
	typingTitle: 'In the form',
	spokenName: 'connect',
	place: 'while connecting',
	groups: ['menu'],
	hints: ['down', 'up', 'close'],
	keys,
	keysElsewhere: [{
		id: 'change-server', keys: ['c'], label: 'server', help: 'Sign in, or connect to another server', on: ['libraries', 'import'],
		disabledReason: cannotChangeServer,
		update: state => push({...state, connect: {...state.connect, failure: undefined, field: undefined}}, {name: 'connect'}),
		effect: lookForServers,
	}],
	crumb: () => 'Connect',
	cursor: {
		position(state) {
			const choices = connectChoices(state);
			return {at: Math.max(0, choices.indexOf(state.connect.choice)), length: choices.length, rows: choices.length};
		},
		moveTo: (state, _, at) => state.connect.isConnecting ? state : chooseAt(state, at),
	},
	typing: {
		isOpen: ({connect: {field, isConnecting}}) => field !== undefined && !isConnecting,
		insert: (state, text) => changeField(state, field => insertText(field, text)),
		edit: (state, edit) => changeField(state, field => editText(field, edit)),
	},
	regions: choiceRegions,
	back: state => state.connect.isConnecting ? leaveAttempt(state) : undefined,
	onBack(context, {connect: {isConnecting}}) {
		if (isConnecting) {
			cancelConnect(context);
		}
	},
	view({state, theme, layout, isStill}) {
		const {choice, url, isConnecting, failure} = state.connect;
		const room = roomOf(state, layout);
		const lines = connectLines(state, {glyphs: theme.glyphs, ...room});
		const where = choice === 'server' ? url.text : choiceText(state, choice).title;
		return (
			<Box flexDirection='column' width={room.columns} height={layout.bodyRows} marginLeft={Math.floor((state.size.columns - room.columns) / 2)} overflow='hidden'>
				<Lines lines={lines} rows={Math.min(lines.length, layout.bodyRows)} theme={theme}/>
				{isConnecting && <Busy label={`Connecting to ${where} … Esc cancels.`} theme={theme} isStill={isStill}/>}
				{!isConnecting && failure !== undefined && <FailureMessage failure={failure} theme={theme}/>}
			</Box>
		);
	},
	spoken: connectSentences,
	start(context) {
		if (context.get().stack.some(({name}) => name === 'connect')) {
			void context.guard(async () => lookForServers(context));
		}

		return () => {
			cancelConnect(context);
		};
	},
});
