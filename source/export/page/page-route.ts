import {itemTypes} from '../../catalog/kinds.js';

/**
What the page shows, as it stands behind the # of its address.
*/
export type PageRoute = {
	/**
	The id of the item whose details are shown, '' for the list.
	*/
	item: string;
	/**
	A place in `itemTypes`, -1 for the first type there is.
	*/
	type: number;
	text: string;
	view: 'wall' | 'list';
	sort: string;
	isDescending: boolean;
	/**
	The picked values by the name of their facet.
	*/
	picks: ReadonlyMap<string, readonly string[]>;
};

export const startRoute: PageRoute = {
	item: '', type: -1, text: '', view: 'wall', sort: '', isDescending: false, picks: new Map(),
};

const facetPrefix = 'is-';
const itemPrefix = '#/item/';

/**
Reads what `printRoute` made. Whatever else someone types stands for the start.
*/
export const parseRoute = (hash: string): PageRoute => {
	if (hash.startsWith(itemPrefix)) {
		return {...startRoute, item: decoded(hash.slice(itemPrefix.length))};
	}

	const parameters = new URLSearchParams(hash.replace(/^#?\/?\??/v, ''));
	const picks = new Map<string, string[]>();
	for (const [name, value] of parameters) {
		if (!name.startsWith(facetPrefix)) {
			continue;
		}

		const facet = name.slice(facetPrefix.length);
		picks.set(facet, [...picks.get(facet) ?? [], value]);
	}

	const type = parameters.get('type') ?? '';
	return {
		item: '',
		type: itemTypes.findIndex((_, place) => String(place) === type),
		text: parameters.get('q') ?? '',
		view: parameters.get('view') === 'list' ? 'list' : 'wall',
		sort: parameters.get('sort') ?? '',
		isDescending: parameters.get('order') === 'down',
		picks,
	};
};

const decoded = (text: string) => {
	try {
		return decodeURIComponent(text);
	} catch {
		// It is not an address that we made, so no item has it.
		return text;
	}
};

export const printRoute = ({item, type, text, view, sort, isDescending, picks}: PageRoute): string => {
	if (item !== '') {
		return `${itemPrefix}${encodeURIComponent(item)}`;
	}

	const parameters = new URLSearchParams();
	const set = (name: string, value: string) => {
		if (value !== '') {
			parameters.append(name, value);
		}
	};

	set('type', type === -1 ? '' : String(type));
	set('q', text);
	set('view', view === 'list' ? view : '');
	set('sort', sort);
	set('order', isDescending ? 'down' : '');
	for (const [facet, values] of picks) {
		for (const value of values) {
			parameters.append(`${facetPrefix}${facet}`, value);
		}
	}

	const printed = parameters.toString();
	return printed === '' ? '#/' : `#/?${printed}`;
};

/**
The route with this value of a facet picked, or not any more if it is.
*/
export const togglePick = (route: PageRoute, facet: string, value: string): PageRoute => {
	const before = route.picks.get(facet) ?? [];
	const after = before.includes(value) ? before.filter(other => other !== value) : [...before, value];
	const picks = new Map(route.picks);
	if (after.length === 0) {
		picks.delete(facet);
	} else {
		picks.set(facet, after);
	}

	return {...route, picks};
};
