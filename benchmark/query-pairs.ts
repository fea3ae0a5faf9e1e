const bySize = 'ORDER BY size DESC, n';
const byTitle = 'ORDER BY sort_title, n';
const from = 'SELECT id FROM items';
const tagged = (kind: string, name: string) => `n IN (SELECT n FROM tags WHERE kind = '${kind}' AND name = '${name}')`;
const spoken = (kind: string, code: string) => `n IN (SELECT n FROM languages WHERE kind = '${kind}' AND code = '${code}')`;
const worded = (match: string) => `SELECT id FROM items JOIN words ON words.rowid = items.n WHERE words MATCH '${match}'`;

/**
What people ask, each with the SQL that answers it with the indexes of the benchmark.
*/
export const queryPairs: ReadonlyArray<readonly [query: string, sql: string]> = [
	['"gilded harbour"', `${worded('"gilded harbour"')} ${byTitle}`],
	['"silent ferry 1234"', `${worded('"silent ferry"')} AND n IN (SELECT n FROM items WHERE title LIKE '% Silent Ferry 1234') ${byTitle}`],
	['title:="The Gilded Harbour part 77"', `${from} WHERE sort_title = 'gilded harbour part 77' ${byTitle}`],
	['year:1926', `${from} WHERE year = 1926 ${byTitle}`],
	['year:1920..1929 type:movie', `${from} WHERE year BETWEEN 1920 AND 1929 AND type = 'movie' ${byTitle}`],
	['type:movie', `${from} WHERE type = 'movie' ${byTitle}`],
	['type:movie sort:-size limit:50', `${from} WHERE type = 'movie' ${bySize} LIMIT 50`],
	['sort:-size limit:50', `${from} ${bySize} LIMIT 50`],
	['sort:-added limit:50', `${from} ORDER BY added DESC, n LIMIT 50`],
	['res:4k', `${from} WHERE res = 2160 ${byTitle}`],
	['res:4k -has:hdr', `${from} WHERE res = 2160 AND hdr IS NULL ${byTitle}`],
	['res:4k -has:hdr size:>50GB', `${from} WHERE res = 2160 AND hdr IS NULL AND size > 50000000000 ${byTitle}`],
	['res:<720p type:movie', `${from} WHERE res < 720 AND type = 'movie' ${byTitle}`],
	['size:>60GB', `${from} WHERE size > 60000000000 ${byTitle}`],
	['size:>60GB sort:-size', `${from} WHERE size > 60000000000 ${bySize}`],
	['size:10GB..11GB', `${from} WHERE size BETWEEN 10000000000 AND 11000000000 ${byTitle}`],
	['len:>2h45', `${from} WHERE len > 9900000 ${byTitle}`],
	['rating:>9.5', `${from} WHERE rating > 9.5 ${byTitle}`],
	['rating:>9 watched:no type:movie', `${from} WHERE rating > 9 AND watched = 0 AND type = 'movie' ${byTitle}`],
	['watched:no type:movie', `${from} WHERE watched = 0 AND type = 'movie' ${byTitle}`],
	['genre:=Drama', `${from} WHERE ${tagged('genre', 'Drama')} ${byTitle}`],
	['genre:="Science Fiction" type:movie', `${from} WHERE ${tagged('genre', 'Science Fiction')} AND type = 'movie' ${byTitle}`],
	['genre:=Drama genre:=Comedy', `${from} WHERE ${tagged('genre', 'Drama')} AND ${tagged('genre', 'Comedy')} ${byTitle}`],
	['genre:=Drama -genre:=Comedy type:movie', `${from} WHERE ${tagged('genre', 'Drama')} AND NOT ${tagged('genre', 'Comedy')} AND type = 'movie' ${byTitle}`],
	['(genre:=War OR genre:=Western) type:movie', `${from} WHERE (${tagged('genre', 'War')} OR ${tagged('genre', 'Western')}) AND type = 'movie' ${byTitle}`],
	['director:="Hushed Harbour 0"', `${from} WHERE n IN (SELECT n FROM people WHERE name = 'Hushed Harbour 0' AND role = 'director') ${byTitle}`],
	['actor:="Gilded Quarry 133"', `${from} WHERE n IN (SELECT n FROM people WHERE name = 'Gilded Quarry 133' AND role = 'actor') ${byTitle}`],
	['person:="Gilded Quarry 133" res:4k', `${from} WHERE n IN (SELECT n FROM people WHERE name = 'Gilded Quarry 133') AND res = 2160 ${byTitle}`],
	['studio:="Paper Moon" type:movie', `${from} WHERE ${tagged('studio', 'Paper Moon')} AND type = 'movie' ${byTitle}`],
	['audio:nl type:movie', `${from} WHERE ${spoken('audio', 'nl')} AND type = 'movie' ${byTitle}`],
	['audio:ja -sub:nl type:movie', `${from} WHERE ${spoken('audio', 'ja')} AND NOT ${spoken('sub', 'nl')} AND type = 'movie' ${byTitle}`],
	['sub:de res:4k', `${from} WHERE ${spoken('sub', 'de')} AND res = 2160 ${byTitle}`],
	['codec:hevc container:mp4', `${from} WHERE codec = 'hevc' AND container = 'mp4' ${byTitle}`],
	['bitrate:>30Mbps', `${from} WHERE bitrate > 30000 ${byTitle}`],
	['bitrate:>30Mbps res:<=720p', `${from} WHERE bitrate > 30000 AND res <= 720 ${byTitle}`],
	['added:2025-03', `${from} WHERE added >= '2025-03-01' AND added < '2025-04-01' ${byTitle}`],
	['released:2019 type:movie', `${from} WHERE released >= '2019-01-01' AND released < '2020-01-01' AND type = 'movie' ${byTitle}`],
	['missing:rating type:movie', `${from} WHERE rating IS NULL AND type = 'movie' ${byTitle}`],
	['title:harbour year:>2000 type:movie', `${worded('harbour')} AND title LIKE '%Harbour%' AND year > 2000 AND type = 'movie' ${byTitle}`],
	['title:/^The Copper .*7$/ type:movie', `${from} WHERE type = 'movie' AND title GLOB 'The Copper *7' ${byTitle}`],
];
