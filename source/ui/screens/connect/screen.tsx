import {chooseKey} from '../../parts/menu.js';
import {editText, insertText} from '../../parts/text-field.js';
import {plural} from '../../../base/text/format.js';
import type {Region} from '../../input/pointer.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';
import {isImporting, push, type UiState} from '../../ui-state.js';
import {startSignIn} from '../sign-in/effects.js';
import {willEndWatch} from '../watch/reduce.js';
import {
	cancelConnect,
	connectDemo,
	connectKnown,
	lookForServers,
	submitForm,
} from './effects.js';
import {
	choiceText,
	firstChoiceLine,
	roomOf,
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
		// A token that a terminal has wrapped is copied with a line end in it.
		insert: (state, text) => changeField(state, field => insertText(field, text.replaceAll(/[\n\r]/gv, ''))),
		edit: (state, edit) => changeField(state, field => editText(field, edit)),
	},
	regions: choiceRegions,
	back: state => state.connect.isConnecting ? leaveAttempt(state) : undefined,
	onBack(context, {connect: {isConnecting}}) {
		if (isConnecting) {
			cancelConnect(context);
		}
	},
	view: () => undefined,
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
