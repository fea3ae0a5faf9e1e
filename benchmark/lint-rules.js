/**
Rules of our own for lint. They need the types of TypeScript, which xo has.
*/
import ts from 'typescript';

const textFlags = ts.TypeFlags.Any | ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral; // eslint-disable-line no-bitwise

const constituents = type => type.isUnion() ? type.types : [type];

// Any text at all, unlike a choice of known names.
const isAnyText = (type, checker) => constituents(type).some(part => {
	const {flags} = part.isTypeParameter() ? checker.getBaseConstraintOfType(part) ?? part : part;
	return (flags & textFlags) !== 0; // eslint-disable-line no-bitwise
});

// Node.js makes these, and only their own names are asked for.
const ofNode = new Set(['ProcessEnv', 'IncomingHttpHeaders']);

/*
An object that is used as a dictionary: it has a value of some type for every name. What a server names may be `constructor` or `__proto__`, which every plain object has already. A `Map` has only what was put into it.

Objects of unknown values are left alone: those are records from outside, whose fields we ask for by our own names.
*/
const isDictionary = (type, checker) => constituents(checker.getNonNullableType(type)).some(part => {
	const value = part.getStringIndexType();
	const isUnknown = value !== undefined && checker.typeToString(value) === 'unknown';
	return value !== undefined && !isUnknown && !ofNode.has((part.aliasSymbol ?? part.symbol)?.name);
});

const noOpenKeys = {
	meta: {
		type: 'problem',
		schema: [],
		messages: {
			dictionary: 'Use a Map: a plain object has names such as "constructor" and "__proto__" already, and a server may use them.',
			within: 'Use a Map or Object.hasOwn: "in" also finds what every plain object has.',
		},
	},
	create({sourceCode, report}) {
		const {program, esTreeNodeToTSNodeMap: nodes} = sourceCode.parserServices;
		const checker = program.getTypeChecker();
		const typeOf = node => checker.getTypeAtLocation(nodes.get(node));
		return {
			MemberExpression(node) {
				if (node.computed && isAnyText(typeOf(node.property), checker) && isDictionary(typeOf(node.object), checker)) {
					report({node, messageId: 'dictionary'});
				}
			},
			BinaryExpression(node) {
				if (node.operator === 'in' && isAnyText(typeOf(node.left), checker)) {
					report({node, messageId: 'within'});
				}
			},
		};
	},
};

export const reelcatRules = {rules: {'no-open-keys': noOpenKeys}};
