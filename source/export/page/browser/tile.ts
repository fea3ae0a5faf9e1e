import {
	noRevision,
	postersId,
	type CodedLists,
	type PageData,
} from '../page-data.js';
import {make, makeText, readData} from './dom.js';

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

const blocks = new Map<number, readonly string[]>();

// The bytes say themselves what kind of picture they are.
const embedded = ({blockSize}: PageData, row: number) => {
	const block = Math.floor(row / blockSize);
	const posters = blocks.get(block) ?? readData(postersId(block)) as readonly string[];
	blocks.set(block, posters);
	return `data:image/jpeg;base64,${posters[row % blockSize]!}`;
};

const makePicture = (data: PageData, row: number): HTMLElement[] => {
	if (data.pictured[row] !== 1) {
		return [];
	}

	const picture = make('img', {alt: '', loading: 'lazy', decoding: 'async'});
	picture.addEventListener('error', () => {
		picture.remove();
	});
	const show = () => {
		picture.src = data.revision === noRevision ? embedded(data, row) : `page/posters/${encodeURIComponent(data.ids[row]!)}`;
	};

	// The posters stand at the end of a file, which the browser may still be reading.
	if (data.revision === noRevision && document.readyState === 'loading') {
		document.addEventListener('DOMContentLoaded', show, {once: true});
	} else {
		show();
	}

	return [picture];
};

const makeTexts = ({texts, codes}: CodedLists, row: number, className: string) => codes[row]!.map(code => makeText('span', className, texts[code]!));

export const makeBadges = (data: PageData, row: number): HTMLElement[] => makeTexts(data.badges, row, 'badge');

export const makeStates = (data: PageData, row: number): HTMLElement[] => makeTexts(data.states, row, 'badge state');
