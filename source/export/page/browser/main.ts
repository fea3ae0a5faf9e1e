import {
	dataId,
	noRevision,
	pageTypeNames,
	type PageData,
} from '../page-data.js';
import {createPageModel} from '../page-model.js';
import {
	parseRoute,
	printRoute,
	startRoute,
	type PageRoute,
} from '../page-route.js';
import {createDetailView} from './detail-view.js';
import {counted, make, readData} from './dom.js';
import {createFacetPanel, makePicks} from './facet-panel.js';
import {followServer} from './follow.js';
import {createListView} from './list-view.js';
import {createNewsShelf} from './news-shelf.js';
import {createToolbar} from './toolbar.js';

/**
Below a path of a proxy, the page may have been opened without the slash at its end. What it asks for would then lead beside it. A file has no server.
*/
const enterFolder = (revision: number): void => {
	const {pathname, search, hash} = location;
	if (revision !== noRevision && !pathname.endsWith('/')) {
		history.replaceState(undefined, '', `${pathname}/${search}${hash}`);
	}
};

const start = () => {
	const data = readData(dataId) as PageData;
	enterFolder(data.revision);
	const model = createPageModel(data);
	let route = startRoute;
	// Ahead of what is shown until the browser tells of the new address.
	let wanted = startRoute;
	let listRoute = startRoute;
	let rows: readonly number[] = [];
	// Where each list was left, so that Back comes to the same place.
	const left = new Map<string, {scrollTop: number; row: number | undefined}>();

	// A change of what is picked is a step that Back undoes; typing is not, since each letter would be one. In a page that was opened with the password in its address, Firefox sends no hashchange for what is set as location.hash.
	const go = (change: (now: PageRoute) => PageRoute, {isTyped = false} = {}) => {
		wanted = change(wanted);
		const address = printRoute(wanted);
		if (isTyped) {
			location.replace(address);
		} else {
			location.assign(address);
		}
	};

	const list = createListView(data, go);
	const panel = createFacetPanel(data, go);
	const toolbar = createToolbar(data, model, go);
	const makeDetail = createDetailView(data, model);
	const count = make('p', {class: 'count', role: 'status'});
	const picks = make('div', {class: 'picks', role: 'group', 'aria-label': 'Picked filters'});
	const filters = make('aside', {class: 'filters', id: 'filters', 'aria-label': 'Filters'}, make('h2', {}, 'Filters'), panel.element);
	const nothing = make('p', {class: 'nothing'}, 'Nothing matches. Try another word, or take a filter away.');
	const heading = make('h1', {class: 'unseen'}, 'Catalogue');
	const news = data.revision === noRevision ? undefined : createNewsShelf(data, model);
	const found = make('section', {class: 'main', 'aria-label': 'Items'}, heading, ...news === undefined ? [] : [news], count, picks, nothing, list.element);
	const listPage = make('div', {class: 'list-page'}, filters, found);
	const detailPage = make('div', {class: 'detail-page'});
	const main = make('main', {id: 'main'}, listPage, detailPage);
	toolbar.onFilters(isOpen => {
		filters.classList.toggle('is-open', isOpen);
		document.body.classList.toggle('is-filtering', isOpen);
	});

	const showList = () => {
		listRoute = route;
		wanted = route;
		const result = model.find(route);
		({rows} = result);
		count.textContent = `${counted(rows.length)} ${rows.length === 1 ? pageTypeNames[result.type]!.slice(0, -1).toLowerCase() : pageTypeNames[result.type]!.toLowerCase()}`;
		picks.replaceChildren(...makePicks(data, route, go));
		nothing.hidden = rows.length > 0;
		// Whoever looks for something wants what was found first.
		news?.toggleAttribute('hidden', route.text !== '' || route.picks.size > 0);
		toolbar.show(result, route);
		panel.show(result);
		document.title = 'Catalogue';
		list.show(result, route);
	};

	const showDetail = (row: number) => {
		detailPage.replaceChildren(makeDetail.make(row, {listAddress: printRoute(listRoute), rows}));
		document.title = `${data.titles[row]!} – Catalogue`;
		window.scrollTo(0, 0);
		detailPage.querySelector<HTMLElement>('h1')!.focus({preventScroll: true});
	};

	const show = () => {
		const before = route;
		route = parseRoute(location.hash);
		const address = printRoute(listRoute);
		if (before.item === '' && route.item !== '') {
			const focused = document.activeElement;
			const entry = focused === null ? undefined : focused.closest<HTMLAnchorElement>('.results a');
			left.set(address, {scrollTop: window.scrollY, row: entry === null || entry === undefined ? undefined : model.rowOf(parseRoute(entry.hash).item)});
		}

		const row = route.item === '' ? undefined : model.rowOf(route.item);
		const isList = row === undefined;
		listPage.hidden = !isList;
		detailPage.hidden = isList;
		toolbar.setDetail(!isList);
		if (!isList) {
			if (makeDetail.isReady(row)) {
				showDetail(row);
			} else {
				// The browser still reads the page; the details stand at its end.
				detailPage.replaceChildren(make('p', {class: 'opening'}, 'Opening …'));
				document.addEventListener('DOMContentLoaded', show, {once: true});
			}

			return;
		}

		// The address of an item that is not here shows the list.
		route = {...route, item: ''};
		const isSame = printRoute(route) === address && before.item === '';
		showList();
		const place = left.get(printRoute(route));
		if (before.item !== '') {
			window.scrollTo(0, place?.scrollTop ?? 0);
			if (place?.row !== undefined) {
				list.focusRow(place.row);
			}
		} else if (!isSame) {
			window.scrollTo(0, 0);
		}
	};

	document.addEventListener('keydown', event => {
		const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
		if (event.ctrlKey || event.altKey || event.metaKey) {
			return;
		}

		if (event.key === 'Escape' && toolbar.close()) {
			event.preventDefault();
		} else if (event.key === 'Escape' && route.item !== '') {
			location.assign(printRoute(listRoute));
		} else if (!isTyping && event.key === '/' && route.item === '') {
			event.preventDefault();
			toolbar.focusSearch();
		} else if (isTyping && event.key === 'ArrowDown' && rows.length > 0) {
			event.preventDefault();
			list.focusRow(rows[0]!, {focusVisible: true});
		}
	});
	history.scrollRestoration = 'manual';
	globalThis.addEventListener('hashchange', show);
	const skip = make('a', {class: 'skip', href: '#main'}, 'To the items');
	skip.addEventListener('click', event => {
		event.preventDefault();
		list.focusRow(rows[0] ?? -1, {focusVisible: true});
	});
	const sentences = [...data.notes, 'Keys: / searches, the arrows move, Enter opens, Escape goes back.', news === undefined ? 'Made by reelcat. This file loads nothing from anywhere.' : 'Made by reelcat.'];
	const notes = make('footer', {class: 'notes'}, ...sentences.map(note => make('p', {}, note)));
	const page = document.querySelector('#page')!;
	new ResizeObserver(() => {
		document.documentElement.style.setProperty('--top-height', `${toolbar.element.offsetHeight}px`);
	}).observe(toolbar.element);
	page.replaceChildren(skip, toolbar.element, main, notes);
	performance.mark('ready');
	listRoute = parseRoute(location.hash).item === '' ? parseRoute(location.hash) : startRoute;
	wanted = listRoute;
	({rows} = model.find(listRoute));
	show();
	followServer(data.revision);
};

start();
