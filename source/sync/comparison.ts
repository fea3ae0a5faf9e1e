import type {ItemType, SyncState} from '../catalog/types.js';
import {defined} from '../catalog/values.js';
import {movedStamps, type ListPage} from '../plex/types.js';
import type {KnownItem, KnownLibrary} from './known-library.js';
import {importedTypes} from './library-record.js';
import {fullPageSize, listPages} from './listing.js';
import type {RememberedPlaces} from './lost-places.js';
import {isFirst, type LibraryWork} from './library-work.js';
import type {RowComparison, RowFindings} from './row-comparison.js';

type ComparisonOptions = LibraryWork & {
	known: KnownLibrary;
	rows: RowComparison;
	onPage?: () => Promise<void>;
	onTypeEnd?: (type: ItemType) => Promise<void>;
};

export type Comparison = RowFindings & {
	/**
	Items that are known but no longer listed, by ratingKey. Undefined when that is not certain; then `whyNot` is a sentence that says why.
	*/
	missing: Map<string, KnownItem> | undefined;
	/**
	Ids of items that were not listed, when that is no proof that they are missing: the list was not complete, or their rows may be among those that were lost.
	*/
	doubtful: readonly string[];
	/**
	False when only single items were asked for.
	*/
	isListed: boolean;
	/**
	All rows were listed, not only those whose stamps have moved.
	*/
	isSweep: boolean;
	whyNot: string | undefined;
	/**
	Rows that the server could not list. Undefined when not all rows were asked for.
	*/
	lostRows: LostRows | undefined;
};

type LostRows = NonNullable<SyncState['lostRows']>;

export const nothingListed: Omit<Comparison, 'wanted'> = {
	views: new Map(),
	returned: [],
	serverSeconds: undefined,
	isListed: false,
	isSweep: false,
	missing: undefined,
	doubtful: [],
	whyNot: undefined,
	lostRows: undefined,
};

const slimPageSize = 1000;
const maxSweeps = 3;

/**
@throws AppError when the server as a whole fails
*/
export const compareLibrary = async (options: ComparisonOptions): Promise<Comparison> => {
	const {known, library, plan, rows} = options;
	if (plan.mode === 'look') {
		if (await isLookEnough(options)) {
			return {...nothingListed, ...rows.findings(), isListed: true};
		}

		rows.again();
	}

	let before: Sweep = {
		keys: new Set(), doubt: undefined, isHopeless: false, lostRows: library.sync?.lostRows ?? [],
	};
	for (let attempt = 1; ; attempt++) {
		const sweep = await sweepOnce(options, before.lostRows);
		// A parent that was asked for by its key is in no listing, and has no fingerprint. An import leaves it alone; a sync asks whether it is still there.
		const unlistedKeys = known.passing().filter(item => !sweep.keys.has(item.ratingKey) && (plan.mode !== 'import' || item.hasFingerprints)).map(({ratingKey}) => ratingKey).toArray();
		const unlisted = unlistedKeys.map((key): [string, KnownItem] => [key, known.byKey.get(key)!]);
		const compared = (missing: Comparison['missing'], whyNot?: string): Comparison => ({
			...nothingListed,
			...rows.findings(),
			isListed: true,
			isSweep: sweep.doubt === undefined,
			missing,
			doubtful: unlisted.filter(([key]) => missing?.has(key) !== true).map(([, {id}]) => id),
			whyNot,
			lostRows: sweep.lostRows,
		});
		const missing = new Map(unlisted.filter(([key, {type}]) => !isAmong(sweep.lostRows, type, key)));
		const doubt = sweep.doubt ?? (missing.size === 0 ? undefined : await doubtStability(options, sweep, before));
		if (doubt === undefined) {
			return compared(missing);
		}

		if (missing.size === 0) {
			return compared(undefined, `Something may be missing from the list: ${doubt}.`);
		}

		if (attempt === maxSweeps || sweep.isHopeless) {
			return compared(undefined, `${missing.size} items were not listed, but nothing was removed: ${doubt}.`);
		}

		before = sweep;
		rows.again();
	}
};

/**
Lists are in the order of the ratingKeys, so a row that was lost has a key between those of its neighbours.
*/
const isAmong = (lostRows: LostRows, itemType: ItemType, ratingKey: string): boolean => lostRows.some(({type, after, before}) =>
	type === itemType && Number(ratingKey) > Number(after ?? -Infinity) && Number(ratingKey) < Number(before ?? Infinity));

/**
Compares only what has moved since the last time. A new row means that the stamps of the section do not tell everything; then all rows have to be compared.

@returns whether that was enough
*/
const isLookEnough = async (options: ComparisonOptions): Promise<boolean> => {
	const {plan, library, rows} = options;
	if (plan.sinceSeconds === undefined) {
		return false;
	}

	let isDoubtful = false;
	const onDoubt = () => {
		isDoubtful = true;
	};

	for (const type of importedTypes(library.type)) {
		for (const stamp of movedStamps) {
			for await (const page of pagesOf(options, type, {fields: 'slim', movedSince: {stamp, seconds: plan.sinceSeconds}, onDoubt})) {
				await rows.compare(page.rows, type, {isFull: false, serverSeconds: page.serverSeconds});
			}
		}
	}

	return !isDoubtful && !rows.hasNew();
};

type Sweep = {
	keys: Set<string>;
	doubt: string | undefined;
	/**
	Another sweep would end with the same doubt.
	*/
	isHopeless: boolean;
	lostRows: LostRows;
	/**
	The first page of the next type, if it was asked for ahead.
	*/
	first?: Promise<ListPage> | undefined;
};

/**
Lists every row of every type. The sweep is complete when as many different rows came as were announced, without those that the server could not deliver, and the announced number never changed.
*/
const sweepOnce = async (options: ComparisonOptions, remembered: LostRows): Promise<Sweep> => {
	const sweep: Sweep = {
		keys: new Set(), doubt: undefined, isHopeless: false, lostRows: [],
	};
	const types = importedTypes(options.library.type);
	for (const [index, type] of types.entries()) {
		await sweepType(options, type, {remembered, sweep, next: types[index + 1]});
	}

	return sweep;
};

/**
The first page of a type, which is on its way while the details of the type before are waited for.
*/
const askFirst = ({plex, library, signal}: ComparisonOptions, type: ItemType | undefined): Promise<ListPage> | undefined => {
	if (type === undefined) {
		return undefined;
	}

	const page = plex.page({
		sectionKey: library.key, type, start: 0, size: fullPageSize, fields: 'full', signal,
	});
	page.catch(() => {/* the listing of the type gets the error */});
	return page;
};

type TypeSweep = {
	remembered: LostRows;
	sweep: Sweep;
	next: ItemType | undefined;
};

const sweepType = async (options: ComparisonOptions, type: ItemType, {remembered, sweep, next}: TypeSweep): Promise<void> => {
	const {plan: {mode}, rows, onPage, onTypeEnd} = options;
	const isFull = mode === 'full' || mode === 'import';
	const totals = new Set<number | undefined>();
	let different = 0;
	let lost = 0;
	let lastKey = -Infinity;
	let isInOrder = true;
	let doubt: string | undefined;
	const pages = pagesOf(options, type, {
		fields: isFull ? 'full' : 'slim',
		remembered: rememberedPlaces(options, type, remembered),
		counted: rows.counted(type),
		first: sweep.first,
		onLostPlace(place) {
			lost += place.rows;
			sweep.lostRows.push({type, ...defined(place)});
		},
		onDoubt(sentence) {
			doubt ??= sentence;
		},
	});
	rows.startType(type);
	for await (const page of pages) {
		totals.add(page.total);
		const keys = await rows.compare(page.rows, type, {...page, isFull});
		const named = keys.filter(key => key !== undefined);
		for (const key of named) {
			different += sweep.keys.has(key) ? 0 : 1;
			sweep.keys.add(key);
			isInOrder &&= Number(key) > lastKey;
			lastKey = Number(key);
		}

		// A row without a key is a row all the same.
		different += keys.length - named.length;
		await onPage?.();
	}

	sweep.first = onTypeEnd === undefined ? undefined : askFirst(options, next);
	await onTypeEnd?.(type);
	const lasting = doubt ?? lastingDoubt({totals, isEmpty: lost + different === 0, isUnsorted: lost > 0 && !isInOrder});
	// A first import has no notes.
	rows.endType(type, isFirst(options) ? lasting : doubt);
	const [total] = totals;
	sweep.isHopeless ||= lasting !== undefined;
	sweep.doubt ??= lasting ?? (totals.size > 1
		? 'the library changed while it was listed'
		: (total === undefined || different + lost === total ? undefined : `the server announced ${total} rows of the type ${type}, but listed ${different} different ones`));
};

const lastingDoubt = ({totals, isEmpty, isUnsorted}: {totals: ReadonlySet<number | undefined>; isEmpty: boolean; isUnsorted: boolean}): string | undefined => {
	if (isUnsorted) {
		return 'some rows could not be read';
	}

	return isEmpty || !totals.has(undefined) ? undefined : 'the server does not say how many items there are';
};

/**
Tells a listing where rows were lost, and which rows to expect around them. An item that was read before its row broke lies in a lost place.
*/
const rememberedPlaces = ({known}: ComparisonOptions, itemType: ItemType, lostRows: LostRows): RememberedPlaces | undefined => {
	const places = lostRows.filter(({type}) => type === itemType);
	if (places.length === 0) {
		return undefined;
	}

	return {
		places,
		stored: new Set(known.passing()
			.filter(item => !item.isMissing && item.type === itemType && item.hasFingerprints && !isAmong(places, itemType, item.ratingKey))
			.map(({ratingKey}) => ratingKey)),
	};
};

/**
A server whose stamps move is believed when two sweeps agree. A server that is scanning may not have found everything yet.
*/
const doubtStability = async ({plex, library, section, signal}: ComparisonOptions, sweep: Sweep, before: Sweep): Promise<string | undefined> => {
	const sections = await plex.sections({signal});
	const now = sections.find(({id}) => id === library.id);
	if (now === undefined) {
		return 'the server no longer lists the library';
	}

	if (section.isRefreshing || now.isRefreshing) {
		return 'the server is scanning it';
	}

	const isQuiet = now.contentChangedAt !== undefined && now.contentChangedAt === section.contentChangedAt;
	const isAgreed = before.doubt === undefined && before.keys.size === sweep.keys.size && before.keys.values().every(key => sweep.keys.has(key));
	return isQuiet || isAgreed ? undefined : 'the library changed while it was listed';
};

const pagesOf = (
	{plex, library, signal, rows}: ComparisonOptions,
	type: ItemType,
	request: Pick<Parameters<typeof listPages>[0], 'fields' | 'movedSince' | 'remembered' | 'counted' | 'first' | 'onLostPlace' | 'onDoubt'>,
) => listPages({
	plex,
	sectionKey: library.key,
	type,
	pageSize: request.fields === 'slim' ? slimPageSize : fullPageSize,
	...request,
	signal,
	onLostRow(position, error) {
		rows.lose(position, type, error);
	},
});
