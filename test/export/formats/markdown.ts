import test from 'ava';
import fc from 'fast-check';
import {clean} from '../../../source/base/text/clean.js';
import {markdownText} from '../../../source/export/formats/markdown.js';
import {
	exported,
	hostileStore,
	hostileTitles,
	mixedStore,
	obeyed,
} from '../_exports.js';

/**
The cells of a line as GitHub reads them: a bar parts cells unless a backslash stands in front of it.
*/
const cellsOf = (line: string) => line.slice(2, -2).split(/(?<!(?<!\\)(?:\\\\)*\\) \| /v);

const unescaped = (cell: string) => cell.replaceAll(/\\(?<sign>[\p{Punctuation}\p{Symbol}])/gv, '$<sign>');

test('a table has a heading, a rule and a line for each row; numbers are on the right', async t => {
	t.is(await exported(await mixedStore(), '--format', 'markdown', '--columns', 'title,year,genre', 'type:movie'), [
		'| title | year | genre |',
		'| --- | ---: | --- |',
		'| Älg | 2001 |  |',
		'| Nosferatu | 1922 | Horror |',
		'| Twin |  |  |',
		'',
	].join('\n'));
});

test('hostile titles stay in their cells and mean nothing', async t => {
	const text = await exported(await hostileStore(), '--format', 'markdown', '--columns', 'title,year');
	const rows = text.trimEnd().split('\n').slice(2).map(line => cellsOf(line));
	t.deepEqual(rows.map(([, year]) => Number(year)), hostileTitles.map((_, index) => 1920 + index));
	t.deepEqual(rows.map(([title]) => unescaped(title!).replaceAll('<br>', ' ')), hostileTitles.map(title => clean(title).replaceAll('\n', ' ').trim()));
	t.notRegex(text, obeyed);
	t.regex(text, /^\| Two<br>lines<br>and more \|/mv);
	t.true(text.includes(String.raw`\<b\>\&amp;\</b\> \`code\` \*star\* \_under\_ \[link\](x) \~\~gone\~\~ \$x\$`));
});

test('any text is one line, and is what it was when its backslashes are taken away', t => {
	fc.assert(fc.property(fc.string({unit: 'binary'}), text => {
		const cell = markdownText(text);
		t.notRegex(cell, /\n|(?<!\\)(?:\\\\)*\|/v);
		t.is(cellsOf(`| ${cell} | x |`).length, 2);
	}));
});
