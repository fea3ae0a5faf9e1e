#!/usr/bin/env bash
# ClickHouse refuses a Parquet file in which one film is older than 1900, and from a CSV file its day is right, 1900-01-01 or 1970-01-01, as one asks.
#
# Seen with chdb 3.4.0 (ClickHouse 26.7.2.1) and hyparquet-writer 0.17.0 on Node.js 24, Linux x64 (2026-12-01).
#
# Expected: the days on which films came out, from 1888 on, are days in Parquet (DATE has 5 million years before and after
# 1970), and ClickHouse has Date32 for those before 1970. A day before 1900, with which Date32 begins, is an error, or
# becomes 1900-01-01, in the same way in every format.
#
# Seen: a Parquet file with such a day cannot be read at all, once its column is asked for, unless
# `date_time_overflow_behavior` is `saturate`, which makes 1900-01-01 of it. In a CSV or JSON file a day before 1970 makes the whole
# column a DateTime64(9) with midnights; 1888 is then right, also as Date32, although both types are said to begin with 1900. If
# the column of the CSV file is said to be Date32, the day becomes 1970-01-01 without a word. toDate32 of the text
# gives 1900-01-01, and toDate of what was read from the CSV file a day in 2068.
#
# Consequence: who gives films to ClickHouse as Parquet has their days read as Int32, which are the days since 1970, or
# saturated. From CSV or JSON no type should be named for the day.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts chdb@3.4.0 hyparquet-writer@0.17.0
cat >look.mjs <<'JS'
import {writeFile} from 'node:fs/promises';
import {query} from 'chdb';
import {parquetWriteBuffer} from 'hyparquet-writer';

const films = [['Roundhay Garden Scene', '1888-10-14'], ['Metropolis', '1927-01-10'], ['Jaws', '1975-06-20']];
const write = async (name, list) => {
	await writeFile(`${name}.csv`, `title,day\n${list.map(([title, day]) => `"${title}",${day}\n`).join('')}`);
	await writeFile(`${name}.ndjson`, list.map(([title, day]) => `${JSON.stringify({title, day})}\n`).join(''));
	await writeFile(`${name}.parquet`, new Uint8Array(parquetWriteBuffer({
		schema: [{name: 'root', num_children: 2}, {name: 'title', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL'}, {name: 'day', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL'}],
		columnData: [{name: 'title', data: list.map(([title]) => title)}, {name: 'day', data: list.map(([, day]) => new Date(day))}],
	})));
};

const ask = text => {
	try {
		return query(text, 'TSV').trim().replaceAll('\n', ', ').replaceAll('\t', ' ').replaceAll(' 00:00:00.000000000', ' (midnight)');
	} catch (error) {
		return /[A-Z]+(?:_[A-Z]+)+/.exec(error.message)[0];
	}
};

await write('all', films);
await write('later', films.slice(1));
console.log(ask('SELECT version()'));
for (const name of ['later', 'all']) {
	for (const type of ['parquet', 'csv', 'ndjson']) {
		console.log(`${name}.${type}: ${ask(`SELECT day FROM file('${name}.${type}')`)}`);
	}
}

console.log(`titles of all.parquet: ${ask('SELECT title FROM file(\'all.parquet\')')}`);
console.log(`saturated: ${ask('SELECT day FROM file(\'all.parquet\') SETTINGS date_time_overflow_behavior = \'saturate\'')}`);
console.log(`all.parquet as Int32: ${ask('SELECT day FROM file(\'all.parquet\', Parquet, \'day Int32\')')}`);
console.log(`all.csv as Date32: ${ask('SELECT day FROM file(\'all.csv\', CSVWithNames, \'title String, day Date32\')')}`);
console.log(`all.csv, toDate32: ${ask('SELECT toDate32(day) FROM file(\'all.csv\')')}`);
console.log(`all.csv, toDate: ${ask('SELECT toDate(day) FROM file(\'all.csv\')')}`);
console.log(`a text, toDate32: ${ask('SELECT toDate32(\'1888-10-14\')')}`);
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
26.7.2.1
later.parquet: 1927-01-10, 1975-06-20
later.csv: 1927-01-10 (midnight), 1975-06-20 (midnight)
later.ndjson: 1927-01-10 (midnight), 1975-06-20 (midnight)
all.parquet: VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
all.csv: 1888-10-14 (midnight), 1927-01-10 (midnight), 1975-06-20 (midnight)
all.ndjson: 1888-10-14 (midnight), 1927-01-10 (midnight), 1975-06-20 (midnight)
titles of all.parquet: Roundhay Garden Scene, Metropolis, Jaws
saturated: 1900-01-01, 1927-01-10, 1975-06-20
all.parquet as Int32: -29663, -15697, 1996
all.csv as Date32: 1970-01-01, 1927-01-10, 1975-06-20
all.csv, toDate32: 1888-10-14, 1927-01-10, 1975-06-20
all.csv, toDate: 2068-03-20, 2106-06-16, 1975-06-20
a text, toDate32: 1900-01-01
SEEN
