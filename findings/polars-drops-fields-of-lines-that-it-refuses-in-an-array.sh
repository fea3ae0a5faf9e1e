#!/usr/bin/env bash
# From newline-delimited JSON, nodejs-polars drops without a word each field that the first 50 films lack; from the same films as an array it refuses the same field.
#
# Seen with nodejs-polars 0.26.1 on Node.js 24 (2026-12-01).
#
# Expected: a field that comes later than the films from which the types are guessed is an error, as it is in DuckDB.
#
# Seen: readJSON with `format: 'lines'` looks at 50 films and scanJson at 100. A field that comes only after them, such as the
# number of an edition or what only episodes have in an export that begins with films, is no column, and nothing is said. A
# field within another one is lost in the same way. The array (`format: 'json'`) is refused with "extra field in struct
# data", which names the way out: it holds for lines, too.
#
# Consequence: a table that looks whole has no directors' cuts. Give readJSON and scanJson `inferSchemaLength: null`, or read
# a Parquet file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts nodejs-polars@0.26.1
cat >look.mjs <<'JS'
import {writeFileSync} from 'node:fs';
import pl from 'nodejs-polars';

const show = (way, read) => {
	try {
		const films = read();
		console.log(`${way}: ${films.height} films with ${films.columns.join(', ')}; ids are ${films.getColumn('ids').dtype.toString().replaceAll(/\s+/g, ' ')}`);
	} catch (error) {
		console.log(`${way}: ${error.message.split(',')[0]}`);
	}
};

for (const before of [49, 50, 100]) {
	const films = [
		...Array.from({length: before}, (_, place) => ({title: `Film ${place}`, ids: {imdb: `tt${place}`}})),
		{title: 'The Last One', edition: 'Director’s Cut', ids: {imdb: 'tt999', tmdb: '999'}},
	];
	const lines = films.map(film => `${JSON.stringify(film)}\n`).join('');
	writeFileSync('films.ndjson', lines);
	console.log(`${before} films, then one with more:`);
	show('readJSON of lines', () => pl.readJSON(Buffer.from(lines), {format: 'lines'}));
	show('readJSON of an array', () => pl.readJSON(Buffer.from(JSON.stringify(films)), {format: 'json'}));
	show('scanJson', () => pl.scanJson('films.ndjson').collectSync());
	show('scanJson, inferSchemaLength: null', () => pl.scanJson('films.ndjson', {inferSchemaLength: null}).collectSync());
}
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
49 films, then one with more:
readJSON of lines: 50 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
readJSON of an array: 50 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
scanJson: 50 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
scanJson, inferSchemaLength: null: 50 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
50 films, then one with more:
readJSON of lines: 51 films with title, ids; ids are DataType(Struct(Field("imdb", DataType(String))))
readJSON of an array: extra field in struct data: edition
scanJson: 51 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
scanJson, inferSchemaLength: null: 51 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
100 films, then one with more:
readJSON of lines: 101 films with title, ids; ids are DataType(Struct(Field("imdb", DataType(String))))
readJSON of an array: extra field in struct data: edition
scanJson: 101 films with title, ids; ids are DataType(Struct(Field("imdb", DataType(String))))
scanJson, inferSchemaLength: null: 101 films with title, edition, ids; ids are DataType(Struct(Field("imdb", DataType(String)),Field("tmdb", DataType(String))))
SEEN
