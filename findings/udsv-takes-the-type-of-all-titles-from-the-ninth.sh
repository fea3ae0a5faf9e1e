#!/usr/bin/env bash
# udsv looks at the ninth film alone: if it is called 300, the titles of all others become null, and if it is called True, all titles are true or false.
#
# Seen with udsv 0.7.3 on Node.js 24 (2026-12-01).
#
# Expected: a column is one of numbers if what was looked at are numbers, as with DuckDB and others that guess from the beginning of
# a file. inferSchema reads ten rows for that. What is in quotes could count as a text, and what fits no type could stay a text.
#
# Seen: of these ten rows, the heading and nine films, it takes the last one that is not empty, for each column, and no other. Titles
# that begin with a number are the first in a list by title, so the ninth is likely to be one. A column that holds 1080, 4k and sd is
# one of numbers, too, if the ninth film has 1080. What is not a number then is NaN, so null in JSON, and nothing is said.
#
# Consequence: give the types (`schema.cols[0].type = 's'`) before initParser, or use the string methods (stringObjs).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts udsv@0.7.3
cat >look.mjs <<'JS'
import {inferSchema, initParser} from 'udsv';

const first = ['8½', '10 Things I Hate About You', '12 Angry Men', '21 Jump Street', '25th Hour', '28 Days Later', '42nd Street', '50 First Dates'];
const look = ninth => {
	const films = [...first, ninth, 'Metropolis', 'Nosferatu'];
	const csv = `"title","resolution"\n${films.map((title, index) => `"${title}","${index % 2 === 0 ? '1080' : '4k'}"\n`).join('')}`;
	const schema = inferSchema(csv);
	const rows = initParser(schema).typedObjs(csv);
	console.log(`${ninth}: ${schema.cols.map(({name, type}) => `${name} ${type}`).join(', ')}; ${JSON.stringify(rows.slice(7))}`);
	return {schema, csv};
};

look('Faust');
look('300');
look('True');
const {schema, csv} = look('1917');
for (const column of schema.cols) {
	column.type = 's';
}

console.log(`as text: ${JSON.stringify(initParser(schema).typedObjs(csv).slice(7))}`);
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
Faust: title s, resolution n; [{"title":"50 First Dates","resolution":null},{"title":"Faust","resolution":1080},{"title":"Metropolis","resolution":null},{"title":"Nosferatu","resolution":1080}]
300: title n, resolution n; [{"title":null,"resolution":null},{"title":300,"resolution":1080},{"title":null,"resolution":null},{"title":null,"resolution":1080}]
True: title b:True, resolution n; [{"title":false,"resolution":null},{"title":true,"resolution":1080},{"title":false,"resolution":null},{"title":false,"resolution":1080}]
1917: title n, resolution n; [{"title":null,"resolution":null},{"title":1917,"resolution":1080},{"title":null,"resolution":null},{"title":null,"resolution":1080}]
as text: [{"title":"50 First Dates","resolution":"4k"},{"title":"1917","resolution":"1080"},{"title":"Metropolis","resolution":"4k"},{"title":"Nosferatu","resolution":"1080"}]
SEEN
