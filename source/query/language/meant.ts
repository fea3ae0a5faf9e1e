import {fold} from '../fold.js';
import {findAskedField} from './asked-fields.js';
import {languageCodes} from './languages.js';
import {parseQuery} from './parser.js';
import {printQuery} from './print.js';
import {isQueryError, orSuggestion} from './query-error.js';
import type {FieldTerm, Query, QueryNode} from './syntax.js';

const nowhere = {start: 0, end: 0};

// What people type as a word, though only a field knows it.
const fieldsOfWords: ReadonlyArray<readonly [word: RegExp, query: (word: string) => string]> = [
	[/^(?:sd|hd|uhd|fhd|fullhd|[248]k|\d{3,4}[ip])$/v, word => `res:${word}`],
	[/^(?:hdr|dv)$/v, word => word === 'hdr' ? 'has:hdr' : `hdr:${word}`],
	[/^(?:hdr10\+?|hlg)$/v, word => `hdr:${word}`],
	[/^(?:hevc|[hx]\.?26[45]|avc|av1|vc1|mpeg2video)$/v, word => `codec:${word.replace('.', '')}`],
	[/^(?:atmos|truehd|dts|dts-hd|dts:x|flac|aac|opus|\d\.\d)$/v, word => `sound:"${word}"`],
	[/^(?:mkv|mp4|avi|m4v)$/v, word => `container:${word}`],
	[/^(?:un)?(?:watched|seen)$/v, word => `watched:${word.startsWith('un') ? 'no' : 'yes'}`],
	[/^trash(?:ed)?$/v, () => 'trash:yes'],
	[/^[1-9]\d{2}0s$/v, word => `year:${word}`],
	[/^(?:movie|film|show|episode|season)s?$/v, word => `type:${word}`],
];

const nodeOf = (query: string): QueryNode => parseQuery(query).where!;

const negated = (term: QueryNode): QueryNode => ({kind: 'not', term, span: nowhere});

const comparing = /^(?<name>[A-Za-z]+)(?<sign>!=|==?|>=|<=|[<>~])(?<value>[^<=>~].*)$/v;

// A sign of another language between a field and its value.
const comparison = (text: string): QueryNode | undefined => {
	const {name = '', sign = '', value = ''} = comparing.exec(text)?.groups ?? {};
	if (findAskedField(name) === undefined) {
		return undefined;
	}

	const isOrder = sign.startsWith('<') || sign.startsWith('>');
	const term = nodeOf(`${name}:${isOrder ? sign : ''}${value}`);
	return sign === '!=' ? negated(term) : term;
};

const wordNode = (node: Extract<QueryNode, {text: string}>): QueryNode => {
	const {text} = node;
	if (/^![\p{Letter}\p{Number}@]/v.test(text)) {
		return negated(wordNode({...node, text: text.slice(1)}));
	}

	const word = fold(text);
	const known = fieldsOfWords.find(([pattern]) => pattern.test(word))?.[1](word);
	return known === undefined
		? comparison(text) ?? (languageCodes().has(word) ? nodeOf(`audio:${word}`) : node)
		: nodeOf(known);
};

const special = /[$\(\)*+.\/?\[\\\]^\{\|\}]/gv;

const fieldNode = (node: FieldTerm): QueryNode => {
	const {name, test} = node;
	const [value, ...more] = test.kind === 'is' ? test.values : [];
	if (value?.form !== 'text' || more.length > 0) {
		return node;
	}

	if (/^[!\-]\p{Letter}/v.test(value.text)) {
		return negated({...node, test: {kind: 'is', values: [{...value, text: value.text.slice(1)}]}});
	}

	return /^\w[^*]*\*$/v.test(value.text) ? nodeOf(String.raw`${name}:/\b${value.text.slice(0, -1).replaceAll(special, String.raw`\$&`)}/i`) : node;
};

const isWord = (node: QueryNode | undefined, pattern: RegExp) => node?.kind === 'word' && pattern.test(node.text);

// Words between conditions that other languages have for AND, OR and NOT.
const joinedNode = (terms: readonly QueryNode[]): QueryNode => {
	const at = terms.findIndex((node, index) => index > 0 && index < terms.length - 1 && isWord(node, /^(?:or|\|{1,2})$/v));
	if (at !== -1) {
		return {kind: 'or', terms: [joinedNode(terms.slice(0, at)), joinedNode(terms.slice(at + 1))], span: nowhere};
	}

	const isNegation = (node: QueryNode | undefined) => isWord(node, /^(?:not|!)$/v);
	const nodes = terms.map(node => meantNode(node));
	// Between words of a title, it is one of them.
	const isAnd = (node: QueryNode) => nodes.some(({kind}) => kind !== 'word' && kind !== 'phrase') && isWord(node, /^(?:and|&{1,2}|\+)$/v);
	const meant = nodes.flatMap((node, index) => {
		const isSign = isAnd(node) || (isNegation(node) && index < nodes.length - 1);
		return isSign ? [] : [isNegation(nodes[index - 1]) ? negated(node) : node];
	});
	return meant.length === 1 ? meant[0]! : {kind: 'and', terms: meant, span: nowhere};
};

const meantNode = (node: QueryNode): QueryNode => {
	switch (node.kind) {
		case 'word': {
			return wordNode(node);
		}

		case 'field': {
			return fieldNode(node);
		}

		case 'and': {
			return joinedNode(node.terms);
		}

		case 'or': {
			return {...node, terms: node.terms.map(term => meantNode(term))};
		}

		case 'not':
		case 'below': {
			return {...node, term: meantNode(node.term)};
		}

		case 'phrase':
		case 'saved': {
			return node;
		}
	}
};

/**
What was probably meant by a query that finds nothing, as a query: `4k` is text, and `res:4k` asks for the resolution. Undefined if nothing comes to mind.
*/
export const meantQuery = (text: string): string | undefined => {
	const spoken = text.replaceAll(/\bdolby vision\b/giv, 'dv');
	try {
		const query: Query = parseQuery(spoken);
		const meant = query.where === undefined ? query : {...query, where: meantNode(query.where)};
		const printed = printQuery(meant);
		return spoken === text && printed === printQuery(query) ? undefined : printed;
	} catch (error) {
		if (isQueryError(error)) {
			return undefined;
		}

		throw error;
	}
};

/**
The end of the sentence that nothing matches a query.
*/
export const orMeant = (text: string): string => orSuggestion(meantQuery(text));
