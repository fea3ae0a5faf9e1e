import type {UiState} from './ui-state.js';

/**
Everything that can change what is on the screen: keys, and answers of the services. A message carries the change with it, so that a screen brings its own messages. An answer also carries the key, attempt or generation of its question, and changes nothing when the question is no longer asked.
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
	After it the services may have a new notice.
	*/
	mayBringNotice?: true;
};

/**
A kind of message: gives a function that makes one from what it tells.
*/
export const message = <Told>(change: (state: UiState, told: Told) => UiState, traits: MessageTraits = {}) =>
	(told: Told): UiMessage => ({...traits, apply: state => change(state, told)});

export const say = message((state, {text, tone}: NonNullable<UiState['message']>) => ({
	...state, count: '', prefix: '', message: {text, tone},
}));

export const resized = message((state, {columns, rows}: UiState['size']) => ({...state, size: {columns, rows}}));

export const noticed = message((state, notice: string | undefined) => ({...state, notice}));

/**
Tell that a view was read again.
*/
export const readAgain = (state: UiState): UiState =>
	state.load.status === 'ready' ? {...state, message: {text: 'Read again from the catalogue.', tone: 'plain'}} : state;
