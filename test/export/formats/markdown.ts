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
The cells of a line as all programs read them: some part cells at a bar even if a backslash stands in front of it.
*/
const cellsOf = (line: string) => line.slice(2, -2).split(' | ');

const entities = new Map([['amp', '&'], ['lt', '<'], ['#124', '|'], ['#36', '$'], ['#126', '~']]);

/**
What is shown, where a backslash is taken away only before those signs from which every program takes it away.
*/
const unescaped = (cell: string) => cell.replaceAll(/\\(?<sign>[*\[\\\]_`])|&(?<name>[\w#]+);/gv, (_, sign?: string, name?: string) => sign ?? entities.get(name!) ?? '');

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
	t.true(text.includes(String.raw`&lt;b>&amp;amp;&lt;/b> \`code\` \*star\* \_under\_ \[link\](x) &#126;&#126;gone&#126;&#126; &#36;x&#36;`));
});

test('any text is one line without bars, and is shown as what it was', t => {
	fc.assert(fc.property(fc.string({unit: fc.constantFrom(...'ab &|#;\\*_`[]<>$~')}), text => {
		const cell = markdownText(text);
		t.notRegex(cell, /[\n$<\|~]/v);
		t.is(unescaped(cell), text.trim());
	}));
	fc.assert(fc.property(fc.string({unit: 'binary'}), text => {
		t.notRegex(markdownText(text).replaceAll('<br>', ''), /[\n$<\|~]/v);
	}));
});

test('an ampersand is itself where it begins nothing', t => {
	t.is(markdownText('Lilo & Stitch'), 'Lilo & Stitch');
	t.is(markdownText('R&D'), 'R&amp;D');
});
