#!/usr/bin/env bash
# Out of what chalk paints, ansi-to-html makes white text after the first colour, and ansifilter grey text after bold and black on black after inverse.
#
# Seen with chalk 6.0.1, ansi-to-html 0.7.2, ansi-html-community 0.0.8, ansi_up 6.0.6 and anser 2.3.5 on Node.js 24, and ansifilter 2.18
# and aha 0.5.1 (Debian 12, packages ansifilter and aha) (2026-12-01).
#
# Expected: chalk ends each style by a code of its own, 22 for bold and dim, 27 for inverse, 39 for a colour, as terminals have had them
# for decades. What makes HTML of the output of a program, for the page of a job or for documentation, goes back to the style before.
#
# Seen: for ansi-to-html, 39 is a default of its own, #FFF, while text without any code has the colour of the page: on a white page all
# that follows the first colour is gone. For ansifilter, bold is grey, also within red, inverse is black on black, and neither 22 nor
# 27 ends that: the rest of the line stays grey or black until the next colour. ansi-html-community prints a colour of the 256 as
# text, with an end of a span that never began. aha and anser are right; ansi_up and ansi-to-html know no inverse.
#
# Consequence: look at the page that comes out, and take anser or aha.
set -euo pipefail
for package in ansifilter-2.18 aha-0.5.1; do
	version=$(dpkg-query --show --showformat='${Version}' "${package%-*}" 2>/dev/null || true)
	[[ $version == "${package#*-}"* ]] || { echo "This was seen with $package of Debian 12, and here is: ${version:-none}." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts chalk@6.0.1 ansi-to-html@0.7.2 ansi-html-community@0.0.8 ansi_up@6.0.6 anser@2.3.5
cat >look.mjs <<'JS'
import {execFileSync} from 'node:child_process';
import anser from 'anser';
import {AnsiUp} from 'ansi_up';
import toHtml from 'ansi-html-community';
import Convert from 'ansi-to-html';
import {Chalk} from 'chalk';

const chalk = new Chalk({level: 2});
const texts = {
	'a colour': `a ${chalk.red('b')} c`,
	'bold in a colour': `a ${chalk.red(`b ${chalk.bold('c')} d`)} e`,
	inverse: `a ${chalk.inverse('b')} c`,
	'one of 256 colours': `a ${chalk.ansi256(208)('b')} c`,
};
const by = (program, ...args) => text => execFileSync(program, args, {input: text, encoding: 'utf8'});
const converters = {
	'ansi-to-html': text => new Convert().toHtml(text),
	ansifilter: by('ansifilter', '--html', '--fragment'),
	aha: by('aha', '--no-header'),
	'ansi-html-community': toHtml,
	ansi_up: text => new AnsiUp().ansi_to_html(text),
	anser: text => anser.ansiToHtml(text),
};
// Only what is seen: colours and weights, not how they are written.
const brief = html => html.trim().replaceAll(/ data-[a-z-]+="\w+"/g, '').replaceAll(/<span style="(?<style>[^"]*)">/g, '{$<style>}').replaceAll('</span>', '{/}').replaceAll(/;\}/g, '}').replaceAll('\u001B', 'ESC');

for (const [name, text] of Object.entries(texts)) {
	console.log(`${name}:`);
	for (const [converter, convert] of Object.entries(converters)) {
		console.log(`  ${converter}: ${brief(convert(text))}`);
	}
}
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
a colour:
  ansi-to-html: a {color:#A00}b{color:#FFF} c{/}{/}
  ansifilter: a {color:#cd0000}b{/} c
  aha: a {color:red}b{/} c
  ansi-html-community: a {color:#ff0000}b{/} c
  ansi_up: a {color:rgb(187,0,0)}b{/} c
  anser: a {color:rgb(187, 0, 0)}b{/} c
bold in a colour:
  ansi-to-html: a {color:#A00}b <b>c{font-weight:normal;text-decoration:none;font-style:normal} d{color:#FFF} e{/}{/}</b>{/}
  ansifilter: a {color:#cd0000}b {/}{font-weight:bold;color:#7f7f7f}c{/}{color:#7f7f7f} d{/} e
  aha: a {color:red}b {/}{font-weight:bold;color:red}c{/}{color:red} d{/} e
  ansi-html-community: a {color:#ff0000}b {font-weight:bold}c{/} d{/} e
  ansi_up: a {color:rgb(187,0,0)}b {/}{font-weight:bold;color:rgb(187,0,0)}c{/}{color:rgb(187,0,0)} d{/} e
  anser: a {color:rgb(187, 0, 0)}b {/}{color:rgb(187, 0, 0);font-weight:bold}c{/}{color:rgb(187, 0, 0)} d{/} e
inverse:
  ansi-to-html: a b c
  ansifilter: a {color:#000000;background-color:#000000}b{/}{color:#000000;background-color:#000000} c
{/}
  aha: a {color:white;background-color:black}b{/}{color:black;background-color:white} c{/}
  ansi-html-community: a {color:#000;background:#fff}b{/} c
  ansi_up: a b c
  anser: a {color:rgb(0, 0, 0);background-color:rgb(255,255,255)}b{/} c
one of 256 colours:
  ansi-to-html: a {color:#ff8700}b{color:#FFF} c{/}{/}
  ansifilter: a {color:#ff8700}b{/} c
  aha: a {color:#ff8700}b{/} c
  ansi-html-community: a ESC[38;5;208mb{/} c
  ansi_up: a {color:rgb(255,135,0)}b{/} c
  anser: a {color:rgb(255, 135, 0)}b{/} c
SEEN
