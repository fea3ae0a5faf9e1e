/**
A question that many people ask, answered by a view.
*/
export type View = {name: string; comment: string; query: string};

/**
The files of original versions, each once for all libraries or once for each library, with the sharpest resolution that a version gives it.
*/
const originalFiles = (once: string) => `SELECT DISTINCT ON (${once}) item_files.file_id, items.library_id, versions.resolution, versions.resolution_lines, files.size_bytes
	FROM item_files
	JOIN versions USING (item_id, version)
	JOIN items ON items.id = item_files.item_id
	JOIN files ON files.id = item_files.file_id
	WHERE NOT item_files.is_copy
	ORDER BY ${once}, versions.resolution_lines DESC NULLS LAST, item_files.item_id, item_files.version`;

/**
A view comes after those that it reads.
*/
export const views: readonly View[] = [
	{
		name: 'changes',
		comment: 'The history without what a restored backup has undone: what was added, removed, replaced and so on, with before and after',
		query: `SELECT history.number, history.happened_at, history.kind, libraries.title AS library, history.type, history.title, history.reason,
	history.before, history.after, history.items, history.item_id, history.list_id, history.library_id, history.run_id, history.revision
FROM history
LEFT JOIN libraries ON libraries.id = history.library_id
WHERE NOT EXISTS (
	SELECT FROM catalog, jsonb_to_recordset(catalog.rewinds::jsonb) AS rewind ("toRevision" bigint, revision bigint)
	WHERE history.revision > rewind."toRevision" AND history.revision < rewind.revision
)`,
	},
	{
		name: 'removals',
		comment: 'What was removed and when, with the size that it had',
		query: `SELECT changes.happened_at AS removed_at, changes.library, changes.type, changes.title, changes.kind, changes.reason,
	(
		SELECT sum(CASE WHEN jsonb_typeof(file -> 'sizeBytes') = 'number' THEN (file ->> 'sizeBytes')::numeric END)::bigint
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(changes.before -> 'files') = 'array' THEN changes.before -> 'files' ELSE '[]' END) AS file
	) AS size_bytes,
	changes.item_id, changes.library_id, changes.run_id
FROM changes
WHERE changes.kind IN ('removed', 'merged')`,
	},
	{
		name: 'films_4k_without_hdr',
		comment: 'Movies in 4K whose best version has the standard dynamic range',
		query: `SELECT libraries.title AS library, items.title, items.edition_title, items.year, items.video_codec, items.bitrate_kbps, items.size_bytes, items.id AS item_id, items.library_id
FROM items
JOIN versions ON versions.item_id = items.id AND versions.is_best
LEFT JOIN libraries ON libraries.id = items.library_id
WHERE items.type = 'movie' AND versions.resolution_lines BETWEEN 2160 AND 4319 AND items.hdr IS NULL`,
	},
	{
		name: 'duplicates',
		comment: 'Versions of movies and episodes that are there more than once, in one item or in several with the same Plex guid, with the size of each; copies that Plex made do not count',
		query: `SELECT found.*
FROM (
	SELECT CASE WHEN items.guid LIKE 'plex://%' THEN items.guid ELSE items.id END AS work,
		count(*) OVER (PARTITION BY items.type, CASE WHEN items.guid LIKE 'plex://%' THEN items.guid ELSE items.id END) AS versions,
		libraries.title AS library, items.type, shows.title AS show, items.season_number, items.episode_number, items.title, items.edition_title, items.year,
		versions.resolution, versions.hdr, versions.video_codec, versions.bitrate_kbps,
		(
			SELECT sum(files.size_bytes)::bigint FROM files
			WHERE files.id IN (SELECT item_files.file_id FROM item_files WHERE item_files.item_id = versions.item_id AND item_files.version = versions.version)
		) AS size_bytes,
		items.id AS item_id, versions.version, items.library_id
	FROM items
	JOIN versions ON versions.item_id = items.id AND NOT versions.is_copy
	LEFT JOIN items AS shows ON shows.id = items.show_id
	LEFT JOIN libraries ON libraries.id = items.library_id
	WHERE items.type IN ('movie', 'episode')
) AS found
WHERE found.versions > 1`,
	},
	{
		name: 'added_last_week',
		comment: 'What the server added within the last seven days, the newest first',
		query: `SELECT items.added_at, libraries.title AS library, items.type, shows.title AS show, items.season_number, items.episode_number, items.title, items.year, items.resolution, items.size_bytes, items.id AS item_id, items.library_id
FROM items
LEFT JOIN items AS shows ON shows.id = items.show_id
LEFT JOIN libraries ON libraries.id = items.library_id
WHERE items.added_at >= now() - interval '7 days'
ORDER BY items.added_at DESC, items.id`,
	},
	{
		name: 'unwatched_by_library',
		comment: 'How many movies and episodes of each library the user has not watched to the end, with their size',
		query: `SELECT libraries.title AS library, items.type, count(*) AS items, count(*) FILTER (WHERE items.is_begun) AS begun, sum(items.size_bytes)::bigint AS size_bytes, sum(items.duration_ms)::bigint AS duration_ms, items.library_id
FROM items
LEFT JOIN libraries ON libraries.id = items.library_id
WHERE items.type IN ('movie', 'episode') AND items.is_watched IS NOT TRUE
GROUP BY items.library_id, libraries.title, items.type`,
	},
	{
		name: 'library_sizes',
		comment: 'The files of each library and their size, each file once for a library and without copies that Plex made',
		query: `SELECT libraries.title AS library, libraries.type, libraries.movies, libraries.shows, libraries.seasons, libraries.episodes,
	coalesce(held.files, 0) AS files, coalesce(held.size_bytes, 0)::bigint AS size_bytes, libraries.id AS library_id
FROM libraries
LEFT JOIN (
	SELECT played.library_id, count(*) AS files, sum(played.size_bytes) AS size_bytes
	FROM (${originalFiles('items.library_id, item_files.file_id')}) AS played
	GROUP BY played.library_id
) AS held ON held.library_id = libraries.id`,
	},
	{
		name: 'bytes_by_resolution',
		comment: 'The files of each resolution and their size, each file once and without copies that Plex made',
		query: `SELECT played.resolution, played.resolution_lines, count(*) AS files, coalesce(sum(played.size_bytes), 0)::bigint AS size_bytes
FROM (${originalFiles('item_files.file_id')}) AS played
GROUP BY played.resolution, played.resolution_lines`,
	},
	{
		name: 'missing_episodes',
		comment: 'The numbers that are missing between 1 and the highest episode of a season, one row for each; specials, episodes with a date and numbers above 9999 do not count, seasons numbered by years begin with their first, and a season that is a year, with episodes numbered by month and day, has none',
		query: `SELECT libraries.title AS library, shows.title AS show, numbered.season_number, missing.episode_number, numbered.show_id, shows.library_id
FROM (
	SELECT show_id, season_number, array_agg(DISTINCT episode_number) AS there, min(episode_number) AS lowest, max(episode_number) AS highest
	FROM items
	WHERE type = 'episode' AND show_id IS NOT NULL AND season_number <> 0 AND episode_number BETWEEN 1 AND 9999
	GROUP BY show_id, season_number
	HAVING NOT (season_number >= 1900 AND bool_and(episode_number BETWEEN 101 AND 1231 AND episode_number % 100 BETWEEN 1 AND 31))
) AS numbered
JOIN items AS shows ON shows.id = numbered.show_id
LEFT JOIN libraries ON libraries.id = shows.library_id
CROSS JOIN LATERAL generate_series(CASE WHEN numbered.lowest >= 1900 THEN numbered.lowest ELSE 1 END, numbered.highest) AS missing (episode_number)
WHERE missing.episode_number <> ALL (numbered.there)`,
	},
	{
		name: 'shows_by_gb_per_hour',
		comment: 'How large shows are for the time that they play: 1 GB is 1,000,000,000 bytes. Episodes whose size or duration is not known do not count, and a file with several episodes counts once',
		query: `SELECT libraries.title AS library, shows.title AS show, weighed.episodes, weighed.size_bytes, weighed.duration_ms,
	round((weighed.size_bytes / 1e9) / nullif(weighed.duration_ms / 3600000.0, 0), 3) AS gb_per_hour, weighed.show_id, shows.library_id
FROM (
	SELECT items.show_id, count(*) AS episodes,
		(
			SELECT sum(files.size_bytes)::bigint FROM files
			WHERE files.id IN (
				SELECT item_files.file_id FROM items AS episodes JOIN item_files ON item_files.item_id = episodes.id
				WHERE episodes.show_id = items.show_id AND episodes.type = 'episode' AND episodes.size_bytes IS NOT NULL AND episodes.duration_ms IS NOT NULL AND NOT item_files.is_copy
			)
		) AS size_bytes,
		sum(items.duration_ms)::bigint AS duration_ms
	FROM items
	WHERE items.type = 'episode' AND items.show_id IS NOT NULL AND items.size_bytes IS NOT NULL AND items.duration_ms IS NOT NULL
	GROUP BY items.show_id
) AS weighed
JOIN items AS shows ON shows.id = weighed.show_id
LEFT JOIN libraries ON libraries.id = shows.library_id
ORDER BY gb_per_hour DESC NULLS LAST, weighed.show_id`,
	},
	{
		name: 'runs_with_problems',
		comment: 'Runs that did not end well or had problems, with the first ten problems in words, the newest first',
		query: String.raw`SELECT runs.started_at, runs.command, runs.status, runs.problem_count, runs.duration_ms,
	(
		SELECT string_agg(coalesce(first_ones.title || ': ', '') || coalesce(first_ones.message, ''), E'\n' ORDER BY first_ones.position)
		FROM (SELECT title, message, position FROM run_problems WHERE run_problems.run_id = runs.id ORDER BY position LIMIT 10) AS first_ones
	) AS problems,
	runs.log, runs.id AS run_id
FROM runs
WHERE runs.status IS DISTINCT FROM 'done' OR runs.problem_count > 0
ORDER BY runs.started_at DESC`,
	},
];
