import {message} from '../messages.js';
import type {Picture} from './picture.js';
import type {PictureMode} from './picture-kind.js';

/**
A wall on the largest terminals has about a hundred.
*/
const mostKnown = 200;

/**
What was made for a terminal is of no use in another one, or with cells of another size.
*/
export const picturesDecided = message((state, mode: PictureMode) =>
	JSON.stringify(mode) === JSON.stringify(state.pictures.mode) ? state : {...state, pictures: {mode, known: new Map()}});

export const pictureLoaded = message((state, {key, picture}: {key: string; picture: Picture | undefined}) => {
	const {pictures} = state;
	const others = pictures.known.entries().filter(([other]) => other !== key).toArray();
	const kept = others.slice(Math.max(0, others.length + 1 - mostKnown));
	return {...state, pictures: {...pictures, known: new Map([...kept, [key, picture]])}};
}, {isNews: true});

/**
Those that could not be had are asked for again.
*/
export const picturesAskedAgain = message<void>(state => ({
	...state,
	pictures: {...state.pictures, known: new Map(state.pictures.known.entries().filter(([, picture]) => picture !== undefined))},
}));
