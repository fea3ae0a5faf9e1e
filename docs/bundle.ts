/**
Makes `dist`: the program in chunks, its entry for every Node.js, and the page of the html export.

esbuild makes a chunk of what the same commands load. As nearly each module is loaded by commands of its own, `reelcat ls` would read more than a hundred files. So what is loaded together anyway is put together here.
*/
import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {
	build,
	type BuildOptions,
	type Metafile,
	type Plugin,
} from 'esbuild';

/**
Each group is what its roots import, without what an earlier group has.
*/
type Group = {
	roots: readonly string[];
	/**
	Others load a few of these files, too. What they need stays out of the group, unless they need most of it.
	*/
	isOfSome?: true;
};

const everyGroup: readonly Group[] = [
	// Every command.
	{roots: ['source/commands/run.ts']},
	// Every command, but not what tells the version.
	{roots: ['source/commands/registry.ts', 'source/commands/parse.ts']},
	// Every command that does more than to explain reelcat. Nearly all of them need most of what lists a catalogue.
	{roots: ['source/app/session.ts', 'source/commands/report-command.ts', 'source/reports/items/items-report.ts']},
	// What asks a server.
	{roots: ['source/plex/client.ts', 'source/plex/identify.ts'], isOfSome: true},
	// The app.
	{roots: ['source/commands/app.ts', 'source/commands/watch.ts', 'source/app/app-services.ts', 'source/ui/run-app.tsx'], isOfSome: true},
];

const program: BuildOptions = {
	entryPoints: ['source/commands/run.ts'],
	outbase: 'source',
	outdir: 'dist',
	bundle: true,
	splitting: true,
	minifySyntax: true,
	platform: 'node',
	format: 'esm',
	target: 'node22',
	supported: {'regexp-set-notation': true, 'regexp-unicode-property-escapes': true},
	alias: {'env-paths': './source/base/env-paths.ts', atomically: './source/base/atomically.ts'},
	external: ['react-devtools-core', 'node-notifier', 'sharp', 'pg-native'],
	// Yoga, which lays out for Ink, would load `fetch` to read its own WebAssembly from a text that it holds.
	define: {
		fetch: 'undefined', UPNG: 'globalThis.UPNG', 'Intl.Segmenter': 'LateSegmenter', 'process.env.NODE_ENV': '"production"',
	},
	inject: ['source/base/text/late-segmenter.ts'],
	banner: {js: 'import {createRequire as createRequireForBundle} from "node:module"; const require = createRequireForBundle(import.meta.url);'},
	metafile: true,
	logLevel: 'warning',
	// A file of a group that exports nothing need not be there.
	logOverride: {'ignored-bare-import': 'silent'},
};

/**
The group of each file that has one.
*/
const groupsOf = ({inputs}: Metafile): Map<string, number> => {
	const groups = new Map<string, number>();
	const late = new Set(Object.values(inputs).flatMap(({imports}) => imports).filter(({kind, external}) => kind === 'dynamic-import' && external !== true).map(({path: file}) => file));
	for (const [number, {roots, isOfSome}] of everyGroup.entries()) {
		const files = reached(roots, {inputs, groups});
		const most = files.size / 2;
		for (const entry of isOfSome ? late : []) {
			const isRoot = roots.includes(entry);
			const needed = isRoot ? [] : reached([entry], {inputs, groups}).values().filter(file => files.has(file)).toArray();
			for (const file of needed.length < most ? needed : []) {
				files.delete(file);
			}
		}

		for (const file of files) {
			groups.set(file, number);
		}
	}

	return groups;
};

/**
These files and all that they import, without those that have a group.
*/
const reached = (roots: readonly string[], {inputs, groups}: Pick<Metafile, 'inputs'> & {groups: ReadonlyMap<string, number>}): Set<string> => {
	const files = new Set<string>();
	const open = [...roots];
	for (let file = open.pop(); file !== undefined; file = open.pop()) {
		const input = inputs[file];
		if (input === undefined) {
			throw new Error(`${file} is not in the program.`);
		}

		if (files.has(file) || groups.has(file)) {
			continue;
		}

		files.add(file);
		open.push(...staticImports(input));
	}

	return files;
};

// What is injected belongs to no group: esbuild imports it into every file.
const isInjected = (file: string) => program.inject!.includes(file);

const staticImports = ({imports}: Metafile['inputs'][string]): string[] => imports
	.filter(({kind, external, path: file}) => kind !== 'dynamic-import' && external !== true && !isInjected(file))
	.map(({path: file}) => file);

/**
What stands for these packages, also where other packages import them: the first file for all but the second, which stands for it where the first imports it.
*/
const standIns: Readonly<Record<string, readonly string[]>> = {
	'string-width': ['source/base/text/kept-width.ts', 'source/base/text/late-width.cjs'],
	'@alcalzone/ansi-tokenize': ['source/ui/output/kept-tokens.ts'],
	'stack-utils': ['source/ui/output/late-stack-utils.cjs'],
};

const standIn: Plugin = {
	name: 'stand-in',
	setup({onResolve, onLoad}) {
		onResolve({filter: filters.stoodFor}, ({path: name, importer}) => {
			const files = standIns[name]!;
			const file = files[files.indexOf(nameOf(importer)) + 1];
			return file === undefined ? undefined : {path: path.resolve(file)};
		});
		onLoad({filter: filters.cleaner}, async ({path: file}) => {
			const code = await readFile(file, 'utf8');
			const parts = code.split('export default sanitizeAnsi;');
			if (parts.length !== 2) {
				throw new Error(`${file} does not export what it did.`);
			}

			return {contents: parts.join(`import {keptByText} from ${JSON.stringify(path.resolve('source/ui/output/kept-tokens.ts'))}; export default keptByText(sanitizeAnsi);`)};
		});
	},
};

// What the metafile puts before their names.
const inBuiltin = 'builtin:';

// To read an export may load a lot, even to look at its descriptor. So each is read by itself, and esbuild leaves out those that nobody uses. `node:crypto` is loaded when it is first used, because it takes long.
const stubOf = (builtin: string): string => {
	const take = `process.getBuiltinModule('${builtin}')`;
	const names = Object.keys(process.getBuiltinModule(builtin) as Record<string, unknown>).filter(name => name !== 'default' && /^[a-z]\w*$/iv.test(name));
	return (builtin === 'node:crypto'
		? [
			`const it = () => ${take};`,
			'export default new Proxy({}, {get: (_, name) => it()[name]});',
			...names.filter(name => name !== 'constants').map(name => `export function ${name}(...given) { return new.target ? new (it().${name})(...given) : it().${name}(...given); }`),
		]
		: [
			`const it = ${take};`,
			'const $read = name => it[name];',
			'export default it;',
			...names.map(name => `export const ${name} = /* @__PURE__ */ $read('${name}');`),
		]).join('\n');
};

/**
An `import` of a module of Node.js reads every export, and some of these load a lot, such as `WebSocket` of `http` with all of `fetch`, `File` of `buffer` and `TextDecoder` of `util`. So the program takes what it needs without an `import`.
*/
const plainBuiltins: Plugin = {
	name: 'plain-builtins',
	setup({onResolve, onLoad}) {
		onResolve({filter: filters.builtin}, ({path: name, kind}) => kind === 'import-statement' ? {path: name, namespace: 'builtin'} : undefined);
		onLoad({filter: filters.any, namespace: 'builtin'}, ({path: name}) => ({contents: stubOf(name)}));
	},
};

/* eslint-disable require-unicode-regexp -- esbuild gives them to Go, which does not know the flag. */
const filters = {
	group: /^group:/, any: /^/, relative: /^\./, code: /\.[jt]sx?$/, builtin: /^node:/, stoodFor: /^(?:string-width|stack-utils|@alcalzone\/ansi-tokenize)$/, cleaner: /[/\\]ink[/\\]build[/\\]sanitize-ansi\.js$/,
};
/* eslint-enable require-unicode-regexp */

// As the metafile names it.
const nameOf = (file: string) => path.relative('', file).replaceAll(path.sep, '/');

const wholeGroup = (group: number) => `import "group:${group}";`;

/**
Whoever imports a file of a group imports the whole group. So all files of a group are loaded by the same commands, and esbuild makes one chunk of them.
*/
const keepTogether = ({inputs}: Metafile): Plugin => {
	const groups = groupsOf({inputs, outputs: {}});
	const resolveDir = path.resolve();
	return {
		name: 'keep-together',
		setup({onResolve, onLoad, resolve}) {
			onResolve({filter: filters.group}, ({path: name}) => ({path: name.replace('group:', ''), namespace: 'group'}));
			onLoad({filter: filters.any, namespace: 'group'}, ({path: group}) => ({
				contents: [...groups].filter(([, of]) => of === Number(group)).map(([file]) => `import "${file.startsWith(inBuiltin) ? file.slice(inBuiltin.length) : `./${file}`}";`).join('\n'),
				resolveDir,
			}));

			// A file that is imported when it is needed brings its group as well.
			onResolve({filter: filters.relative}, async ({path: name, kind, importer, resolveDir: from, pluginData: isAsked}) => {
				if (kind !== 'dynamic-import' || isAsked === true) {
					return undefined;
				}

				const resolved = await resolve(name, {
					kind, importer, resolveDir: from, pluginData: true,
				});
				const file = nameOf(resolved.path);
				return groups.has(file) ? {path: file, namespace: 'late'} : resolved;
			});
			onLoad({filter: filters.any, namespace: 'late'}, ({path: file}) => ({contents: `${wholeGroup(groups.get(file)!)} export * from "./${file}";`, resolveDir}));

			onLoad({filter: filters.code, namespace: 'file'}, async ({path: name}) => {
				const file = nameOf(name);
				const input = inputs[file];
				const wanted = new Set((input?.format === 'esm' ? staticImports(input) : []).map(imported => groups.get(imported)).filter(group => group !== undefined && group !== groups.get(file)));
				if (wanted.size === 0) {
					return undefined;
				}

				const code = await readFile(name, 'utf8');
				return {contents: [code, ...[...wanted].map(group => wholeGroup(group!))].join('\n'), loader: path.extname(name).slice(1) as 'js' | 'ts' | 'tsx'};
			});
		},
	};
};

// An escape has four digits for half a pair as well, which every regular expression reads.
const escaped = (character: string) => Array.from({length: character.length}, (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''); // eslint-disable-line unicorn/prefer-code-point -- halves of pairs are wanted

/**
esbuild writes the characters of texts in ASCII, and leaves those of regular expressions and comments. One of them, such as an ellipsis, makes V8 keep the whole file with two bytes for each character, and compile it more slowly.
*/
const writeInAscii = async (file: string) => {
	const code = await readFile(file, 'utf8');
	if (/raw`[^`]*[\u{80}-\u{10FFFF}]/v.test(code)) {
		throw new Error(`${file} has a raw text with other characters than those of ASCII, which an escape would change.`);
	}

	await writeFile(file, code.replaceAll(/[^\0-\u{7F}]/gv, character => escaped(character)));
};

await rm('dist', {recursive: true, force: true});
const {metafile: parts} = await build({
	...program, write: false, metafile: true, plugins: [plainBuiltins, standIn],
});
const {metafile} = await build({...program, metafile: true, plugins: [plainBuiltins, standIn, keepTogether(parts)]});
await writeFile('dist/metafile.json', JSON.stringify(metafile));
// A thread of its own loads nothing but what it needs.
const thread = 'dist/export-thread.js';
const {outbase: _, outdir: __, ...single} = program;
await build({
	...single, entryPoints: ['source/export/export-thread.ts'], outfile: thread, splitting: false, plugins: [plainBuiltins, standIn],
});
await Promise.all([...Object.keys(metafile.outputs), thread].map(async file => writeInAscii(file)));
await build({
	entryPoints: ['source/cli.ts'], platform: 'node', format: 'esm', target: 'node14', outfile: 'dist/cli.js', logLevel: 'warning',
});
await build({
	entryPoints: ['source/export/page/browser/main.ts', 'source/export/page/browser/page.css'],
	outdir: 'dist/page',
	bundle: true,
	minify: true,
	charset: 'utf8',
	format: 'iife',
	target: ['chrome112', 'firefox116', 'safari17'],
	logLevel: 'warning',
});
