import {
	detailsId,
	typePlace,
	type PageData,
	type PageDetail,
	type PageDetails,
} from '../page-data.js';
import type {PageModel} from '../page-model.js';
import {make, makeText, readData} from './dom.js';
import {itemAddress} from './list-view.js';
import {makeBadges, makePoster, makeStates} from './tile.js';

type Places = {
	/**
	The address of the list that was shown last, and its rows.
	*/
	listAddress: string;
	rows: readonly number[];
};

const [showType, seasonType] = [typePlace('show'), typePlace('season')];

export const createDetailView = (data: PageData, model: PageModel) => {
	const blocks = new Map<number, PageDetails>();
	const detailOf = (row: number): {texts: readonly string[]; detail: PageDetail} => {
		const block = Math.floor(row / data.blockSize);
		const read = blocks.get(block) ?? readData(detailsId(block)) as PageDetails;
		blocks.set(block, read);
		return {texts: read.texts, detail: read.items[row % data.blockSize]!};
	};

	const makeArticle = (row: number, {listAddress, rows}: Places): HTMLElement => {
		const {texts, detail} = detailOf(row);
		const [tagline, summary, sections] = detail;
		const text = (code: number) => texts[code]!;
		const paragraphs = text(summary).split('\n').filter(line => line.trim() !== '').map(line => makeText('p', 'summary', line));
		return make(
			'article',
			{class: 'detail', 'aria-labelledby': 'detail-title'},
			makeWays(data, row, {listAddress, rows}),
			make(
				'div',
				{class: 'detail-head'},
				makePoster(data, row),
				make(
					'div',
					{class: 'detail-words'},
					...makeParents(data, row),
					make('h1', {id: 'detail-title', dir: 'auto', tabindex: -1}, data.titles[row]!),
					makeText('p', 'detail-subtitle', data.subtitles[row]!),
					make('p', {class: 'badges'}, ...makeBadges(data, row), ...makeStates(data, row)),
					...text(tagline) === '' ? [] : [makeText('p', 'tagline', text(tagline))],
					...paragraphs,
				),
			),
			...makeChildren(data, model, row),
			make('div', {class: 'sections'}, ...sections.map(codes => makeSection(codes.map(code => text(code))))),
		);
	};

	return {
		make: makeArticle,
		/**
		Whether the details of an item have been read already.
		*/
		isReady: (row: number) => document.readyState !== 'loading' || document.querySelector(`#${detailsId(Math.floor(row / data.blockSize) + 1)}`) !== null,
	};
};

const makeSection = ([heading = '', ...lines]: readonly string[]) => make(
	'section',
	{class: 'section'},
	makeText('h2', '', heading),
	make('dl', {}, ...lines.flatMap((line, place) => [makeText(place % 2 === 0 ? 'dt' : 'dd', '', line)])),
);

const makeWays = (data: PageData, row: number, {listAddress, rows}: Places) => {
	const place = rows.indexOf(row);
	const way = (to: number | undefined, word: string) => to === undefined ? [] : [make('a', {href: itemAddress(data, to), title: data.titles[to]!}, word)];
	return make(
		'nav',
		{class: 'ways', 'aria-label': 'Back and to the neighbours in the list'},
		make('a', {href: listAddress, class: 'back'}, '← Back to the list'),
		make('span', {class: 'neighbours'}, ...way(place > 0 ? rows[place - 1] : undefined, 'Previous'), ...way(place === -1 ? undefined : rows[place + 1], 'Next')),
	);
};

const makeParents = (data: PageData, row: number): HTMLElement[] => {
	const parents: number[] = [];
	for (let parent = data.parents[row]!; parent >= 0 && parents.length < 2; parent = data.parents[parent]!) {
		parents.unshift(parent);
	}

	return parents.length === 0 ? [] : [make('p', {class: 'parents'}, ...parents.map(parent => make('a', {href: itemAddress(data, parent), dir: 'auto'}, data.titles[parent]!)))];
};

const makeChildren = (data: PageData, model: PageModel, row: number): HTMLElement[] => {
	const children = model.children(row);
	if (children.length === 0) {
		return [];
	}

	if (data.types[row] === seasonType) {
		return [make('section', {class: 'children'}, make('h2', {}, 'Episodes'), makeEpisodes(data, children))];
	}

	const seasons = children.filter(child => data.types[child] === seasonType);
	const others = children.filter(child => data.types[child] !== seasonType);
	const makeSeason = (season: number) => {
		const episodes = model.children(season);
		return make(
			'details',
			{class: 'season', open: seasons.length === 1},
			make('summary', {}, makeText('span', 'season-title', data.titles[season]!), makeText('span', 'season-count', `${episodes.length} ${episodes.length === 1 ? 'episode' : 'episodes'}`)),
			make('p', {class: 'season-way'}, make('a', {href: itemAddress(data, season)}, 'About this season')),
			makeEpisodes(data, episodes),
		);
	};

	return [make(
		'section',
		{class: 'children'},
		make('h2', {}, data.types[row] === showType ? 'Seasons' : 'Episodes'),
		...seasons.map(season => makeSeason(season)),
		...others.length === 0 ? [] : [makeEpisodes(data, others)],
	)];
};

const makeEpisodes = (data: PageData, rows: readonly number[]) => make(
	'ol',
	{class: 'episodes', role: 'list'},
	...rows.map(row => make(
		'li',
		{},
		make(
			'a',
			{href: itemAddress(data, row)},
			makeText('span', 'episode-number', data.subtitles[row]!.split(' · ').at(-1)!),
			makeText('span', 'episode-title', data.titles[row]!),
			make('span', {class: 'badges'}, ...makeBadges(data, row), ...makeStates(data, row)),
		),
	)),
);
