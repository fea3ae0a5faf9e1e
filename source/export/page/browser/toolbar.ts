import {pageTypeNames, type PageData} from '../page-data.js';
import type {PageModel, PageResult} from '../page-model.js';
import type {PageRoute} from '../page-route.js';
import {
	counted,
	make,
	makeButton,
	makeText,
	setAttributes,
} from './dom.js';

type Go = (change: (route: PageRoute) => PageRoute, options?: {isTyped?: boolean}) => void;

/**
The head of the page: what is searched, which type is shown, how and in which order.
*/
export const createToolbar = (data: PageData, model: PageModel, go: Go) => {
	const search = make('input', {
		type: 'search', id: 'search', placeholder: 'Search titles, people, genres', autocomplete: 'off', spellcheck: 'false', 'aria-label': 'Search titles, people, genres and years', 'aria-keyshortcuts': '/',
	});
	search.addEventListener('input', () => {
		go(route => ({...route, text: search.value}), {isTyped: true});
	});

	let shownSort = '';
	let isOpen = false;
	let tellFilters: (isOpen: boolean) => void = () => undefined;
	const setOpen = (isNowOpen: boolean) => {
		isOpen = isNowOpen;
		setAttributes(filters, {'aria-expanded': String(isOpen)});
		tellFilters(isOpen);
	};

	const filters = makeButton('Filters', {class: 'filters-button', 'aria-controls': 'filters', 'aria-expanded': 'false'}, () => {
		setOpen(!isOpen);
	});
	const types = pageTypeNames.flatMap((name, type) => data.types.includes(type)
		? [{
			type, name, count: make('span', {class: 'tab-count'}), button: makeButton(name, {class: 'tab'}, () => {
				go(route => ({
					...route, type, sort: '', isDescending: false,
				}));
			}),
		}]
		: []);
	for (const {button, count} of types) {
		button.append(' ', count);
	}

	const sort = make('select', {id: 'sort', 'aria-label': 'Sort'});
	sort.addEventListener('change', () => {
		const chosen = data.sorts.find(({name}) => name === sort.value);
		go(route => ({...route, sort: sort.value, isDescending: chosen?.startsDescending === true}));
	});
	const order = makeButton('', {class: 'order'}, () => {
		go(route => ({...route, sort: shownSort, isDescending: !route.isDescending}));
	});
	const views = (['wall', 'list'] as const).map(view => ({
		view, button: makeButton(view === 'wall' ? 'Posters' : 'List', {}, () => {
			go(route => ({...route, view}));
		}),
	}));
	const tools = make(
		'div',
		{class: 'tools'},
		make('div', {class: 'tabs', role: 'group', 'aria-label': 'Type'}, ...types.map(({button}) => button)),
		filters,
		make('span', {class: 'sorting'}, make('label', {for: 'sort'}, 'Sort'), sort, order),
		make('div', {class: 'views', role: 'group', 'aria-label': 'View'}, ...views.map(({button}) => button)),
	);
	const element = make(
		'header',
		{class: 'top'},
		make('div', {class: 'brand'}, make('strong', {}, 'reelcat'), makeText('span', 'libraries', data.libraries.join(', '))),
		make('div', {class: 'search', role: 'search'}, search),
		tools,
	);

	return {
		element,
		show({type, typeCounts, sort: current}: PageResult, route: PageRoute) {
			shownSort = current?.name ?? '';
			if (search.value !== route.text) {
				search.value = route.text;
			}

			for (const {type: other, button, count} of types) {
				count.textContent = counted(typeCounts[other]!);
				setAttributes(button, {'aria-pressed': String(other === type)});
			}

			sort.replaceChildren(...model.sorts(type).map(({name, label}) => make('option', {value: name, selected: name === shownSort}, label)));
			sort.value = shownSort;
			order.textContent = route.isDescending ? '↓' : '↑';
			setAttributes(order, {'aria-label': route.isDescending ? 'Descending; change to ascending' : 'Ascending; change to descending'});
			for (const {view, button} of views) {
				setAttributes(button, {'aria-pressed': String(view === route.view)});
			}
		},
		/**
		Search and tools belong to the list.
		*/
		setDetail(isDetail: boolean) {
			element.classList.toggle('is-detail', isDetail);
			if (isDetail && isOpen) {
				setOpen(false);
			}
		},
		focusSearch() {
			search.focus();
			search.select();
		},
		/**
		Closes the filters, which cover the page of a phone.

		@returns whether they were open
		*/
		close() {
			const wasOpen = isOpen;
			if (wasOpen) {
				setOpen(false);
				filters.focus({focusVisible: true});
			}

			return wasOpen;
		},
		onFilters(tell: (isOpen: boolean) => void) {
			tellFilters = tell;
		},
	};
};
