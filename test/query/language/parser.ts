import test from 'ava';
import fc from 'fast-check';
import {parseQuery} from '../../../source/query/language/parser.js';
import {printQuery} from '../../../source/query/language/print.js';
import {isQueryError, pointAt, QueryError} from '../../../source/query/language/query-error.js';
import type {Query, QueryNode} from '../../../source/query/language/syntax.js';
import {queries, withoutPlaces} from './_queries.js';

const parsedOrWrong = (text: string): Query | QueryError => {
	try {
		return parseQuery(text);
	} catch (error) {
		if (isQueryError(error)) {
			return error;
		}

		throw error;
	}
};

const errorOf = (text: string): QueryError => {
	const error = parsedOrWrong(text);
	if (error instanceof QueryError) {
		return error;
	}

	throw new Error(`"${text}" is a query`);
};

test('a printed query is the same query', t => {
	fc.assert(fc.property(queries, query => {
		t.deepEqual(withoutPlaces(parseQuery(printQuery(query))), withoutPlaces(query));
	}), {numRuns: 2000});
});

const pieces = ['a', 'AND', ' OR ', 'NOT', ...String.raw`-()" =,*>/@\.`, 'title:', '"x y"', '..', '<=', '/a.b/i', '@x', 'any(', 'all(', 'sort:', '-size', 'limit:', '5', 'has:', 'missing:', 'year:'];

test('any text is a query that is the same when printed, or an error with a place in the text', t => {
	const texts = fc.oneof(
		fc.string({unit: 'grapheme'}),
		fc.array(fc.constantFrom(...pieces)).map(parts => parts.join('')),
	);
	fc.assert(fc.property(texts, text => {
		const parsed = parsedOrWrong(text);
		const {start, end} = parsed instanceof QueryError ? parsed.span : {start: 0, end: 1};
		t.true(start >= 0 && start < end && end <= text.length + 1, `${start} to ${end} in "${text}"`);
		const query = parsed instanceof QueryError ? {} : parsed;
		t.deepEqual(withoutPlaces(parseQuery(printQuery(query))), withoutPlaces(query));
	}), {numRuns: 3000});
});

test('fields, ranges, lists and regular expressions', t => {
	const termOf = (text: string) => withoutPlaces(parseQuery(text).where);
	const field = (name: string, condition: unknown) => ({kind: 'field', name, test: condition});
	t.deepEqual(termOf('year:1990..1999'), field('year', {kind: 'range', from: {form: 'text', text: '1990'}, to: {form: 'text', text: '1999'}}));
	t.deepEqual(termOf('year:1990..'), termOf('year:>=1990'));
	t.deepEqual(termOf('year:..1999'), termOf('year:<=1999'));
	t.deepEqual(termOf('size:>=50GB'), field('size', {kind: 'compare', comparison: '>=', value: {form: 'text', text: '50GB'}}));
	t.deepEqual(termOf('genre:drama,"science fiction"'), field('genre', {kind: 'is', values: [{form: 'text', text: 'drama'}, {form: 'text', text: 'science fiction'}]}));
	t.deepEqual(termOf('title:="Alien"'), field('title', {kind: 'is', values: [{form: 'exact', text: 'Alien'}]}));
	t.deepEqual(termOf(String.raw`path:/\d+ [(]x/i`), field('path', {kind: 'is', values: [{form: 'regex', text: String.raw`\d+ [(]x`, flags: 'i'}]}));
	t.deepEqual(termOf('path:/srv/films'), field('path', {kind: 'is', values: [{form: 'text', text: '/srv/films'}]}));
	t.deepEqual(termOf('tmdb:*'), termOf('has:tmdb'));
	t.deepEqual(termOf('Mission: Impossible'), {kind: 'and', terms: [{kind: 'word', text: 'Mission:'}, {kind: 'word', text: 'Impossible'}]});
	t.deepEqual(parseQuery(''), {});
});

test('a space binds closer than OR, and a minus only what follows', t => {
	const spell = (node: QueryNode | undefined): string => {
		if (node?.kind === 'and' || node?.kind === 'or') {
			return `(${node.terms.map(term => spell(term)).join(` ${node.kind} `)})`;
		}

		if (node?.kind === 'not') {
			return `not ${spell(node.term)}`;
		}

		return node?.kind === 'word' ? node.text : 'something else';
	};

	t.is(spell(parseQuery('a b OR -c d').where), '((a and b) or (not c and d))');
	t.is(spell(parseQuery('a (b OR c) NOT (d e)').where), '(a and (b or c) and not (d and e))');
	t.is(spell(parseQuery('a AND b OR (c AND NOT d) e').where), '((a and b) or (c and not d and e))');
	t.is(spell(parseQuery('a (b (c d))').where), '(a and b and c and d)');
});

test('order and limit stand anywhere outside of parentheses, each once', t => {
	const {sort, limit, where} = parseQuery('sort:-size,title alien limit:50');
	t.deepEqual(withoutPlaces(sort), [{name: 'size', isDescending: true}, {name: 'title', isDescending: false}]);
	t.is(limit, 50);
	t.is(where?.kind, 'word');
	t.regex(errorOf('(a sort:title)').message, /outside of parentheses/v);
	t.regex(errorOf('limit:5 limit:6').message, /second time/v);
	t.regex(errorOf('limit:lots').message, /whole number/v);
});

test('an error points at its place', t => {
	const placeOf = (text: string) => {
		const {span, query} = errorOf(text);
		return query.slice(span.start, span.end);
	};

	t.is(placeOf('alien "the'), '"');
	t.is(placeOf('a (b (c d)'), '(');
	t.is(placeOf('a b) c'), ')');
	t.is(placeOf('a OR'), 'OR');
	t.is(placeOf('a AND'), 'AND');
	t.is(placeOf('AND a'), 'AND');
	t.is(placeOf('a AND OR b'), 'AND');
	t.deepEqual(errorOf('year:..').span, {start: 7, end: 8});
	t.deepEqual(errorOf('year:=1990..').span, {start: 12, end: 13});
	t.deepEqual(withoutPlaces(parseQuery('alien - covenant').where), withoutPlaces(parseQuery('alien (- covenant)').where));
});

test('what follows a field without a blank is an error, not another word', t => {
	for (const [query, place] of [['year:1920..1925,1930', ',1930'], ['(year:1930,1920..1925)', '..1925'], ['year:>1950,<1930', ',<1930'], ['size:>1GB..2GB a', '..2GB'], ['title:"a"b', 'b'], ['title:a(b)', '(b'], ['title:*"a"', '"a']] as const) {
		const {span} = errorOf(query);
		t.is(query.slice(span.start, span.end), place, `of ${query}`);
	}

	t.regex(errorOf('year:<1930,>2020').message, /OR joins several/v);
});

test('the carets stand below the place, also in a long query', t => {
	t.deepEqual(pointAt('a (b', {start: 2, end: 3}), ['a (b', '  ^']);
	const long = `${'word '.repeat(200)}(`;
	const [line, carets] = pointAt(long, errorOf(long).span);
	t.true(line.length <= 110);
	t.is(line[carets.indexOf('^')], '(');
	const [cleaned, below] = pointAt('a\n\u{1B}[31m(', {start: 7, end: 8});
	t.is(cleaned.at(-1), '(');
	t.is(below.length, cleaned.length);
});

test('a query that is too long, too deep or has too many conditions is an error, at once', t => {
	t.regex(errorOf('a'.repeat(10_001)).message, /at most 10000 characters/v);
	t.regex(errorOf(`${'('.repeat(5000)}a`).message, /50 deep/v);
	t.regex(errorOf(`${'-'.repeat(5000)}a`).message, /50 deep/v);
	t.regex(errorOf(`${'any('.repeat(2000)}a`).message, /50 deep/v);
	t.regex(errorOf('a '.repeat(5000)).message, /500 conditions/v);
	t.is(parseQuery(`${'('.repeat(50)}a${')'.repeat(50)}`).where?.kind, 'word');
});
