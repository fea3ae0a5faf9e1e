import type {CodedLists, PageData} from '../page-data.js';
import {make, makeText} from './dom.js';

// Titles of one letter would all have the same colour without a spread.
const spread = 137;

const hueOf = (text: string) => {
	let hue = 0;
	for (let place = 0; place < text.length; place++) {
		hue = ((hue * 31) + text.codePointAt(place)! + spread) % 360;
	}

	return hue;
};

/**
The poster of an item: a tile with its title, in a colour of its own. The picture of a page that a server shows covers it, as soon as it is there.
*/
export const makePoster = (data: PageData, row: number): HTMLElement => {
	const title = data.titles[row]!;
	const poster = make('span', {class: 'poster', 'aria-hidden': 'true'}, makeText('span', 'poster-title', title), ...makePicture(data, row));
	poster.style.setProperty('--hue', String(hueOf(title)));
	return poster;
};

const makePicture = ({ids, pictured}: PageData, row: number): HTMLElement[] => {
	if (pictured[row] !== 1) {
		return [];
	}

	const picture = make('img', {
		src: `page/posters/${encodeURIComponent(ids[row]!)}`, alt: '', loading: 'lazy', decoding: 'async',
	});
	picture.addEventListener('error', () => {
		picture.remove();
	});
	return [picture];
};

const makeTexts = ({texts, codes}: CodedLists, row: number, className: string) => codes[row]!.map(code => makeText('span', className, texts[code]!));

export const makeBadges = (data: PageData, row: number): HTMLElement[] => makeTexts(data.badges, row, 'badge');

export const makeStates = (data: PageData, row: number): HTMLElement[] => makeTexts(data.states, row, 'badge state');
