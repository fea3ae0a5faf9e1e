/**
Measures the house: how large its parts are and how they depend on each other. `npm run house` prints the figures and fails when a rule is broken; `--list` names what the figures count.
*/
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import ts from 'typescript';

const limits = {
	// The last two leave room for what is being added; raise them only together with the capability that needs it.
	fileLines: 350, functionLines: 150, files: 900, linesWithoutDemo: 102_000,
};

type Place = {file: string; name: string; lines: number};

type SourceFile = {
	file: string;
	lines: number;
	imports: string[];
	functions: Place[];
	exports: string[];
};

const exportedNames = (statement: ts.Statement): string[] => {
	const isExported = ts.canHaveModifiers(statement)
		&& ts.getModifiers(statement)?.some(modifier => modifier.kind === ts.SyntaxKind.ExportKeyword);
	if (!isExported) {
		return [];
	}

	if (ts.isVariableStatement(statement)) {
		return statement.declarationList.declarations.flatMap(({name}) => ts.isIdentifier(name) ? [name.text] : []);
	}

	const {name} = statement as ts.DeclarationStatement;
	return name ? [name.text] : [];
};

const readSource = (file: string): SourceFile => {
	const text = readFileSync(file, 'utf8');
	const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
	const functions: Place[] = [];
	const visit = (node: ts.Node) => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body) {
			const {name} = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.parent as ts.NamedDeclaration : node;
			functions.push({
				file,
				name: name?.getText() ?? 'a function without a name',
				lines: lineOf(node.end) - lineOf(node.getStart()) + 1,
			});
		}

		ts.forEachChild(node, visit);
	};

	visit(tree);
	const names = new Set(tree.statements.flatMap(statement => exportedNames(statement)));
	return {
		file,
		lines: text.split('\n').length - 1,
		functions,
		// A constant and its type may share a name, as zod schemas and their types do.
		exports: [...names],
		imports: ts.preProcessFile(text).importedFiles
			.filter(({fileName}) => fileName.startsWith('.'))
			.map(({fileName}) => path.join(path.dirname(file), fileName)),
	};
};

const roomOf = (file: string) => path.dirname(path.relative('source', file)).split(path.sep)[0]!;

/**
The groups of files that import each other, by Tarjan's algorithm.
*/
const circlesOf = (files: ReadonlyMap<string, readonly string[]>): string[][] => {
	const order = new Map<string, number>();
	const lowest = new Map<string, number>();
	const stack: string[] = [];
	const circles: string[][] = [];
	const visit = (file: string) => {
		order.set(file, order.size);
		lowest.set(file, order.get(file)!);
		stack.push(file);
		for (const next of files.get(file)!) {
			if (!order.has(next)) {
				visit(next);
				lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
			} else if (stack.includes(next)) {
				lowest.set(file, Math.min(lowest.get(file)!, order.get(next)!));
			}
		}

		if (lowest.get(file) !== order.get(file)) {
			return;
		}

		const circle = stack.splice(stack.indexOf(file));
		if (circle.length > 1) {
			circles.push(circle);
		}
	};

	for (const file of files.keys()) {
		if (!order.has(file)) {
			visit(file);
		}
	}

	return circles;
};

const sources = globSync('source/**/*.{ts,tsx}').toSorted().map(file => readSource(file));
const known = new Map(sources.map(({file}) => [file.replace(/\.tsx?$/v, '.js'), file]));
const imports = new Map(sources.map(source => [source.file, [...new Set(source.imports.flatMap(name => known.get(name) ?? []))]]));

const byLines = sources.toSorted((a, b) => b.lines - a.lines);
const functions = sources.flatMap(source => source.functions).toSorted((a, b) => b.lines - a.lines);
const sum = (counted: readonly SourceFile[]) => counted.reduce((total, {lines}) => total + lines, 0);
const withoutDemo = sum(sources.filter(({file}) => roomOf(file) !== 'demo'));

const arrows = new Set([...imports].flatMap(([file, targets]) => targets
	.map(target => `${roomOf(file)} → ${roomOf(target)}`)
	.filter(arrow => arrow.split(' → ', 1)[0] !== arrow.split(' → ', 2)[1])));

const homes = new Map<string, string[]>();
for (const source of sources) {
	for (const name of source.exports) {
		homes.set(name, [...homes.get(name) ?? [], source.file]);
	}
}

const circles = circlesOf(imports);
const faults = [
	...circles.map(circle => `These files import each other: ${circle.join(', ')}.`),
	...byLines.filter(({lines}) => lines > limits.fileLines).map(({file, lines}) => `${file} has ${lines} lines; ${limits.fileLines} are allowed.`),
	...functions.filter(({lines}) => lines > limits.functionLines).map(({file, name, lines}) => `${name} in ${file} has ${lines} lines; ${limits.functionLines} are allowed.`),
	...[...homes].filter(([, files]) => files.length > 1).map(([name, files]) => `The name ${name} is exported by ${files.join(' and ')}.`),
	...sources.filter(({file}) => roomOf(file) === '.' && file !== path.join('source', 'cli.ts')).map(({file}) => `${file} lies outside of a room.`),
	...sources.length > limits.files ? [`There are ${sources.length} files; ${limits.files} are allowed.`] : [],
	...withoutDemo > limits.linesWithoutDemo ? [`There are ${withoutDemo} lines without the demo server; ${limits.linesWithoutDemo} are allowed.`] : [],
];

const figures = [
	['files', sources.length],
	['lines', sum(sources)],
	['lines without the demo server', withoutDemo],
	['median lines of a file', byLines[Math.floor(byLines.length / 2)]!.lines],
	['longest file', `${byLines[0]!.lines} (${byLines[0]!.file})`],
	['longest function', `${functions[0]!.lines} (${functions[0]!.name} in ${functions[0]!.file})`],
	['rooms', new Set(sources.map(({file}) => roomOf(file))).size],
	['folders', new Set(sources.map(({file}) => path.dirname(file))).size],
	['arrows between rooms', arrows.size],
	['circles', circles.length],
] as const;

for (const [name, value] of figures) {
	console.log(`${name.padEnd(32)}${value}`);
}

if (process.argv.includes('--list')) {
	console.log(`\n${[...arrows].toSorted().join('\n')}`);
}

if (faults.length > 0) {
	console.error(`\n${faults.join('\n')}`);
	process.exitCode = 1;
}
