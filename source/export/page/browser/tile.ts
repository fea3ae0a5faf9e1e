import {posterId, type CodedLists, type PageData} from '../page-data.js';
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

const pictureTypes = new Map([['/', 'jpeg'], ['i', 'png'], ['R', 'gif'], ['U', 'webp']]);

/**
The poster of an item: its picture where the page has one, else a tile with its title.
*/
export const makePoster = (data: PageData, row: number): HTMLElement => {
	const title = data.titles[row]!;
	const poster = make('span', {class: 'poster', 'aria-hidden': 'true'});
	poster.style.setProperty('--hue', String(hueOf(title)));
	const base64 = document.querySelector(`#${posterId(row)}`)?.textContent;
	if (base64 === undefined) {
		poster.append(makeText('span', 'poster-title', title));
	} else {
		// The first letter of base64 tells the kind of picture by its first bytes.
		poster.append(make('img', {alt: '', decoding: 'async', src: `data:image/${pictureTypes.get(base64.charAt(0)) ?? 'jpeg'};base64,${base64}`}));
	}

	return poster;
};

const makeTexts = ({texts, codes}: CodedLists, row: number, className: string) => codes[row]!.map(code => makeText('span', className, texts[code]!));

export const makeBadges = (data: PageData, row: number): HTMLElement[] => makeTexts(data.badges, row, 'badge');

export const makeStates = (data: PageData, row: number): HTMLElement[] => makeTexts(data.states, row, 'badge state');
