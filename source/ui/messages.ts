import type {UiState} from './ui-state.js';

/**
A change of what is on the screen, caused by a key or by an answer of the services. A message carries its change, so each screen brings its own messages. An answer also carries the key, attempt or generation of its question, and changes nothing when that question is out of date.
*/
export type UiMessage = MessageTraits & {
	apply: (state: UiState) => UiState;
};

type MessageTraits = {
	/**
	Nobody asked for it, so it may be drawn a little later than an answer or a key.
	*/
	isNews?: true;
	/**
	The services may have a new notice after it.
	*/
	mayBringNotice?: true;
};

/**
Makes a kind of message: a function from what it tells to the message.
*/
export const message = <Told>(change: (state: UiState, told: Told) => UiState, traits: MessageTraits = {}) =>
	(told: Told): UiMessage => ({...traits, apply: state => change(state, told)});

export const say = message((state, {text, tone}: NonNullable<UiState['message']>) => ({
	...state, count: '', prefix: '', isWaitShown: false, message: {text, tone},
}));

export const resized = message((state, {columns, rows}: UiState['size']) => ({...state, size: {columns, rows}}));

export const noticed = message((state, notice: string | undefined) => ({...state, notice}));

export const turned = message((state, readOnlyReason: string | undefined) => ({...state, readOnlyReason}));

export const readAgain = (state: UiState): UiState =>
	state.load.status === 'ready' ? {...state, message: {text: 'Read again from the catalogue.', tone: 'plain'}} : state;
