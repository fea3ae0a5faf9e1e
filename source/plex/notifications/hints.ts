import {
	asRecord,
	asRecords,
	isRecord,
	readBoolean,
	readInteger,
	readString,
	type Wire,
} from '../wire.js';

/**
What a notification suggests about the libraries. It is only a reason to check; we never take it as true (plex-api.md 9.4).
*/
export type Hint =
	| {
		kind: 'items';
		sectionKey: string | undefined;
		ratingKeys: string[];
		/**
		The server says that they were deleted. This must be confirmed.
		*/
		isGone: boolean;
		/**
		Do not check sooner: the server has not stored the change yet.
		*/
		delayMs?: number;
		/**
		Nothing but a mark of the user can have changed.
		*/
		isMark?: true;
	}
	| {kind: 'section'; sectionKey: string | undefined};

/**
Reads the hints in one notification: a websocket frame (`{NotificationContainer: {type, TimelineEntry: […]}}`, rows under `_children` on old servers) or the data of a server-sent event (`{TimelineEntry: {…}}`). Unknown content gives no hints, and nothing throws.
*/
export const readHints = (message: unknown): Hint[] => {
	const outer = asRecord(message);
	const container = isRecord(outer['NotificationContainer']) ? outer['NotificationContainer'] : outer;
	return [
		...timelineHints(rowsOf(container, 'timeline', 'TimelineEntry')),
		...asRecords(container['ActivityNotification']).flatMap(row => activityHints(row)),
		...rowsOf(container, 'playing', 'PlaySessionStateNotification').flatMap(row => playingHints(row)),
	];
};

const rowsOf = (container: Wire<string>, type: string, name: string) =>
	asRecords<string>(container[name] ?? (container['type'] === type ? container['_children'] : undefined));

/**
Other providers (TV guides) number their items independently.
*/
const libraryIdentifier = 'com.plexapp.plugins.library';

/**
-1 unknown, 1 movie, 2 show, 3 season, 4 episode.
*/
const itemTypes = new Set([-1, 1, 2, 3, 4]);

/**
0 created, 1 queued (the last state for libraries without an agent), 5 processed, 6 analysing, 9 deleted.
*/
const tellingStates = new Set([0, 1, 5, 6, 9]);
const deletedState = 9;

const timelineHints = (rows: ReadonlyArray<Wire<string>>): Hint[] => {
	const groups = new Map<string, {sectionKey: string | undefined; isGone: boolean; keys: Set<string>}>();
	const group = (sectionKey: string | undefined, isGone: boolean, keys: readonly string[]) => {
		const name = `${isGone} ${sectionKey}`;
		const known = groups.get(name) ?? {sectionKey, isGone, keys: new Set()};
		groups.set(name, known);
		for (const key of keys) {
			known.keys.add(key);
		}
	};

	for (const row of rows) {
		const state = readInteger(row['state']) ?? NaN;
		const isItem = row['identifier'] === libraryIdentifier && itemTypes.has(readInteger(row['type']) ?? -1);
		const isDeleted = state === deletedState || row['metadataState'] === 'deleted';
		const isQuiet = !isDeleted && !tellingStates.has(state);
		if (isQuiet || !isItem) {
			continue;
		}

		const sectionKey = readId(row['sectionID']);
		group(sectionKey, isDeleted, idsOf(row['itemID']));
		// A season counts its episodes and a show its seasons, so the parents change as well.
		group(sectionKey, false, idsOf(row['parentItemID'], row['rootItemID']));
	}

	return groups.values()
		.filter(({keys}) => keys.size > 0)
		.map(({sectionKey, isGone, keys}): Hint => ({
			kind: 'items', sectionKey, ratingKeys: [...keys], isGone,
		}))
		.toArray();
};

const activityHints = (row: Wire<string>): Hint[] => {
	const [activity] = asRecords<string>(row['Activity']);
	if (activity === undefined || row['event'] !== 'ended') {
		return [];
	}

	const [context = {}] = asRecords<string>(activity['Context']);
	const sectionKey = readId(context['librarySectionID']);
	if (activity['type'] === 'library.update.section') {
		return [{kind: 'section', sectionKey}];
	}

	// The server sends this whenever anyone opens an item; only `refreshed` means that something changed (PKC#2027).
	const isRefreshed = readBoolean(context['refreshed']) === true;
	return isRefreshed && activity['type'] === 'library.refresh.items' ? itemHints(keyInPath(context['key']), {sectionKey}) : [];
};

/**
How long a server takes to store where somebody stopped; "a few seconds" in plex-api.md 9.4.
*/
const stoppedDelayMs = 3000;

const playingHints = (row: Wire<string>): Hint[] => row['state'] === 'stopped'
	? itemHints(readId(row['ratingKey']) ?? keyInPath(row['key']), {delayMs: stoppedDelayMs, isMark: true})
	: [];

const itemHints = (ratingKey: string | undefined, more: {sectionKey?: string | undefined; delayMs?: number; isMark?: true}): Hint[] => ratingKey === undefined
	? []
	: [{
		kind: 'items', sectionKey: undefined, ratingKeys: [ratingKey], isGone: false, ...more,
	}];

const keyInPath = (path: unknown) => readId(/^\/library\/metadata\/(?<key>\d+)(?:$|[\/?])/v.exec(readString(path) ?? '')?.groups?.['key']);

const idsOf = (...values: readonly unknown[]) => values.map(value => readId(value)).filter(id => id !== undefined);

/**
A number or its digits. 0 and -1 mean that there is none.
*/
const readId = (value: unknown): string | undefined => {
	const id = readString(value)?.trim();
	return id !== undefined && /^[1-9]\d{0,18}$/v.test(id) ? id : undefined;
};
