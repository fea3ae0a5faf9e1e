import {
	isBareValue,
	isBareWord,
	type FieldTerm,
	type Query,
	type QueryNode,
	type QueryValue,
} from './syntax.js';

/**
A query as people write it. Parsed again, it gives the same query.
*/
export const printQuery = ({where, sort, limit}: Query): string => [
	...where === undefined ? [] : [printNode(where)],
	...sort === undefined ? [] : [`sort:${sort.map(({name, isDescending}) => `${isDescending ? '-' : ''}${name}`).join(',')}`],
	...limit === undefined ? [] : [`limit:${limit}`],
].join(' ');

const printNode = (node: QueryNode): string => {
	switch (node.kind) {
		case 'and': {
			return node.terms.map(term => term.kind === 'or' ? `(${printNode(term)})` : printNode(term)).join(' ');
		}

		case 'or': {
			return node.terms.map(term => printNode(term)).join(' OR ');
		}

		case 'not': {
			const {term} = node;
			return term.kind === 'and' || term.kind === 'or' ? `-(${printNode(term)})` : `-${printNode(term)}`;
		}

		case 'below': {
			return `${node.quantifier}(${printNode(node.term)})`;
		}

		case 'word': {
			return isBareWord(node.text) ? node.text : quoted(node.text);
		}

		case 'phrase': {
			return quoted(node.text);
		}

		case 'saved': {
			return `@${node.text}`;
		}

		case 'field': {
			return printField(node);
		}
	}
};

const printField = ({name, test}: FieldTerm): string => {
	switch (test.kind) {
		case 'is': {
			return `${name}:${test.values.map(value => printValue(value)).join(',')}`;
		}

		case 'compare': {
			return `${name}:${test.comparison}${printValue(test.value)}`;
		}

		case 'range': {
			return `${name}:${printValue(test.from)}..${printValue(test.to)}`;
		}

		case 'has':
		case 'missing': {
			return `${test.kind}:${name}`;
		}
	}
};

const printValue = (value: QueryValue): string => {
	switch (value.form) {
		case 'text': {
			return isBareValue(value.text) ? value.text : quoted(value.text);
		}

		case 'exact': {
			return `=${quoted(value.text)}`;
		}

		case 'regex': {
			return `/${value.text}/${value.flags}`;
		}
	}
};

const quoted = (text: string) => `"${text.replaceAll(/["\\]/gv, String.raw`\$&`)}"`;
