/**
Names of kinds. They are apart from the schemas, because the command line and much else need them without zod, whose schemas take longer to make than a short command to run.
*/

export const itemTypes = ['movie', 'show', 'season', 'episode'] as const;

export const listKinds = ['collection', 'playlist'] as const;

/**
What can happen to an item. `split`: a version of another item became an item of its own; `merged`: the item became a version of another one; no file comes or goes with either. `readded`: the item came back under another ratingKey. `refreshed` is what Plex changes by itself (stamps, artwork, ratings, counts); `viewer` replaces the marks of one user by those of another. Both are kept, so that the past can be rebuilt, but they are not shown.
*/
export const changeKinds = [
	'added',
	'removed',
	'restored',
	'split',
	'merged',
	'upgraded',
	'replaced',
	'version-added',
	'version-removed',
	'moved',
	'rematched',
	'edited',
	'readded',
	'watched',
	'refreshed',
	'viewer',
	'collection-added',
	'collection-removed',
	'collection-changed',
	'playlist-added',
	'playlist-removed',
	'playlist-changed',
] as const;
