#!/usr/bin/env bash
# From a CSV file whose lines end with CRLF, as RFC 4180 has them, json-2-csv reads no first film, and no film at all if every cell has quotes.
#
# Seen with json-2-csv 5.6.0 on Node.js 24 (2026-12-01).
#
# Expected: csv2json reads CSV as RFC 4180 and Excel write it. Its option for the end of a line is \n, so at worst a \r is left over.
#
# Seen: where the heading has quotes, the end of its line is not found, so the heading goes on to the end of the first film: the film
# is gone, and the last field of all others is called `year"\r\n"Metropolis`. If all cells have quotes, no end is found at all,
# and the result is an empty list. Nothing is said. Without quotes there is just a \r at the end of the last name. With
# `delimiter: {eol: '\r\n'}` all films are there, and one more without a title behind the last line. Texts in quotes become
# numbers and truth values in any case.
#
# Consequence: one film is missing, or all are. Give it lines that end with LF.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts json-2-csv@5.6.0
cat >look.mjs <<'JS'
import {csv2json} from 'json-2-csv';

const films = [['title', 'year'], ['Metropolis', 1927], ['1917', 2019], ['Faust', 1926]];
const write = (quoted, eol) => films.map(row => row.map(value => quoted(value) ? `"${value}"` : value).join(',') + eol).join('');
const texts = value => typeof value === 'string';
const all = () => true;
const none = () => false;
const look = (name, csv, options) => {
	console.log(`${name}: ${JSON.stringify(csv2json(csv, options))}`);
};

look('LF, texts in quotes', write(texts, '\n'));
look('CRLF, texts in quotes', write(texts, '\r\n'));
look('CRLF, all in quotes', write(all, '\r\n'));
look('CRLF, no quotes', write(none, '\r\n'));
look('CRLF and eol', write(texts, '\r\n'), {delimiter: {eol: '\r\n'}});
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
LF, texts in quotes: [{"title":"Metropolis","year":1927},{"title":1917,"year":2019},{"title":"Faust","year":1926}]
CRLF, texts in quotes: [{"title":1917,"year\"\r\n\"Metropolis":2019},{"title":"Faust","year\"\r\n\"Metropolis":1926}]
CRLF, all in quotes: []
CRLF, no quotes: [{"title":"Metropolis","year\r":1927},{"title":1917,"year\r":2019},{"title":"Faust","year\r":1926}]
CRLF and eol: [{"title":"Metropolis","year":1927},{"title":1917,"year":2019},{"title":"Faust","year":1926},{"title":""}]
SEEN
