import type {Dice} from './dice.js';
import {
	adjectives,
	moods,
	nouns,
	places,
	professions,
	verbs,
} from './words.js';

const sentence = (dice: Dice): string => {
	const who = `a ${dice.pick(moods)} ${dice.pick(professions)}`;
	const what = `the ${dice.pick(adjectives).toLowerCase()} ${dice.pick(nouns).toLowerCase()}`;
	const where = dice.pick(places);
	return dice.pick([
		`In ${where}, ${who} ${dice.pick(verbs)} ${what} and cannot put it back.`,
		`When ${what} of ${where} falls silent, ${who} is the only one to notice.`,
		`Nobody in ${where} asks why ${who} ${dice.pick(verbs)} ${what} every winter.`,
		`Between ${where} and ${dice.pick(places)}, ${who} learns what ${what} was for.`,
	]).replace(/^./v, letter => letter.toUpperCase());
};

export const summaryOf = (dice: Dice, sentences: number): string => Array.from({length: sentences}, () => sentence(dice)).join(' ');

export const taglineOf = (dice: Dice): string => `Mind the ${dice.pick(nouns).toLowerCase()}.`;
