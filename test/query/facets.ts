import test from 'ava';
import fc from 'fast-check';
import {facetChoices, facets, withoutFacet} from '../../source/query/facets.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {findAskedField} from '../../source/query/language/asked-fields.js';
import {pickedIn, withPick} from '../../source/query/language/value-terms.js';
import {indexOf, valuesOf, world} from './_asked-library.js';
import {randomItems, randomQueries} from './_random-library.js';

const genre = findAskedField('genre')!;
const facetNamed = (label: string) => facets.find(facet => facet.label === label)!;

test('what is picked is written into the query in the place of what was picked before', t => {
	const drama = {text: 'Drama', isExact: false};
	t.is(withPick('', genre, {values: [drama]}), 'genre:Drama');
	t.is(withPick('res:4k genre:War sort:-size', genre, {values: [drama, {text: 'Science Fiction', isExact: true}]}), 'res:4k genre:Drama,="Science Fiction" sort:-size');
	t.is(withPick('res:4k genre:War', genre, undefined), 'res:4k');
	t.is(withPick('alien OR ferry', genre, {values: [drama]}), '(alien OR ferry) genre:Drama');
	t.is(withPick('size:>', genre, {values: [drama]}), 'size:> genre:Drama');
	t.deepEqual(pickedIn('res:4k genre:War,="Science Fiction"', genre), {values: [{text: 'War', isExact: false}, {text: 'Science Fiction', isExact: true}]});
	t.is(pickedIn('-genre:War', genre), undefined);
	t.is(pickedIn('genre:/w/', genre), undefined);
});

test('a value whose words another value has as well is asked for as a whole', t => {
	const choices = facetChoices(facetNamed('Genre'), [{value: 'Fiction', count: 2}, {value: 'Science Fiction', count: 1}], '');
	t.deepEqual(choices.map(({query}) => query), ['genre:="Fiction"', 'genre:"Science Fiction"']);
});

test('a decade is picked alone, and picked again it is not asked for any more', t => {
	const counts = [[1926, 1], [1984, 3], [1989, 2]].map(([value, count]) => ({value: value!, count: count!}));
	const [eighties] = facetChoices(facetNamed('Decade'), counts, 'ferry');
	t.like(eighties, {
		label: '1980–1989', count: 5, isPicked: false, query: 'ferry year:1980..1989',
	});
	t.like(facetChoices(facetNamed('Decade'), counts, 'ferry year:1980..1989')[0], {isPicked: true, query: 'ferry'});
	t.deepEqual(facetChoices(facetNamed('Decade'), counts, 'ferry year:1980s').map(({isPicked, query}) => [isPicked, query]), [[true, 'ferry'], [false, 'ferry year:1920..1929']]);
});

test('law: a value that is picked finds as many items as were counted for it', async t => {
	await fc.assert(fc.asyncProperty(randomItems, fc.oneof(fc.constant(''), randomQueries), fc.constantFrom(...facets), async (items, query, facet) => {
		const index = indexOf(items);
		const text = withoutFacet(query, facet);
		const plan = text.trim() === '' ? undefined : await compileQuery(text, world);
		// Of what a limit cuts off, more may be found with a value.
		fc.pre(plan?.limit === undefined);
		const readValues = valuesOf(items);

		const counts = await index.countValues(facet.field.name, {...plan && {plan}}, {readValues});
		for (const choice of facetChoices(facet, counts, text)) {
			const found = await index.list({plan: await compileQuery(choice.query, world)}, {readValues});
			t.is(found.length, choice.count, `${choice.query} of ${query}`);
			t.true(facetChoices(facet, counts, choice.query).some(({label, isPicked}) => isPicked && label === choice.label));
		}
	}), {numRuns: 60});
});
