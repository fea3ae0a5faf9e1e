import {hexOf} from './dice.js';

export type SectionType = 'movie' | 'show' | 'artist' | 'photo';

export type DemoSection = {
	key: string;
	title: string;
	type: SectionType;
	agent: string;
	scanner: string;
	language: string;
	hidden: number;
	uuid: string;
	/**
	A counter of up to 64 bits, hence as digits.
	*/
	contentChangedAt: string;
	refreshing: boolean;
	/**
	Seconds since 1970.
	*/
	scannedAt: number;
	locations: string[];
};

/**
All stamps of the demo are before this time, so that nothing depends on the clock.
*/
export const demoNow = 1_750_000_000;

export const sectionKeys = {
	films: '1',
	series: '2',
	classics: '3',
	anime: '4',
	clips: '5',
	empty: '6',
	music: '7',
	photos: '8',
} as const;

export const createSections = (seed: number): DemoSection[] => {
	const uuid = (key: number) => {
		const hex = hexOf(32, seed, key, 41);
		return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `9${hex.slice(17, 20)}`, hex.slice(20)].join('-');
	};

	const section = (key: string, changes: Partial<DemoSection> & Pick<DemoSection, 'title' | 'type' | 'locations'>): DemoSection => ({
		key,
		agent: {
			movie: 'tv.plex.agents.movie', show: 'tv.plex.agents.series', artist: 'tv.plex.agents.music', photo: 'com.plexapp.agents.none',
		}[changes.type],
		scanner: {
			movie: 'Plex Movie', show: 'Plex TV Series', artist: 'Plex Music', photo: 'Plex Photo Scanner',
		}[changes.type],
		language: 'en-GB',
		hidden: 0,
		uuid: uuid(Number(key)),
		contentChangedAt: String(18_253_700 + Number(key)),
		refreshing: false,
		scannedAt: demoNow - 900,
		...changes,
	});

	return [
		section(sectionKeys.films, {title: 'Films', type: 'movie', locations: ['/srv/films', '/srv/films-4k']}),
		section(sectionKeys.series, {
			// More than a JavaScript number holds; seen on real servers.
			title: 'Series', type: 'show', contentChangedAt: '8457612157633039800', locations: [String.raw`D:\TV`],
		}),
		section(sectionKeys.classics, {title: 'Classics ', type: 'movie', locations: ['/srv/classics']}),
		section(sectionKeys.anime, {title: 'Anime & Nightly', type: 'show', locations: ['/srv/anime', '/srv/nightly']}),
		section(sectionKeys.clips, {
			title: 'Home Clips', type: 'movie', agent: 'tv.plex.agents.none', scanner: 'Plex Video Files Scanner', language: 'xn', hidden: 1, locations: ['/srv/clips'],
		}),
		section(sectionKeys.empty, {title: 'Not Sorted Yet', type: 'movie', locations: ['/srv/inbox']}),
		section(sectionKeys.music, {title: 'Music', type: 'artist', locations: ['/srv/music']}),
		section(sectionKeys.photos, {
			title: 'Photos', type: 'photo', language: 'xn', hidden: 2, locations: ['/srv/photos'],
		}),
	];
};

/**
A `Directory` of `/library/sections`. `contentChangedAt` stays text here, see `toJson`.
*/
export const sectionRow = (section: DemoSection) => {
	const id = Number(section.key);
	return {
		allowSync: true,
		art: `/:/resources/${section.type}-fanart.jpg`,
		composite: `/library/sections/${section.key}/composite/${demoNow - 900}`,
		filters: true,
		refreshing: section.refreshing,
		thumb: `/:/resources/${section.type}.png`,
		key: section.key,
		type: section.type,
		title: section.title,
		agent: section.agent,
		scanner: section.scanner,
		language: section.language,
		uuid: section.uuid,
		updatedAt: demoNow - 2_000_000 + id,
		createdAt: 1_600_000_000 + id,
		scannedAt: section.scannedAt,
		content: true,
		directory: true,
		contentChangedAt: section.contentChangedAt,
		hidden: section.hidden,
		Location: section.locations.map((path, index) => ({id: (id * 10) + index, path})),
	};
};
