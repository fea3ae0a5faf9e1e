#!/usr/bin/env bash
# A backslash that GitHub takes away stays in sight elsewhere: `Lilo \& Stitch` in MkDocs, Jekyll and Parsedown, and `\|` ends a cell.
#
# Seen with markdown-it 14.3.3, marked 16.4.2, showdown 2.1.0 and remarkable 2.0.1 on Node.js 24, and with Python-Markdown
# 3.4.1 (MkDocs), kramdown 2.4.0 (Jekyll) and Parsedown 1.7.4 of Debian 12 (2026-11-30).
#
# Expected: CommonMark takes a backslash away before every sign of ASCII, and a table of GitHub has `\|` for a bar within a
# cell, so a text with backslashes is shown as it is wherever tables are read.
#
# Seen: markdown-it and marked do so. Each of the others has a list of its own, on which & < $ or ~ are missing, and shows
# the backslash before these; remarkable ends the cell at `\|`. Entities, by name or number, all of these programs read, also within cells. An
# ampersand with a blank behind it needs nothing anywhere.
#
# Consequence: a table for people who use different programs should have backslashes only before \ ` * _ [ ] and entities
# for all else.
set -euo pipefail
versions=$(for package in python3-markdown ruby-kramdown php-parsedown; do dpkg-query -W -f '${Package} ${Version} ' "$package" 2>/dev/null || true; done)
case $versions in
	'python3-markdown 3.4.1-'*'ruby-kramdown 2.4.0-'*'php-parsedown 1.7.4-'*) echo "$versions" ;;
	*) echo "This was seen with python3-markdown 3.4.1, ruby-kramdown 2.4.0 and php-parsedown 1.7.4 of Debian 12, and here are: ${versions:-none of them}." >&2; exit 2 ;;
esac
command -v php >/dev/null || { echo 'This needs php (Debian: php-cli).' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts markdown-it@14.3.3 marked@16.4.2 showdown@2.1.0 remarkable@2.0.1
cat >look.mjs <<'JS'
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import MarkdownIt from 'markdown-it';
import {marked} from 'marked';
import {Remarkable} from 'remarkable';
import showdown from 'showdown';

const run = (program, ...parameters) => text => {
	writeFileSync('table.md', text);
	return execFileSync(program, parameters, {encoding: 'utf8'});
};

const readers = {
	'markdown-it': text => new MarkdownIt().render(text),
	marked: text => marked.parse(text),
	showdown: text => new showdown.Converter({tables: true}).makeHtml(text),
	remarkable: text => new Remarkable().render(text),
	'Python-Markdown': run('/usr/bin/python3', '-m', 'markdown', '-x', 'tables', 'table.md'),
	kramdown: run('ruby', '-r', 'kramdown', '-e', 'puts Kramdown::Document.new(File.read("table.md"), input: "GFM").to_html'),
	Parsedown: run('php', '-r', 'require "/usr/share/php/Parsedown/Parsedown.php"; echo (new Parsedown())->text(file_get_contents("table.md"));'),
};
const names = {'&amp;': '&', '&lt;': '<', '&#38;': '&', '&#60;': '<', '&#124;': '|', '&#36;': '$', '&#126;': '~'};
// What a browser shows of the first cell of the last row.
const shown = html => [...html.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].at(-2)[1].trim().replaceAll(/&#?\w+;/g, entity => names[entity] ?? entity);
const signs = {'&': '&amp;', '<': '&lt;', '|': '&#124;', $: '&#36;', '~': '&#126;', '*': undefined, _: undefined, '`': undefined, '[': undefined, '\\': undefined};
const ways = {backslash: sign => `\\${sign}`, entity: sign => signs[sign]};
for (const [reader, read] of Object.entries(readers)) {
	const told = Object.entries(ways).map(([way, write]) => {
		const wrong = Object.keys(signs).filter(sign => write(sign) !== undefined && shown(read(`| title | year |\n| --- | --- |\n| Salt ${write(sign)} 3 | 2001 |\n`)) !== `Salt ${sign} 3`);
		return `${way} ${wrong.length === 0 ? 'is right for all' : `is wrong for ${wrong.join(' ')}`}`;
	});
	const alone = shown(read('| title | year |\n| --- | --- |\n| Salt & 3 | 2001 |\n')) === 'Salt & 3';
	console.log(`${reader}: ${told.join(', ')}; & alone is ${alone ? 'right' : 'wrong'}`);
}
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
markdown-it: backslash is right for all, entity is right for all; & alone is right
marked: backslash is right for all, entity is right for all; & alone is right
showdown: backslash is wrong for & < $, entity is right for all; & alone is right
remarkable: backslash is wrong for |, entity is right for all; & alone is right
Python-Markdown: backslash is wrong for & < $ ~, entity is right for all; & alone is right
kramdown: backslash is wrong for &, entity is right for all; & alone is right
Parsedown: backslash is wrong for & < $ ~, entity is right for all; & alone is right
SEEN
