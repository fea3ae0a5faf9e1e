import {typePlace, type PageColumn, type PageData} from '../page-data.js';
import {printRoute, startRoute, type PageRoute} from '../page-route.js';
import type {PageResult} from '../page-model.js';
import {
	make,
	makeButton,
	makeText,
	setAttributes,
} from './dom.js';
import {makeBadges, makePoster, makeStates} from './tile.js';
import {createWindowList, type WindowList} from './window-list.js';

export type ListView = {
	element: HTMLElement;
	show: (result: PageResult, route: PageRoute) => void;
	focusRow: WindowList['focusRow'];
};

type Go = (change: (route: PageRoute) => PageRoute) => void;

export const itemAddress = (data: PageData, row: number): string => printRoute({...startRoute, item: data.ids[row]!});

/**
The wall of posters or the list with columns, whichever the route says.
*/
export const createListView = (data: PageData, go: Go): ListView => {
	const element = make('div', {class: 'results'});
	let list: WindowList | undefined;
	let shown = '';

	const build = (type: number, view: PageRoute['view']) => {
		list?.stop();
		const columns = view === 'list' ? columnsOf(data, type) : [];
		const entries = make('ul', {class: view === 'list' ? 'rows' : 'wall', role: 'list', 'aria-label': view === 'list' ? 'Items as a list' : 'Items as a wall of posters'});
		entries.style.setProperty('--columns', columns.map(({heading, width}) => `${Math.max(width, heading.length + 2) * 0.55}rem`).join(' '));
		const makeEntry = (row: number) => view === 'list' ? makeRow(data, row, columns) : makeCard(data, row);
		list = createWindowList({element: entries, makeEntry, measure: width => measureEntries(entries, width, view)});
		element.replaceChildren(...view === 'list' ? [makeHead(columns, entries, go)] : [], entries);
	};

	return {
		element,
		show(result, route) {
			const {type, rows, sort} = result;
			const look = `${type} ${route.view}`;
			if (look !== shown) {
				shown = look;
				build(type, route.view);
			}

			for (const button of element.querySelectorAll<HTMLElement>(':scope .head [data-sort]')) {
				const isSorted = button.dataset['sort'] === sort?.name;
				setAttributes(button, {'aria-pressed': String(isSorted), 'data-order': isSorted ? (route.isDescending ? 'down' : 'up') : undefined});
			}

			list!.show(rows);
		},
		focusRow(row, options) {
			list?.focusRow(row, options);
		},
	};
};

const maxColumns = 7;

const columnsOf = ({columns}: PageData, type: number): PageColumn[] => columns
	.filter(({places}) => places[type]! >= 0)
	.toSorted((one, other) => one.places[type]! - other.places[type]!)
	.slice(0, maxColumns);

const pixels = (element: Element, name: string) => Number(getComputedStyle(element).getPropertyValue(name)) * Number(getComputedStyle(document.documentElement).fontSize.replace('px', ''));

// The style says the sizes in rem, so that a larger font of the browser makes larger tiles.
const measureEntries = (entries: HTMLElement, width: number, view: PageRoute['view']) => {
	if (view === 'list') {
		return {columns: 1, height: pixels(entries, '--row-height'), gap: 0};
	}

	const gap = pixels(entries, '--gap');
	const columns = Math.max(2, Math.floor((width + gap) / (pixels(entries, '--tile-width') + gap)));
	const tile = (width - (gap * (columns - 1))) / columns;
	return {columns, height: (tile * 1.5) + pixels(entries, '--caption-height'), gap};
};

type CardLook = {
	/**
	The item whose poster is shown.
	*/
	pictured?: number;
	title?: string;
	subtitle?: string;
};

/**
A card of an item, for a wall.
*/
export const makeCard = (data: PageData, row: number, {pictured = row, title = data.titles[row]!, subtitle = data.subtitles[row]!}: CardLook = {}): HTMLElement =>
	make(
		'li',
		{class: 'card'},
		make(
			'a',
			{href: itemAddress(data, row)},
			makePoster(data, pictured),
			makeText('span', 'card-title', title),
			makeText('span', 'card-subtitle', subtitle),
			make('span', {class: 'badges'}, ...makeBadges(data, row)),
			...makeStates(data, row),
		),
	);

// Their year, which is the subtitle of a tile, is a column.
const topTypes: ReadonlySet<number> = new Set([typePlace('movie'), typePlace('show')]);

const makeRow = (data: PageData, row: number, columns: readonly PageColumn[]) => {
	const cells = columns.map(({heading, isNumeric, texts, codes}) => {
		const text = texts[codes[row]!]!;
		const cell = makeText('span', isNumeric ? 'cell numeric' : 'cell', text);
		if (text !== '') {
			cell.prepend(make('span', {class: 'unseen'}, `${heading}: `));
		}

		return cell;
	});
	const subtitle = topTypes.has(data.types[row]!) ? [] : [makeText('span', 'row-subtitle', data.subtitles[row]!)];
	return make(
		'li',
		{class: 'row'},
		make('a', {href: itemAddress(data, row)}, make('span', {class: 'row-name'}, makeText('span', 'row-title', data.titles[row]!), ...subtitle), make('span', {class: 'cells'}, ...cells)),
	);
};

const makeHead = (columns: readonly PageColumn[], entries: HTMLElement, go: Go) => {
	const heading = (text: string, sort: string, isNumeric: boolean) => {
		if (sort === '') {
			return make('span', {class: isNumeric ? 'numeric' : undefined}, text);
		}

		const button = makeButton(text, {class: isNumeric ? 'numeric' : undefined, 'data-sort': sort, title: `Sort by ${text}`}, () => {
			const isUp = button.dataset['order'] === 'up';
			go(route => ({...route, sort, isDescending: isUp}));
		});
		return button;
	};

	const head = make('div', {class: 'head'}, heading('Title', 'title', false), ...columns.map(({heading: text, sort, isNumeric}) => heading(text, sort, isNumeric)));
	head.style.setProperty('--columns', entries.style.getPropertyValue('--columns'));
	return head;
};
