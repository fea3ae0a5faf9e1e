import test from 'ava';
import fc from 'fast-check';
import {findAskedField} from '../../../source/query/language/asked-fields.js';
import {meantQuery} from '../../../source/query/language/meant.js';
import {parseQuery} from '../../../source/query/language/parser.js';
import {printQuery} from '../../../source/query/language/print.js';
import type {QueryNode} from '../../../source/query/language/syntax.js';
import {queries} from './_queries.js';

const meanings: ReadonlyArray<readonly [typed: string, meant: string | undefined]> = [
	['4k', 'res:4k'],
	['type:movie 4K unwatched', 'type:movie res:4k watched:no'],
	['HDR', 'has:hdr'],
	['dolby vision', 'hdr:dv'],
	['x265 1980s', 'codec:x265 year:1980s'],
	['7.1 films', 'sound:7.1 type:films'],
	['drama german', 'drama audio:german'],
	['1080p or 4k', 'res:1080p OR res:4k'],
	['genre:drama || genre:horror', 'genre:drama OR genre:horror'],
	['watched && 4k', 'watched:yes res:4k'],
	['not watched', '-watched:yes'],
	['!nosferatu', '-nosferatu'],
	['any(4k)', 'any(res:4k)'],
	['year>1990 size>=20GB', 'year:>1990 size:>=20GB'],
	['title=nosferatu genre!=drama', 'title:nosferatu -genre:drama'],
	['genre:-drama', '-genre:drama'],
	['title:The* sort:-year', String.raw`title:/\bThe/i sort:-year`],
	['this and that', undefined],
	['a=b', undefined],
	['!!!', undefined],
	['nothing here', undefined],
	['"4k"', undefined],
	['or', undefined],
	['year:(', undefined],
	['', undefined],
];

test('what other programs and lists call something is put as this language has it', t => {
	for (const [typed, meant] of meanings) {
		t.is(meantQuery(typed), meant, typed);
	}
});

const fieldsIn = (node: QueryNode): string[] => {
	if (node.kind === 'and' || node.kind === 'or') {
		return node.terms.flatMap(term => fieldsIn(term));
	}

	if (node.kind === 'not' || node.kind === 'below') {
		return fieldsIn(node.term);
	}

	return node.kind === 'field' ? [node.name] : [];
};

const fieldsOf = (text: string) => {
	const {where} = parseQuery(text);
	return where === undefined ? [] : fieldsIn(where);
};

test('law: what is meant is another query, of fields that exist, which means itself', t => {
	const words = fc.array(fc.constantFrom('4k', 'hdr', 'not', '!', 'or', 'and', 'OR', 'NOT', '-', '(', ')', 'year>5', 'x', 'dts:x', 'genre:-a', 'title:a.b*', '"y"', 'german', '!5.1'), {maxLength: 8}).map(parts => parts.join(' '));
	fc.assert(fc.property(fc.oneof(words, queries.map(query => printQuery(query))), text => {
		const meant = meantQuery(text);
		fc.pre(meant !== undefined);
		t.not(meant, text);
		const known = new Set(fieldsOf(text));
		t.true(fieldsOf(meant).every(name => known.has(name) || findAskedField(name) !== undefined), meant);
		t.is(printQuery(parseQuery(meant)), meant);
	}), {numRuns: 1000});
});
