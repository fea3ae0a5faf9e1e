import test from 'ava';
import fc from 'fast-check';
import {
	columnsOf,
	readColumnChoices,
	standardColumns,
	unknownColumns,
	withColumns,
} from '../../source/query/column-choices.js';
import {askedFields} from '../../source/query/language/asked-fields.js';
import {listColumns} from '../../source/query/list-fields.js';

const levels = ['movie', 'show', 'season', 'episode'] as const;
const views = {
	movie: 'movies', show: 'shows', season: 'seasons', episode: 'episodes',
} as const;

const namesOf = (columns: ReadonlyArray<{column: {name: string}}>) => columns.map(({column: {name}}) => name);

test('every field that ls can list is a column of every list, under the same name', t => {
	const wanted = askedFields.map(({names}) => names[0]!).filter(name => name !== 'title');
	for (const level of levels) {
		const typed = new Set(listColumns(level).map(column => column.typed));
		t.deepEqual(wanted.filter(name => !typed.has(name)), [], level);
		t.is(typed.size, listColumns(level).length);
	}

	// Season and episode number in one have no name in a query.
	t.deepEqual(listColumns('episode').filter(({typed}) => !wanted.includes(typed)).map(({name}) => name), ['number']);
});

test('without a choice a list has its standard columns, most important first', t => {
	t.deepEqual(namesOf(columnsOf('movie', {})), ['year', 'durationMs', 'resolution', 'hdr', 'sizeBytes', 'rating', 'sound', 'addedAt', 'versions']);
	t.deepEqual(namesOf(columnsOf('episode', {movies: [{name: 'year'}]})), standardColumns('episode').map(({name}) => name));
});

test('columns come in the order that was chosen, with their widths, each once, under any of their names', t => {
	const chosen = columnsOf('show', {shows: [{name: 'Size', width: 12}, {name: 'genre'}, {name: 'nothing'}, {name: 'sizeBytes'}, {name: 'constructor'}]});
	t.deepEqual(chosen.map(({column: {name}, width}) => [name, width]), [['sizeBytes', 12], ['genres', undefined]]);
});

test('what earlier versions hid stays hidden, in each list that had it, and a choice of now counts more', t => {
	const hidden = ['sizeBytes', 'rating', 'addedAt', 'unheard-of'];
	const choices = readColumnChoices(undefined, hidden);
	for (const level of levels) {
		t.deepEqual(namesOf(columnsOf(level, choices)), standardColumns(level).map(({name}) => name).filter(name => !hidden.includes(name)));
	}

	t.deepEqual(readColumnChoices({movies: [{name: 'size'}]}, ['leafCount']), {
		movies: [{name: 'size'}],
		shows: ['year', 'rating', 'added'].map(name => ({name})),
		seasons: ['year', 'added'].map(name => ({name})),
	});
	t.deepEqual(readColumnChoices(undefined, ['unheard-of']), {});
});

test('what was chosen is what is shown, and names that mean nothing are told and kept', t => {
	const names = listColumns('movie').map(({typed}) => typed);
	t.notThrows(() => {
		fc.assert(fc.property(fc.shuffledSubarray(names), fc.array(fc.constantFrom('later', 'toString', '__proto__'), {maxLength: 2}), (chosen, unknown) => {
			const before = {movies: unknown.map(name => ({name}))};
			const choices = withColumns(before, 'movie', chosen.map(name => ({name})));
			const shown = columnsOf('movie', choices).map(({column: {typed}}) => typed);
			return JSON.stringify(shown) === JSON.stringify(chosen)
				&& JSON.stringify(unknownColumns(choices).map(({name}) => name)) === JSON.stringify(unknown);
		}));
	});
	t.deepEqual(unknownColumns({shows: [{name: 'year'}, {name: 'yaer'}]}), [{view: 'shows', name: 'yaer'}]);
	t.is(withColumns({}, 'movie', standardColumns('movie').map(({typed}) => ({name: typed})))[views.movie], undefined);
	t.is(withColumns({movies: [{name: 'size'}]}, 'movie', undefined).movies, undefined);
});
