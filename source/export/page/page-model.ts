import {itemTypes} from '../../catalog/kinds.js';
import {fold} from '../../query/fold.js';
import {
	typePlace,
	type CodedLists,
	type PageData,
	type PageSort,
} from './page-data.js';
import type {PageRoute} from './page-route.js';

export type FacetCount = {value: string; count: number; isPicked: boolean};

/**
What a route finds. `facets` has the counts of each facet in the order of the data: of what would be found without the picks of that facet, so that several values of one can be picked.
*/
export type PageResult = {
	type: number;
	rows: number[];
	/**
	How many items of each type the search finds.
	*/
	typeCounts: number[];
	facets: FacetCount[][];
	sort: PageSort | undefined;
};

export type PageModel = {
	find: (route: PageRoute) => PageResult;
	rowOf: (id: string) => number | undefined;
	/**
	The rows of the seasons or episodes directly below an item, in the order of the export.
	*/
	children: (row: number) => readonly number[];
	/**
	The orders that items of a type can have.
	*/
	sorts: (type: number) => PageSort[];
	/**
	What was added last, the newest first: films, and of each show the episode that came last.
	*/
	newest: (limit: number) => NewRow[];
};

/**
`row` is what is new, and `top` the show that it belongs to, or itself.
*/
export type NewRow = {row: number; top: number};

const typeCount = itemTypes.length;
const playableTypes: ReadonlySet<number> = new Set([typePlace('movie'), typePlace('episode')]);

const hasPart = (form: string, word: string) => form.includes(word);
const hasWord = (form: string, word: string) => form.split(' ').includes(word);

/**
The facets whose values words find, too: names as in a query, and of what tells of picture and sound only whole words.
*/
const searchedFacets: ReadonlyMap<string, typeof hasPart> = new Map([
	['genre', hasPart], ['collection', hasPart], ['res', hasWord], ['hdr', hasWord], ['codec', hasWord], ['audio', hasWord],
]);

/**
Searches, filters and sorts the data of a page. Nothing here needs a browser.
*/
export const createPageModel = (data: PageData): PageModel => {
	const {ids, types, titles, subtitles, searched, parents, facets, sorts} = data;
	const texts = titles.map((title, row) => fold([title, subtitles[row], searched[row]].join(' ')));
	const named = [
		{codes: data.people.codes, forms: data.people.texts.map(name => fold(name)), isFound: hasPart},
		...facets.flatMap(({name, texts: values, codes}) => {
			const isFound = searchedFacets.get(name);
			return isFound === undefined ? [] : [{codes, forms: values.map(value => fold(value)), isFound}];
		}),
	];
	const rowsById = new Map(ids.map((id, row) => [id, row]));
	const below = new Map<number, number[]>();
	for (const [row, parent] of parents.entries()) {
		if (!(parent >= 0)) {
			continue;
		}

		const others = below.get(parent);
		if (others === undefined) {
			below.set(parent, [row]);
		} else {
			others.push(row);
		}
	}

	const tests = (text: string) => fold(text).split(/\s+/v).filter(word => word !== '').map(word => {
		const lists = named
			.map(({codes, forms, isFound}) => ({codes, found: new Set(forms.flatMap((form, code) => isFound(form, word) ? [code] : []))}))
			.filter(({found}) => found.size > 0);
		return (row: number) => texts[row]!.includes(word) || lists.some(({codes, found}) => codes[row]!.some(code => found.has(code)));
	});

	const sortsOf = (type: number) => sorts.filter(sort => sort.types.includes(type));

	const topOf = (row: number): number => parents[row]! >= 0 ? topOf(parents[row]!) : row;

	return {
		rowOf: id => rowsById.get(id),
		children: row => below.get(row) ?? [],
		sorts: sortsOf,
		newest(limit) {
			const ranks = sorts.find(({name}) => name === 'added')?.ranks ?? [];
			const playable = ids.map((_, row) => row).filter(row => (ranks[row] ?? -1) >= 0 && playableTypes.has(types[row]!));
			const known = new Set<number>();
			const found: NewRow[] = [];
			for (const row of playable.toSorted((one, other) => ranks[other]! - ranks[one]!)) {
				const top = topOf(row);
				if (found.length === limit || known.has(top)) {
					continue;
				}

				known.add(top);
				found.push({row, top});
			}

			return found;
		},
		find(route) {
			const words = tests(route.text);
			const typeCounts = Array.from({length: typeCount}, () => 0);
			const matching: number[] = [];
			for (const [row, type] of types.entries()) {
				if (words.some(test => !test(row))) {
					continue;
				}

				typeCounts[type]!++;
				matching.push(row);
			}

			const type = shownType(route, types, typeCounts);
			const picked = facets.map(({name, texts: values}) => new Set((route.picks.get(name) ?? []).map(value => values.indexOf(value))));
			const counts = facets.map(({texts: values}) => values.map(() => 0));
			const rows = matching.filter(row => types[row] === type && isCounted(row, facets, {picked, counts}));
			const choices = sortsOf(type);
			const sort = choices.find(({name}) => name === route.sort) ?? choices[0];
			return {
				type,
				typeCounts,
				rows: sort === undefined ? rows : sorted(rows, sort.ranks, route.isDescending),
				facets: facets.map(({texts: values}, facet) => sortedCounts(values, counts[facet]!, picked[facet]!)),
				sort,
			};
		},
	};
};

// The type that is asked for; else the first one of which something is found, so that a search for an episode need not be told so.
const shownType = ({type}: PageRoute, types: readonly number[], counts: readonly number[]) => {
	if (type >= 0 && types.includes(type)) {
		return type;
	}

	const found = counts.findIndex(count => count > 0);
	return found === -1 ? Math.min(...new Set(types), typeCount) % typeCount : found;
};

type Counting = {picked: ReadonlyArray<ReadonlySet<number>>; counts: readonly number[][]};

/**
Counts the values of an item for each facet whose picks alone it may fail.

@returns whether it passes all picks
*/
const isCounted = (row: number, facets: readonly CodedLists[], {picked, counts}: Counting): boolean => {
	let failed = -1;
	for (const [facet, {codes}] of facets.entries()) {
		const wanted = picked[facet]!;
		if (wanted.size === 0 || codes[row]!.some(code => wanted.has(code))) {
			continue;
		}

		if (failed !== -1) {
			return false;
		}

		failed = facet;
	}

	for (const [facet, {codes}] of facets.entries()) {
		if (failed === -1 || failed === facet) {
			for (const code of codes[row]!) {
				counts[facet]![code]!++;
			}
		}
	}

	return failed === -1;
};

/**
Unknown values come last, whatever the direction; rows with the same value stay in the order of the export.
*/
const sorted = (rows: readonly number[], ranks: readonly number[], isDescending: boolean): number[] => {
	const known = rows.filter(row => ranks[row]! >= 0);
	const unknown = rows.filter(row => ranks[row]! < 0);
	const sign = isDescending ? -1 : 1;
	return [...known.toSorted((one, other) => sign * (ranks[one]! - ranks[other]!)), ...unknown];
};

const decadeText = /^\d+–\d+$/v;

const comparePicks = (one: FacetCount, other: FacetCount) => {
	if (one.isPicked !== other.isPicked) {
		return one.isPicked ? -1 : 1;
	}

	return one.count === other.count ? (one.value < other.value ? -1 : 1) : other.count - one.count;
};

/**
Picked values first, so that they can be seen and let go, then the most frequent ones. Decades stay in their own order, the newest first.
*/
const sortedCounts = (values: readonly string[], counts: readonly number[], picked: ReadonlySet<number>): FacetCount[] => {
	const areDecades = values.length > 0 && values.every(value => decadeText.test(value));
	const compare = (one: FacetCount, other: FacetCount) => areDecades
		? Number(other.value.split('–', 1)[0]) - Number(one.value.split('–', 1)[0])
		: comparePicks(one, other);
	return values
		.map((value, code): FacetCount => ({value, count: counts[code]!, isPicked: picked.has(code)}))
		.filter(({count, isPicked}) => count > 0 || isPicked)
		.toSorted(compare);
};
