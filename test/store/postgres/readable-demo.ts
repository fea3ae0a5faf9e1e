import {readFileSync} from 'node:fs';
import test from 'ava';
import {isRemoval} from '../../../source/catalog/history.js';
import {resolutionRank} from '../../../source/catalog/quality.js';
import {demoInPostgres, type ExportedLine} from '../../helpers/demo-in-postgres.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {views} from '../../../source/store/postgres/readable/views.js';

const server = await startPostgres();
const address = server.address();
const teardowns: Array<() => unknown> = [];
const demo = await demoInPostgres({
	teardown(end) {
		teardowns.push(end);
	},
}, address);
await server.query(`ALTER ROLE reelcat SET search_path = ${address.schema}`);
test.after.always(async () => {
	for (const end of teardowns.toReversed()) {
		await end();
	}

	await server.close();
});

const {lines, records, history, header, now} = demo;
type Row = Record<string, unknown>;

const ask = async (text: string): Promise<Row[]> => {
	const rows = await server.query<{row: Row}>(`SELECT to_jsonb(found) AS row FROM (${text.replace(/;\s*$/v, '')}) AS found`);
	return rows.map(({row}) => row);
};

const inOrder = (rows: readonly Row[]) => rows.map(row => JSON.stringify(Object.entries(row).toSorted(([left], [right]) => byId(left, right))));
const inAnyOrder = (rows: readonly Row[]) => inOrder(rows).toSorted();
const byId = (left: string, right: string) => left < right ? -1 : 1;
const sum = (numbers: Iterable<number | undefined>) => Iterator.from(numbers).reduce<number>((total, number) => total + (number ?? 0), 0);
// Half is rounded up, as PostgreSQL does with decimals.
const round = (number: number, digits: number) => Math.round((number * (10 ** digits)) + 1e-7) / (10 ** digits);
const grouped = <Value>(values: readonly Value[], keyOf: (value: Value) => string) => Map.groupBy(values, keyOf);

const sizeOf = ({files}: ExportedLine): number | undefined => {
	const sizes = files.filter(({optimized}) => optimized !== true).map(({sizeBytes}) => sizeBytes).filter(size => size !== undefined);
	return sizes.length === 0 ? undefined : sum(sizes);
};

const isWatched = ({type, viewCount}: ExportedLine) => (viewCount ?? 0) > 0 && (type === 'movie' || type === 'episode');
const movies = lines.filter(({type}) => type === 'movie');
const episodes = lines.filter(({type}) => type === 'episode');
const playable = [...movies, ...episodes];
const isCopy = ({optimized, proxy}: ExportedLine['versions'][number]) => optimized === true || proxy === true;
const originalsOf = ({versions}: ExportedLine) => versions.some(version => !isCopy(version)) ? versions.filter(version => !isCopy(version)) : versions;
const bestOf = (line: ExportedLine) => originalsOf(line).toSorted((left, right) => (resolutionRank(right.resolution) ?? 0) - (resolutionRank(left.resolution) ?? 0))[0];
const durationOf = (line: ExportedLine) => line.durationMs ?? (bestOf(line) as {durationMs?: number} | undefined)?.durationMs;
const files = new Map(playable.flatMap(line => line.files.filter(({optimized}) => optimized !== true).map(file => [file.id, file] as const)));

/**
What each query of the document should find, from the lines of the export.
*/
const expectations: ReadonlyArray<{about: string; expected: () => Row[]}> = [
	{
		about: 'largest movies', expected: () => movies.filter(line => !isWatched(line) && sizeOf(line) !== undefined).toSorted((left, right) => byId(left.id, right.id)).toSorted((left, right) => sizeOf(right)! - sizeOf(left)!).slice(0, 20)
			.map(line => ({
				library: line.library.title, title: line.title, year: line.year ?? null, resolution: bestOf(line)?.resolution ?? null, gb: round(sizeOf(line)! / 1e9, 1),
			})),
	},
	{
		about: 'most movies',
		expected() {
			const played = grouped(movies.flatMap(line => new Map(line.cast.map(member => [member.personId, member])).values().toArray()), ({personId}) => personId);
			return played.entries().toArray().toSorted(([left], [right]) => byId(left, right)).toSorted(([, left], [, right]) => right.length - left.length).slice(0, 20).map(([, members]) => ({name: members[0]!.name, movies: members.length}));
		},
	},
	{
		about: 'English subtitle',
		expected: () => playable.filter(({versions}) => versions.some(({audio = [], subtitles = []}) => audio.length + subtitles.length > 0) && versions.every(({subtitles = []}) => subtitles.every(({languageCode}) => languageCode !== 'eng')))
			.map(({type, title, id}) => ({type, title, id})),
	},
	{
		about: 'each genre',
		expected: () => grouped(movies.flatMap(line => line.genres.map(genre => ({genre, line}))), ({genre}) => genre).entries()
			.map(([genre, found]) => ({genre, movies: found.length, unwatched: found.filter(({line}) => !isWatched(line)).length})).toArray(),
	},
	{
		about: 'summaries for words',
		expected: () => lines.filter(({title, summary = '', originalTitle = ''}) => ['forgotten', 'cradle'].every(word => ` ${title} ${originalTitle} ${summary} `.toLowerCase().split(/[^\p{Letter}\p{Number}]+/v).includes(word)))
			.map(({type, title, year, id}) => ({
				type, title, year: year ?? null, id,
			})),
	},
	{
		about: 'video codec',
		expected() {
			const codecs = new Map<string, string | undefined>();
			for (const line of playable.toSorted((left, right) => byId(left.id, right.id))) {
				for (const version of originalsOf(line)) {
					for (const id of version.fileIds) {
						codecs.set(id, codecs.has(id) ? codecs.get(id) : version.videoCodec);
					}
				}
			}

			return grouped([...codecs], ([, codec]) => codec ?? '').entries().map(([codec, found]) => ({video_codec: codec === '' ? null : codec, files: found.length, size_bytes: sum(found.map(([id]) => files.get(id)?.sizeBytes))})).toArray();
		},
	},
	{
		about: 'several episodes',
		expected() {
			const played = grouped(playable.flatMap(line => line.files.map(file => ({file, line}))), ({file}) => file.id);
			return played.values().filter(found => found.length > 1).map(found => ({path: found[0]!.file.path ?? null, items: found.length, titles: [...new Set(found.map(({line}) => line.title))].toSorted().join(' · ')})).toArray();
		},
	},
	{
		about: 'id at IMDb',
		expected: () => lines.filter(({ids}) => ids.imdb.includes('tt0013442')).map(({type, title, year, ids}) => ({
			type, title, year: year ?? null, imdb: ids.imdb, tmdb: ids.tmdb,
		})),
	},
	{
		about: 'left of each show',
		expected: () => grouped(episodes.filter(line => !isWatched(line) && line.show !== undefined), ({show}) => show!.id).values()
			.map(found => ({show: found[0]!.show!.title, episodes: found.length, hours: found.every(line => durationOf(line) === undefined) ? null : round(sum(found.map(line => durationOf(line))) / 3_600_000, 1)})).toArray(),
	},
	{
		about: 'thirty days',
		expected() {
			const recent = history.filter(({at}) => Date.parse(at) > now - (30 * 24 * 3_600_000));
			return grouped(recent, ({libraryId, kind}) => `${libraryId} ${kind}`).values().map(found => ({
				library: header.libraries.find(({id}) => id === found[0]!.libraryId)?.title ?? null, kind: found[0]!.kind, events: found.length, latest: found.map(({at}) => at).toSorted().at(-1)!.replace('Z', '+00:00'),
			})).toArray();
		},
	},
];

const document = readFileSync('docs/postgres.md', 'utf8');
const questions = document.slice(document.indexOf('### Ten questions'), document.indexOf('### Views')).matchAll(/(?<about>[^\n]+)\n\n```sql\n(?<query>.*?)```/gsv).map(({groups}) => groups as {about: string; query: string}).toArray();

test('docs/postgres.md has ten questions, and a line for each view and each table', async t => {
	t.is(questions.length, 10);
	const tables = await server.query<{name: string}>(`SELECT relname AS name FROM pg_class WHERE relnamespace = '${address.schema}'::regnamespace AND relkind IN ('r', 'v')`);
	t.deepEqual(tables.map(({name}) => name).filter(name => !new RegExp(String.raw`^\|.*\x60${name}\x60.*\|`, 'mv').test(document)), []);
});

for (const [index, {about, expected}] of expectations.entries()) {
	test(`question ${index + 1}, ${about}, finds what the export says`, async t => {
		const question = questions[index]!;
		t.true(question.about.includes(about), question.about);
		const [found, wanted] = [await ask(question.query), expected()];
		// The demo has invented ids, and something to find for each other question.
		t.is(wanted.length > 0, about !== 'id at IMDb');
		const sorted = question.query.includes('LIMIT') ? inOrder : inAnyOrder;
		t.deepEqual(sorted(found), sorted(wanted));
	});
}

const viewed: Record<string, {columns: string; expected: () => Row[]}> = {
	films_4k_without_hdr: {
		columns: 'item_id, size_bytes',
		expected: () => movies.filter(line => resolutionRank(bestOf(line)?.resolution) === 2160 && bestOf(line)?.hdr === undefined).map(line => ({item_id: line.id, size_bytes: sizeOf(line) ?? null})),
	},
	duplicates: {
		columns: 'item_id, version, size_bytes, versions',
		expected() {
			const versions = playable.flatMap(line => line.versions.map((version, index) => ({line, version, place: index + 1}))).filter(({version}) => !isCopy(version));
			const works = grouped(versions, ({line: {type, guid, id}}) => `${type} ${guid?.startsWith('plex://') === true ? guid : id}`);
			return works.values().filter(found => found.length > 1).flatMap(found => found.map(({line, version, place}) => {
				const sizes = line.files.filter(({id}) => version.fileIds.includes(id)).map(({sizeBytes}) => sizeBytes).filter(size => size !== undefined);
				return {
					item_id: line.id, version: place, size_bytes: sizes.length === 0 ? null : sum(sizes), versions: found.length,
				};
			})).toArray();
		},
	},
	added_last_week: {
		columns: 'item_id, title',
		expected: () => lines.filter(({addedAt}) => addedAt !== undefined && Date.parse(addedAt) > now - (7 * 24 * 3_600_000)).map(({id, title}) => ({item_id: id, title})),
	},
	unwatched_by_library: {
		columns: 'library_id, type, items, size_bytes',
		expected: () => grouped(playable.filter(line => !isWatched(line)), ({library, type}) => `${library.id} ${type}`).values().map(found => ({
			library_id: found[0]!.library.id, type: found[0]!.type, items: found.length, size_bytes: found.every(line => sizeOf(line) === undefined) ? null : sum(found.map(line => sizeOf(line))),
		})).toArray(),
	},
	library_sizes: {
		columns: 'library_id, movies, episodes, files, size_bytes',
		expected: () => header.libraries.map(library => {
			const own = new Map(playable.filter(line => line.library.id === library.id).flatMap(line => line.files).filter(file => files.has(file.id)).map(file => [file.id, file]));
			return {
				library_id: library.id, movies: movies.filter(line => line.library.id === library.id).length, episodes: episodes.filter(line => line.library.id === library.id).length, files: own.size, size_bytes: sum(own.values().map(({sizeBytes}) => sizeBytes)),
			};
		}),
	},
	bytes_by_resolution: {
		columns: 'resolution, files, size_bytes',
		expected() {
			const sharpest = new Map<string, string | undefined>();
			for (const {fileIds, resolution} of playable.flatMap(line => originalsOf(line))) {
				for (const id of fileIds) {
					if (!sharpest.has(id) || (resolutionRank(resolution) ?? 0) > (resolutionRank(sharpest.get(id)) ?? 0)) {
						sharpest.set(id, resolution);
					}
				}
			}

			return grouped([...sharpest], ([, resolution]) => resolution ?? '').entries().map(([resolution, found]) => ({resolution: resolution === '' ? null : resolution, files: found.length, size_bytes: sum(found.map(([id]) => files.get(id)?.sizeBytes))})).toArray();
		},
	},
	missing_episodes: {
		columns: 'show_id, season_number, episode_number',
		expected: () => lines.filter(({type, gaps}) => type === 'season' && gaps !== undefined).flatMap(line => line.gaps!.map(gap => ({show_id: line.show!.id, season_number: line.seasonNumber, episode_number: gap}))),
	},
	shows_by_gb_per_hour: {
		columns: 'show_id, episodes, size_bytes, gb_per_hour',
		expected: () => grouped(episodes.filter(line => line.show !== undefined && sizeOf(line) !== undefined && durationOf(line) !== undefined), ({show}) => show!.id).entries().map(([id, found]) => {
			const own = new Map(found.flatMap(line => line.files).filter(({optimized}) => optimized !== true).map(file => [file.id, file.sizeBytes]));
			const size = sum(own.values());
			return {
				show_id: id, episodes: found.length, size_bytes: size, gb_per_hour: round((size / 1e9) / (sum(found.map(line => durationOf(line))) / 3_600_000), 3),
			};
		}).toArray(),
	},
	changes: {columns: 'kind, item_id', expected: () => history.map(event => ({kind: event.kind, item_id: 'itemId' in event ? event.itemId : null}))},
	removals: {
		columns: 'item_id, title, size_bytes',
		expected: () => history.filter(event => isRemoval(event)).map(event => ({item_id: event.itemId, title: event.title, size_bytes: sum(event.before.files.map(({sizeBytes}) => sizeBytes))})),
	},
	runs_with_problems: {
		columns: 'run_id, problem_count, problems',
		expected: () => records.filter(record => record.kind === 'run').filter(({status, problemCount}) => status !== 'done' || problemCount > 0).map(({id, problemCount, problems}) => ({run_id: id, problem_count: problemCount, problems: problems.length === 0 ? null : problems.slice(0, 10).map(({title, message}) => title === undefined ? message : `${title}: ${message}`).join('\n')})),
	},
};

for (const {name} of views) {
	test(`the view ${name} says what the export says`, async t => {
		const {columns, expected} = viewed[name]!;
		const wanted = expected();
		t.true(wanted.length > 0, 'the demo has something to find');
		t.deepEqual(inAnyOrder(await ask(`SELECT ${columns} FROM ${name}`)), inAnyOrder(wanted));
	});
}

type Dashboard = {panels: Array<{title: string; targets: Array<{rawSql: string; format: string}>}>};
const {panels} = JSON.parse(readFileSync('docs/grafana/reelcat.json', 'utf8')) as Dashboard;

const panelRows = async (title: string) => {
	const [target] = panels.find(panel => panel.title === title)!.targets;
	return ask(target!.rawSql.replaceAll(/\$__timeFilter\((?<column>[^\)]+)\)/gv, '$<column> BETWEEN \'1900-01-01\' AND \'2999-01-01\''));
};

const perDay = (rows: ReadonlyArray<{at: string; metric: string}>) => grouped(rows, ({at, metric}) => `${at.slice(0, 10)} ${metric}`).values().map(found => ({time: `${found[0]!.at.slice(0, 10)}T00:00:00+00:00`, metric: found[0]!.metric, value: found.length})).toArray();

const sizeNow = (libraryId: string) => sum(playable.filter(line => line.library.id === libraryId).map(line => sizeOf(line)));

test('each panel of the dashboard says what the export says', async t => {
	const seen = new Set<string>();
	const same = async (title: string, pick: (row: Row) => Row, wanted: readonly Row[]) => {
		seen.add(title);
		t.true(wanted.length > 0, title);
		t.deepEqual(inAnyOrder((await panelRows(title)).map(row => pick(row))), inAnyOrder(wanted), title);
	};

	const whole = (row: Row) => row;
	await same('Bytes by resolution', whole, viewed['bytes_by_resolution']!.expected().map(({resolution, size_bytes: size}) => ({resolution: resolution ?? 'unknown', size_bytes: size})));
	await same('Added per day', whole, perDay(playable.filter(({addedAt}) => addedAt !== undefined).map(({addedAt, type}) => ({at: addedAt!, metric: type}))));
	await same('Libraries', ({library, size_bytes: size}) => ({library, size}), header.libraries.map(({id, title}) => ({library: title, size: viewed['library_sizes']!.expected().find(row => row['library_id'] === id)!['size_bytes']})));
	const runs = records.filter(record => record.kind === 'run');
	await same('Last runs', ({status, problem_count: problems, imported}) => ({status, problems, imported}), runs.map(({status, problemCount, libraries}) => ({status, problems: problemCount, imported: sum(libraries.map(({imported}) => imported))})));
	await same('Problems of runs', ({message}) => ({message}), runs.flatMap(({problems}) => problems.map(({message}) => ({message}))));
	await same('Removed', ({title, size_bytes: size}) => ({title, size}), viewed['removals']!.expected().map(({title, size_bytes: size}) => ({title, size})));
	await same('Changes by kind', whole, perDay(history.filter(({kind}) => kind !== 'refreshed' && kind !== 'viewer').map(({at, kind}) => ({at, metric: kind}))));

	seen.add('Size of libraries over time');
	const sizes = await panelRows('Size of libraries over time');
	const last = new Map(sizes.map(({metric, value}) => [metric, value]));
	const filled = header.libraries.filter(({id}) => sizeNow(id) > 0);
	for (const {id, title} of filled) {
		t.is(last.get(title), sizeNow(id), title);
	}

	// Before it was removed, the film counted.
	const {title} = header.libraries.find(({id}) => id === demo.gone.libraryId)!;
	const [, earlier] = sizes.filter(({metric}) => metric === title).toReversed();
	t.true((earlier!['value'] as number) > 0);
	t.deepEqual(panels.map(panel => panel.title).filter(name => !seen.has(name)), []);
});
