#!/usr/bin/env bash
# DuckDB reads a rating of 7.5 in a long CSV or NDJSON file as 8, without a word, if the rows before have only whole ratings.
#
# Seen with @duckdb/node-api 1.5.6-r.1 (DuckDB 1.5.6) on Node.js 24, Linux x64 (2026-11-30).
#
# Expected: a type was guessed from the first 20,480 rows (sample_size). A later row that does not fit it is an error, as a word in
# a column of numbers is, or the type is widened. A fraction does not fit a whole number.
#
# Seen: the column is BIGINT, and 7.5 becomes 8 in both formats, also with `ignore_errors = false`. A CAST or TRY_CAST of the
# column comes too late to see it. A sum or an average is a little off, and `rating = 7.5` finds nothing.
# NDJSON is stricter with keys: one that comes only after the sample is an error, but only for a statement that reads
# such a column or all of them. `count(*)` works, and a statement that names the key is told that there is no such column.
#
# Consequence: people rate with whole numbers, often in tens of thousands of rows before the first half star. Read such files with
# `sample_size = -1`, which looks at all rows, name the types, or take a format that has types, such as Parquet.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @duckdb/node-api@1.5.6-r.1
cat >look.mjs <<'JS'
import {writeFile} from 'node:fs/promises';
import {DuckDBInstance} from '@duckdb/node-api';

const save = async (name, {half, key}) => {
	const films = Array.from({length: 400_000}, (_, index) => ({title: `Film ${index}`, rating: index === half ? 7.5 : 7, ...index === key && {trashedAt: '2026-05-01'}}));
	await writeFile(`${name}.ndjson`, films.map(film => `${JSON.stringify(film)}\n`).join(''));
	await writeFile(`${name}.csv`, `title,rating\n${films.map(({title, rating}) => `"${title}",${rating}\n`).join('')}`);
};

await save('early', {half: 20_000});
await save('late', {half: 390_000});
await save('key', {key: 390_000});
const connection = await (await DuckDBInstance.create()).connect();
const ask = async text => {
	try {
		return JSON.stringify((await connection.runAndReadAll(text)).getRowsJson());
	} catch (error) {
		return error.message.split(':')[0];
	}
};

for (const format of ['csv', 'json']) {
	for (const [name, option] of [['early', 'ignore_errors = false'], ['late', 'ignore_errors = false'], ['late', 'sample_size = -1']]) {
		const source = `read_${format}('${name}.${format === 'csv' ? 'csv' : 'ndjson'}', ${option})`;
		await ask(`CREATE OR REPLACE TABLE films AS SELECT * FROM ${source}`);
		console.log(`${source}: ${await ask('SELECT count(*), max(rating), typeof(max(rating)) FROM films')}`);
	}
}

console.log(`key, count(*): ${await ask('SELECT count(*) FROM \'key.ndjson\'')}`);
console.log(`key, count(trashedAt): ${await ask('SELECT count(trashedAt) FROM \'key.ndjson\'')}`);
console.log(`key, all columns: ${await ask('CREATE TABLE keys AS SELECT * FROM \'key.ndjson\'')}`);
JS
NODE_NO_WARNINGS=1 node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
read_csv('early.csv', ignore_errors = false): [["400000",7.5,"DOUBLE"]]
read_csv('late.csv', ignore_errors = false): [["400000","8","BIGINT"]]
read_csv('late.csv', sample_size = -1): [["400000",7.5,"DOUBLE"]]
read_json('early.ndjson', ignore_errors = false): [["400000",7.5,"DOUBLE"]]
read_json('late.ndjson', ignore_errors = false): [["400000","8","BIGINT"]]
read_json('late.ndjson', sample_size = -1): [["400000",7.5,"DOUBLE"]]
key, count(*): [["400000"]]
key, count(trashedAt): Binder Error
key, all columns: Invalid Input Error
SEEN
