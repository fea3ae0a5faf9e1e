/**
What `@ctrl/plex` sees on a server: `node ctrl-plex.mjs URL TOKEN`. It prints one JSON object.
*/
import process from 'node:process';
import {PlexServer} from '@ctrl/plex';

const [url, token] = process.argv.slice(2);
const server = new PlexServer(url, token);
await server.connect();
const library = await server.library();
const sections = await library.sections();

const typesIn = {movie: [1], show: [2, 3, 4]};

const rows = {};
for (const {key, title, type} of sections) {
	rows[title] = 0;
	for (const number of typesIn[type] ?? []) {
		// `all` would read the rows, but @ctrl/plex 3 cannot read one whose version has no file yet, as real servers have them too.
		const {MediaContainer: {totalSize}} = await server.query(`/library/sections/${key}/all?type=${number}&X-Plex-Container-Start=0&X-Plex-Container-Size=0`);
		rows[title] += totalSize;
	}
}

const films = await library.section('Films');
const film = await films.get('The General');
const collections = await films.collections();
const members = {};
const wanted = collections.filter(({title}) => title === 'The War Shelf' || title === 'Not Seen Yet: Before Sound');
for (const collection of wanted) {
	members[collection.title] = (await collection.items()).map(({title}) => title);
}

const series = await library.section('Series');
const shows = await series.all();
const seasons = await shows.find(({title}) => title === 'Harbour of Glass').seasons();
process.stdout.write(JSON.stringify({
	server: server.friendlyName,
	rows,
	film: {title: film.title, year: film.year, guid: film.guid},
	collections: Object.fromEntries(collections.map(({title, size}) => [title, size])),
	members,
	seasons: seasons.length,
}));
