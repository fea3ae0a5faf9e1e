import type {PageData} from '../page-data.js';
import type {PageModel} from '../page-model.js';
import {make} from './dom.js';
import {makeCard} from './list-view.js';

const mostCards = 24;

/**
What was added last, in one line of posters.
*/
export const createNewsShelf = (data: PageData, model: PageModel): HTMLElement => {
	const cards = model.newest(mostCards).map(({row, top}) => row === top
		? makeCard(data, row)
		: makeCard(data, row, {pictured: top, title: data.titles[top]!, subtitle: `${data.subtitles[row]!.split(' · ').at(-1)!} · ${data.titles[row]!}`}));
	const list = make('ul', {class: 'news-list', role: 'list', 'aria-labelledby': 'news-title'}, ...cards);
	return make('section', {class: 'news'}, make('h2', {id: 'news-title'}, 'New'), list);
};
