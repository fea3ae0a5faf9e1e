import {loadSqlite} from '../../source/base/load-sqlite.js';

/**
What Kodi has of a film, show or episode: plain values and lists by the names of their elements. A list has no order.
*/
export type Seen = Record<string, string | number | readonly string[] | undefined>;

export type Library = {
	/**
	By the path of the file.
	*/
	films: Map<string, Seen>;
	episodes: Map<string, Seen[]>;
	/**
	By the path of the folder.
	*/
	shows: Map<string, Seen>;
};

type Row = Record<string, string | number | undefined>;

const plain = (value: string | number | undefined) => value === null || value === '' ? undefined : value;

/**
Reads the library of Kodi from its database.
*/
export const readLibrary = (database: string): Library => {
	const sqlite = loadSqlite();
	const opened = new sqlite.DatabaseSync(database, {readOnly: true});
	const rows = (query: string, ...values: ReadonlyArray<string | number>) => opened.prepare(query).all(...values) as Row[];
	const texts = (query: string, ...values: ReadonlyArray<string | number>) => rows(query, ...values).map(row => Object.values(row).map(value => String(value ?? '')).join(' | ')).toSorted();

	const lists = (id: number, type: string): Seen => {
		const linked = (name: string) => texts(`SELECT name FROM ${name} JOIN ${name}_link USING (${name}_id) WHERE media_id = ? AND media_type = ?`, id, type);
		const people = (name: string) => texts(`SELECT name FROM actor JOIN ${name}_link USING (actor_id) WHERE media_id = ? AND media_type = ?`, id, type);
		return {
			genres: linked('genre'),
			countries: linked('country'),
			studios: linked('studio'),
			tags: linked('tag'),
			directors: people('director'),
			writers: people('writer'),
			actors: texts('SELECT cast_order, name, role FROM actor JOIN actor_link USING (actor_id) WHERE media_id = ? AND media_type = ?', id, type),
			art: texts('SELECT type, url FROM art WHERE media_id = ? AND media_type = ?', id, type),
			ids: texts('SELECT type, value FROM uniqueid WHERE media_id = ? AND media_type = ?', id, type),
			ratings: texts('SELECT rating_type, round(rating, 2) FROM rating WHERE media_id = ? AND media_type = ?', id, type),
		};
	};

	const streams = (idFile: number): Seen => ({
		video: texts('SELECT strVideoCodec, fVideoAspect, iVideoWidth, iVideoHeight, iVideoDuration, strHdrType FROM streamdetails WHERE idFile = ? AND iStreamType = 0', idFile),
		audio: texts('SELECT strAudioCodec, strAudioLanguage, iAudioChannels FROM streamdetails WHERE idFile = ? AND iStreamType = 1', idFile),
		subtitles: texts('SELECT strSubtitleLanguage FROM streamdetails WHERE idFile = ? AND iStreamType = 2', idFile),
	});

	const played = (row: Row): Seen => ({
		playCount: plain(row['playCount']),
		lastPlayed: plain(row['lastPlayed']),
		dateAdded: plain(row['dateAdded']),
		resume: plain(row['resumeTimeInSeconds']),
		resumeTotal: plain(row['totalTimeInSeconds']),
		defaultId: `${row['uniqueid_type'] ?? ''} | ${row['uniqueid_value'] ?? ''}`,
		defaultRating: `${row['rating_type'] ?? ''} | ${row['rating'] === null ? '' : Math.round(Number(row['rating']) * 100) / 100}`,
		userRating: plain(row['userrating']),
	});

	try {
		const films = new Map(rows('SELECT * FROM movie_view').map(row => [`${row['strPath']}${row['strFileName']}`, {
			title: plain(row['c00']),
			plot: plain(row['c01']),
			tagline: plain(row['c03']),
			sortTitle: plain(row['c10']),
			runtime: plain(row['c11']),
			mpaa: plain(row['c12']),
			originalTitle: plain(row['c16']),
			premiered: plain(row['premiered']),
			set: plain(row['strSet']),
			...played(row),
			...lists(Number(row['idMovie']), 'movie'),
			...streams(Number(row['idFile'])),
		} satisfies Seen]));
		const episodes = new Map<string, Seen[]>();
		for (const row of rows('SELECT * FROM episode_view')) {
			const file = `${row['strPath']}${row['strFileName']}`;
			episodes.set(file, [...episodes.get(file) ?? [], {
				title: plain(row['c00']),
				plot: plain(row['c01']),
				aired: plain(row['c05']),
				runtime: plain(row['c09']),
				season: plain(row['c12']),
				episode: plain(row['c13']),
				show: plain(row['strTitle']),
				...played(row),
				...lists(Number(row['idEpisode']), 'episode'),
				...streams(Number(row['idFile'])),
			}]);
		}

		const shows = new Map(rows('SELECT tvshow_view.*, path.strPath AS folder FROM tvshow_view JOIN tvshowlinkpath USING (idShow) JOIN path ON path.idPath = tvshowlinkpath.idPath').map(row => [String(row['folder']), {
			title: plain(row['c00']),
			plot: plain(row['c01']),
			premiered: plain(row['c05']),
			originalTitle: plain(row['c09']),
			mpaa: plain(row['c13']),
			sortTitle: plain(row['c15']),
			userRating: plain(row['userrating']),
			defaultId: `${row['uniqueid_type'] ?? ''} | ${row['uniqueid_value'] ?? ''}`,
			// Kodi also makes seasons without a name for all numbers up to that of a poster.
			seasons: texts('SELECT season, name FROM seasons WHERE idShow = ? AND name <> \'\'', Number(row['idShow'])),
			seasonArt: texts('SELECT season, url FROM seasons JOIN art ON media_id = idSeason WHERE media_type = \'season\' AND type = \'poster\' AND season >= 0 AND idShow = ?', Number(row['idShow'])),
			...lists(Number(row['idShow']), 'tvshow'),
		} satisfies Seen]));
		return {films, episodes, shows};
	} finally {
		opened.close();
	}
};
