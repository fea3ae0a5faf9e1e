import type {PageData} from '../page-data.js';
import type {FacetCount, PageResult} from '../page-model.js';
import {togglePick, type PageRoute} from '../page-route.js';
import {
	counted,
	make,
	makeButton,
	makeText,
} from './dom.js';

const shownAtFirst = 8;
const shownMore = 50;
const openAtFirst = 4;

/**
The facets with their values and counts.
*/
export const createFacetPanel = (data: PageData, go: (change: (route: PageRoute) => PageRoute) => void) => {
	const element = make('div', {class: 'facets'});
	const limits = data.facets.map(() => shownAtFirst);
	let current: FacetCount[][] = data.facets.map(() => []);
	const groups = data.facets.map(({label}, place) => {
		const body = make('div', {class: 'facet-values'});
		return {group: make('details', {class: 'facet', open: place < openAtFirst}, make('summary', {}, label), body), body};
	});
	element.append(...groups.map(({group}) => group));

	const makeChoice = (facet: number, {value, count, isPicked}: FacetCount) => {
		const {name} = data.facets[facet]!;
		const box = make('input', {type: 'checkbox', name, value});
		box.checked = isPicked;
		box.addEventListener('change', () => {
			go(route => togglePick(route, name, value));
		});
		return make('label', {class: 'choice'}, box, makeText('span', 'choice-name', value), make('span', {class: 'choice-count'}, counted(count)));
	};

	const draw = (facet: number) => {
		const {body, group} = groups[facet]!;
		const choices = current[facet]!;
		const focused = body.contains(document.activeElement) ? (document.activeElement as HTMLInputElement).value : undefined;
		const more = choices.length - limits[facet]!;
		body.replaceChildren(
			...choices.slice(0, limits[facet]).map(choice => makeChoice(facet, choice)),
			...more > 0
				? [makeButton(`${counted(Math.min(more, shownMore))} more of ${counted(choices.length)}`, {class: 'more'}, () => {
					limits[facet]! += shownMore;
					draw(facet);
				})]
				: [],
		);
		group.hidden = choices.length === 0;
		if (focused !== undefined) {
			([...body.querySelectorAll('input')].find(({value}) => value === focused) ?? body.querySelector('input'))?.focus();
		}
	};

	return {
		element,
		show({facets}: PageResult) {
			current = facets;
			for (const facet of facets.keys()) {
				draw(facet);
			}
		},
	};
};

/**
The picked values, each with a button that lets it go.
*/
export const makePicks = (data: PageData, route: PageRoute, go: (change: (route: PageRoute) => PageRoute) => void): HTMLElement[] => {
	const picks = data.facets.flatMap(({name, label}) => (route.picks.get(name) ?? []).map(value => {
		const button = makeButton('', {class: 'pick', 'aria-label': `Without ${label} ${value}`}, () => {
			go(now => togglePick(now, name, value));
		});
		button.append(makeText('span', '', `${label}: ${value}`), make('span', {'aria-hidden': 'true'}, ' ×'));
		return button;
	}));
	return picks.length === 0
		? []
		: [...picks, makeButton('Clear all', {class: 'pick clear'}, () => {
			go(now => ({...now, picks: new Map()}));
		})];
};
