import {fold} from './fold.js';
import {findAskedField, type AskedField} from './language/asked-fields.js';
import {hasWords, searchForm} from './language/text-tests.js';
import {
	pickedIn,
	withPick,
	writtenCounts,
	type Picked,
} from './language/value-terms.js';
import type {ValueCount} from './types.js';

/**
A side from which a library can be looked at: a field of the query language, whose values can be picked one by one.
*/
export type Facet = {label: string; field: AskedField; isDecade: boolean};

const facet = (label: string, name: string, isDecade = false): Facet => ({label, field: findAskedField(name)!, isDecade});

export const facets: readonly Facet[] = [
	facet('Genre', 'genre'),
	facet('Decade', 'year', true),
	facet('Resolution', 'res'),
	facet('HDR', 'hdr'),
	facet('Codec', 'codec'),
	facet('Audio', 'audio'),
	facet('Subtitles', 'sub'),
	facet('Watched', 'watched'),
	facet('Studio', 'studio'),
	facet('Country', 'country'),
	facet('Collection', 'collection'),
	facet('Label', 'label'),
	facet('Director', 'director'),
	facet('Content rating', 'contentRating'),
	facet('Container', 'container'),
];

/**
A value of a facet. `query` is the query in which it is picked, or not any more if it is.
*/
export type FacetChoice = {label: string; count: number; isPicked: boolean; query: string};

/**
The query without what it picks of a facet: of what it finds, the values of the facet are counted.
*/
export const withoutFacet = (query: string, {field}: Facet): string => withPick(query, field, undefined);

/**
The values of a facet, of what `withoutFacet` finds.
*/
export const facetChoices = (chosen: Facet, counts: readonly ValueCount[], query: string): FacetChoice[] => {
	const picked = pickedIn(query, chosen.field);
	return chosen.isDecade ? decades(chosen, counts, {query, picked}) : values(chosen, counts, {query, picked});
};

type Asked = {query: string; picked: Picked | undefined};

const values = ({field}: Facet, counts: readonly ValueCount[], {query, picked}: Asked): FacetChoice[] => {
	const before = picked !== undefined && 'values' in picked ? picked.values : [];
	const written = writtenCounts(field, counts);
	const forms = written.keys().map(text => searchForm(text)).toArray();
	return written.entries().map(([label, count]) => {
		const others = before.filter(({text}) => fold(text) !== fold(label));
		const isPicked = others.length < before.length;
		const form = searchForm(label);
		// Its words alone would find another value as well.
		const isExact = (field.kind === 'names' || field.kind === 'text') && forms.some(other => other !== form && hasWords(other, form));
		const next = isPicked ? others : [...others, {text: label, isExact}];
		return {
			label, count, isPicked, query: withPick(query, field, next.length === 0 ? undefined : {values: next}),
		};
	}).toArray();
};

const yearsOfDecade = 10;

const decades = ({field}: Facet, counts: readonly ValueCount[], {query, picked}: Asked): FacetChoice[] => {
	const sums = new Map<number, number>();
	for (const {value, count} of counts) {
		const from = Math.floor(Number(value) / yearsOfDecade) * yearsOfDecade;
		sums.set(from, (sums.get(from) ?? 0) + count);
	}

	return sums.entries().toArray().toSorted(([one], [other]) => other - one).map(([from, count]) => {
		const to = from + yearsOfDecade - 1;
		const isPicked = picked !== undefined && ('from' in picked ? picked.from === from && picked.to === to : picked.values.length === 1 && picked.values[0]!.text === `${from}s`);
		return {
			label: `${from}–${to}`, count, isPicked, query: withPick(query, field, isPicked ? undefined : {from, to}),
		};
	});
};
