import type {WatchStatus} from '../watch/types.js';
import type {Watcher} from '../watch/watcher.js';

export type Page<Entry> = {
	entries: Entry[];
	/**
	To go on with; absent at the end.
	*/
	nextCursor?: string;
};

export type ItemEntry = {
	id: string;
	type: string;
	libraryId: string;
	ratingKey?: string | undefined;
	title: string;
	editionTitle?: string | undefined;
	year?: number | undefined;
	releaseDate?: string | undefined;
	seasonNumber?: number | undefined;
	episodeNumber?: number | undefined;
	durationMs?: number | undefined;
	resolution?: string | undefined;
};

export type ChangeEntry = {
	revision: number;
	at: string;
	kind: string;
	runId: string;
	libraryId: string;
	itemId?: string | undefined;
	type?: string | undefined;
	title?: string | undefined;
	reason?: string | undefined;
	/**
	Names of the fields that differ.
	*/
	fields?: string[] | undefined;
};

/**
What the API asks of the catalogue.
*/
export type ApiQueries = {
	/**
	@throws AppError 'usage' for a cursor that was not given by this process
	*/
	items: (query: {text: string | undefined; limit: number; cursor: string | undefined}) => Promise<Page<ItemEntry>>;
	/**
	Oldest first.

	@throws AppError 'usage' for a cursor that cannot be one
	*/
	changes: (query: {since: string; limit: number; cursor: string | undefined}) => Promise<Page<ChangeEntry>>;
};

/**
Of a Plex webhook only this is looked at: it comes from whoever knows the address.
*/
export type PlexHook = {
	event: string;
	serverId?: string | undefined;
	sectionKey?: string | undefined;
	sectionTitle?: string | undefined;
	ratingKey?: string | undefined;
};

/**
Of Sonarr and Radarr.
*/
export type ImportHook = {
	eventType: string;
	kind: 'movie' | 'series' | 'other';
};

/**
Everything that stands behind the API.
*/
export type ApiPort = {
	watcher: Watcher;
	statusNow: () => WatchStatus;
	queries: ApiQueries;
	onPlexHook: (hook: PlexHook) => void;
	onImportHook: (hook: ImportHook) => void;
	/**
	Work goes on, or there is none.
	*/
	isHealthy: () => boolean;
	/**
	Every library has been looked at.
	*/
	isReady: () => boolean;
};
