import test from 'ava';
import fc from 'fast-check';
import {completionPlace, completionsAt} from '../../../source/query/language/completion.js';
import type {ValueCount} from '../../../source/query/types.js';

const genres: ValueCount[] = [{value: 'Drama', count: 45}, {value: 'Science Fiction', count: 7}, {value: 'Documentary', count: 3}];

/**
What Tab makes of a query with the caret at its end, and what it tells.
*/
const after = (query: string, known: Parameters<typeof completionsAt>[1] = {}) => {
	const place = completionPlace(query, query.length);
	return place === undefined ? undefined : completionsAt(place, known).map(({text, note}) => `${query.slice(0, place.start)}${text} ${note}`.trim());
};

test('a field is completed with its shortest name that begins so', t => {
	t.deepEqual(after('drama -gen'), ['drama -genre: Genres']);
	t.true(after('(res')!.includes('(res: Resolution'));
	t.true(after('')!.length > 30);
	t.deepEqual(after('zz'), []);
});

test('a value is completed with the number of items that have it, and quotes where they are needed', t => {
	t.deepEqual(after('genre:', {counts: genres}), ['genre:Drama 45', 'genre:"Science Fiction" 7', 'genre:Documentary 3']);
	t.deepEqual(after('genre:d', {counts: genres}), ['genre:Drama 45', 'genre:Documentary 3']);
	t.deepEqual(after('genre:Drama,fic', {counts: genres}), ['genre:Drama,"Science Fiction" 7']);
	t.deepEqual(after('genre:"sci', {counts: genres}), ['genre:"Science Fiction" 7']);
	t.deepEqual(after('audio:', {counts: [{value: 'nl', count: 4}, {value: 'klingon', count: 1}]}), ['audio:nl 4', 'audio:klingon 1']);
	t.deepEqual(after('watched:', {counts: [{value: false, count: 9}, {value: true, count: 2}]}), ['watched:no 9', 'watched:yes 2']);
	t.true(after('type:')!.includes('type:episode'));
});

test('what follows has:, missing: and sort: is a field, and what follows @ a saved query', t => {
	t.deepEqual(after('missing:tmd'), ['missing:tmdb TMDB']);
	t.true(after('sort:-siz')!.includes('sort:-size Size'));
	t.deepEqual(after('sort:-size,ye'), ['sort:-size,year Year']);
	t.deepEqual(after('sort:genr'), []);
	t.deepEqual(after('big @un', {saved: ['unseen', 'large']}), ['big @unseen']);
});

test('within a text in quotes, and behind a name of no field, nothing is completed', t => {
	t.is(after('"dra'), undefined);
	t.is(after('nofield:x'), undefined);
});

test('law: what is completed begins where the last term does, and ends at the caret', t => {
	fc.assert(fc.property(fc.string({unit: fc.constantFrom(...'ab:"(), -@genre=<>'), maxLength: 20}), fc.nat(20), (query, at) => {
		const caret = Math.min(at, query.length);
		const place = completionPlace(query, caret);
		const {start, end, kind, typed} = place ?? {
			start: caret, end: caret, kind: 'field', typed: '',
		};
		t.true(start <= end);
		t.is(end, caret);
		t.true(kind === 'value' || kind === 'saved' || /^[A-Za-z]*$/v.test(typed));
	}));
});
