#!/usr/bin/env bash
# DuckDB takes the chroma subsampling of a video, 4:2:0, for a time of day.
#
# Seen with @duckdb/node-api 1.5.6-r.1 (DuckDB 1.5.6) on Node.js 24, Linux x64 (2026-11-30).
#
# Expected: `4:2:0`, `4:2:2` and `4:4:4`, as media servers, ffprobe and MediaInfo name the chroma subsampling of a video,
# stay text, also where DuckDB guesses the types of a CSV or JSON file, since no hour of a day has one digit for its minute.
#
# Seen: a column that has nothing else becomes a TIME, also where the values are strings in JSON or are quoted in CSV:
# 4:2:0 is 04:02:00, two minutes past four. A comparison with '4:2:0' still finds the rows, because that text is taken
# for a time as well, so it is noticed only where the value leaves DuckDB, or by a text function, which is an error.
# `16:9` stays text. One video with another word, such as `gray`, makes the whole column text again, if it comes
# early; after some twenty thousand rows it makes the file one that DuckDB refuses.
#
# Consequence: who gives out media data as JSON or CSV tells the readers of it to name the type of this column, or gives
# it out in a format that has types, such as Parquet.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @duckdb/node-api@1.5.6-r.1
cat >look.mjs <<'JS'
import {writeFile} from 'node:fs/promises';
import {DuckDBInstance} from '@duckdb/node-api';

const titles = ['Metropolis', 'Nosferatu', 'The Lodger'];
const save = async (name, chromas) => {
	await writeFile(`${name}.ndjson`, titles.map((title, index) => `${JSON.stringify({title, chroma: chromas[index], shape: '16:9'})}\n`).join(''));
	await writeFile(`${name}.csv`, `title,chroma,shape\n${titles.map((title, index) => `"${title}","${chromas[index]}","16:9"\n`).join('')}`);
};

await save('usual', ['4:2:0', '4:2:2', '4:4:4']);
await save('mixed', ['4:2:0', '4:2:2', 'gray']);
await writeFile('late.csv', `title,chroma\n${Array.from({length: 60_000}, (_, index) => `"Film ${index}","${index === 59_000 ? 'gray' : '4:2:0'}"\n`).join('')}`);
const connection = await (await DuckDBInstance.create()).connect();
const ask = async text => {
	try {
		return JSON.stringify((await connection.runAndReadAll(text)).getRowsJson());
	} catch (error) {
		return error.message.split(':')[0];
	}
};

for (const file of ['usual.ndjson', 'usual.csv', 'mixed.ndjson', 'mixed.csv']) {
	console.log(`${file}: ${await ask(`SELECT DISTINCT typeof(chroma), typeof(shape) FROM '${file}'`)}, ${await ask(`SELECT chroma FROM '${file}' ORDER BY title`)}`);
}

console.log(`equal: ${await ask('SELECT title FROM \'usual.csv\' WHERE chroma = \'4:2:0\'')}`);
console.log(`LIKE: ${await ask('SELECT title FROM \'usual.csv\' WHERE chroma LIKE \'4:2:%\'')}`);
console.log(`late.csv: ${await ask('SELECT count(chroma) FROM \'late.csv\'')}`);
console.log(`with a type: ${await ask('SELECT chroma FROM read_csv(\'usual.csv\', types = {\'chroma\': \'VARCHAR\'}) ORDER BY title')}`);
JS
NODE_NO_WARNINGS=1 node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
usual.ndjson: [["TIME","VARCHAR"]], [["04:02:00"],["04:02:02"],["04:04:04"]]
usual.csv: [["TIME","VARCHAR"]], [["04:02:00"],["04:02:02"],["04:04:04"]]
mixed.ndjson: [["VARCHAR","VARCHAR"]], [["4:2:0"],["4:2:2"],["gray"]]
mixed.csv: [["VARCHAR","VARCHAR"]], [["4:2:0"],["4:2:2"],["gray"]]
equal: [["Metropolis"]]
LIKE: Binder Error
late.csv: Conversion Error
with a type: [["4:2:0"],["4:2:2"],["4:4:4"]]
SEEN
