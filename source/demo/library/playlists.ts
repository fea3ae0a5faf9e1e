import {readSelection, type MemberFacts, type SmartList} from './collections.js';
import {hexOf} from './dice.js';
import {demoNow, sectionKeys} from './section.js';
import type {Selection} from './selection.js';
import type {RowChange} from './shelf.js';

export type PlaylistRow = {
	ratingKey: string;
	key: string;
	guid: string;
	type: 'playlist';
	title: string;
	summary: string;
	smart: boolean;
	content?: string;
	playlistType: string;
	composite: string;
	duration: number;
	leafCount: number;
	addedAt: number;
	updatedAt: number;
};

/**
Items in the order in which they are played. One may occur twice, and they may be of different libraries.
*/
export type NamedPlaylist = {
	ratingKey: string;
	title: string;
	summary: string;
	items: readonly number[];
};

type Playlist = NamedPlaylist | SmartList;

/**
An item of a playlist has a number of its own there, by which one of two equal items is told from the other.
*/
export type PlaylistItem = {key: number; playlistItemID: number};

export type DemoPlaylists = {
	list: () => PlaylistRow[];
	row: (ratingKey: string) => PlaylistRow | undefined;
	items: (ratingKey: string) => PlaylistItem[] | undefined;
};

type PlaylistSources = {
	select: (sectionKey: string, type: number, selection: Selection) => readonly number[];
	factsOf: (key: number) => MemberFacts | undefined;
	edits: ReadonlyMap<string, RowChange<PlaylistRow>>;
	/**
	They replace playlists with the same key.
	*/
	added: readonly NamedPlaylist[];
	removed: ReadonlySet<string>;
};

const firstPlaylistKey = 390_000;

const standing: readonly Playlist[] = [
	{
		ratingKey: String(firstPlaylistKey), title: 'Saturday Double Bill', summary: 'Two films, with an episode between them.', items: [1_000_005, 3_000_004, 1_000_002],
	},
	{
		ratingKey: String(firstPlaylistKey + 1), title: 'Once More from the Top', summary: '', items: [1_000_001, 1_000_003, 1_000_001],
	},
	{
		ratingKey: String(firstPlaylistKey + 2), title: 'Begun and Not Finished', summary: '', sectionKey: sectionKeys.films, type: 1, query: 'type=1&sort=lastViewedAt:desc&inProgress=1',
	},
];

export const createPlaylists = ({select, factsOf, edits, added, removed}: PlaylistSources): DemoPlaylists => {
	const itemsOf = (playlist: Playlist): PlaylistItem[] => {
		const keys = 'items' in playlist ? playlist.items : select(playlist.sectionKey, playlist.type, readSelection(playlist.query));
		return keys.map((key, position) => ({key, playlistItemID: (Number(playlist.ratingKey) * 1000) + position + 1})).filter(({key}) => factsOf(key) !== undefined);
	};

	const rowOf = (playlist: Playlist): PlaylistRow => {
		const {ratingKey, title, summary} = playlist;
		const items = itemsOf(playlist);
		const updatedAt = demoNow - 300_000;
		const row: PlaylistRow = {
			ratingKey,
			key: `/playlists/${ratingKey}/items`,
			guid: `com.plexapp.agents.none://${hexOf(32, Number(ratingKey), 52)}`,
			type: 'playlist',
			title,
			summary,
			smart: !('items' in playlist),
			...(!('items' in playlist) && {content: `/library/sections/${playlist.sectionKey}/all?${playlist.query}`}),
			playlistType: 'video',
			composite: `/playlists/${ratingKey}/composite/${updatedAt}`,
			duration: items.reduce((sum, {key}) => sum + (factsOf(key)?.duration ?? 0), 0),
			leafCount: items.length,
			addedAt: 1_650_000_000 + Number(ratingKey),
			updatedAt,
		};
		edits.get(ratingKey)?.(row);
		return row;
	};

	const all = (): Playlist[] => {
		const byKey = new Map<string, Playlist>([...standing, ...added].map(playlist => [playlist.ratingKey, playlist]));
		return byKey.values().filter(({ratingKey}) => !removed.has(ratingKey)).toArray();
	};

	const find = (ratingKey: string) => all().find(playlist => playlist.ratingKey === ratingKey);
	return {
		list: () => all().map(playlist => rowOf(playlist)),
		row(ratingKey) {
			const playlist = find(ratingKey);
			return playlist && rowOf(playlist);
		},
		items(ratingKey) {
			const playlist = find(ratingKey);
			return playlist && itemsOf(playlist);
		},
	};
};
