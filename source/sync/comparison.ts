import type {ItemType} from '../catalog/types.js';
import {movedStamps, type PageRequest} from '../plex/types.js';
import type {KnownItem} from './knowledge.js';
import {importedTypes} from './library-record.js';
import {fullPageSize, listPages} from './listing.js';
import type {PreparedWork} from './library-work.js';
import type {RowComparison, RowFindings} from './row-comparison.js';

type ComparisonOptions = PreparedWork & {
	rows: RowComparison;
	onPage?: () => Promise<void>;
	onTypeEnd?: () => Promise<void>;
};

export type Comparison = RowFindings & {
	/**
	Items that are known but no longer listed, by ratingKey. Undefined when that is not certain; then `whyNot` is a sentence that says why.
	*/
	missing: Map<string, KnownItem> | undefined;
	/**
	Ids of items that were not listed, when that is no proof that they are missing.
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
};

export const nothingListed: Omit<Comparison, 'wanted'> = {
	views: new Map(),
	returned: [],
	serverSeconds: undefined,
	isListed: false,
	isSweep: false,
	missing: undefined,
	doubtful: [],
	whyNot: undefined,
};

const slimPageSize = 1000;
const maxSweeps = 3;

/**
@throws AppError when the server as a whole fails
*/
export const compareLibrary = async (options: ComparisonOptions): Promise<Comparison> => {
	const {known, plan, rows} = options;
	const compared = (isSweep: boolean, missing: Comparison['missing'], doubt: {whyNot?: string; doubtful?: readonly string[]} = {}): Comparison => ({
		...nothingListed, ...rows.findings(), ...doubt, isListed: true, isSweep, missing,
	});
	if (plan.mode === 'look') {
		if (await isLookEnough(options)) {
			return compared(false, undefined);
		}

		rows.again();
	}

	let before: Sweep = {keys: new Set(), doubt: undefined};
	for (let attempt = 1; ; attempt++) {
		const sweep = await sweepOnce(options);
		// A parent that was asked for by its key is in no listing, and has no fingerprint. An import leaves it alone; a sync asks whether it is still there.
		const missing = new Map(known.byKey.entries().filter(([key, {fingerprints}]) => !sweep.keys.has(key) && (plan.mode !== 'import' || fingerprints !== undefined)));
		const doubt = missing.size === 0 ? undefined : sweep.doubt ?? await doubtStability(options, sweep, before);
		if (doubt === undefined) {
			return compared(true, missing);
		}

		if (attempt === maxSweeps) {
			return compared(true, undefined, {
				whyNot: `${missing.size} items were not listed, but nothing was removed: ${doubt}.`, doubtful: missing.values().map(({id}) => id).toArray(),
			});
		}

		before = sweep;
		rows.again();
	}
};

/**
Compares only what has moved since the last time. A new row means that the stamps of the section do not tell everything; then all rows have to be compared.

@returns whether that was enough
*/
const isLookEnough = async (options: ComparisonOptions): Promise<boolean> => {
	const {plan, library, rows} = options;
	if (plan.sinceSeconds === undefined) {
		return false;
	}

	for (const type of importedTypes(library.type)) {
		for (const stamp of movedStamps) {
			for await (const page of pagesOf(options, type, {fields: 'slim', movedSince: {stamp, seconds: plan.sinceSeconds}})) {
				await rows.compare(page.rows, type, {isFull: false, serverSeconds: page.serverSeconds});
			}
		}
	}

	return !rows.hasNew();
};

type Sweep = {
	keys: Set<string>;
	doubt: string | undefined;
};

/**
Lists every row of every type. The sweep is complete when each page was answered, as many different rows came as were announced, and the announced number never changed.
*/
const sweepOnce = async (options: ComparisonOptions): Promise<Sweep> => {
	const {library, plan: {mode}, rows, onPage, onTypeEnd} = options;
	const isFull = mode === 'full' || mode === 'import';
	const keys = new Set<string>();
	let doubt: string | undefined;
	for (const type of importedTypes(library.type)) {
		const totals = new Set<number | undefined>();
		let different = 0;
		let lost = 0;
		const pages = pagesOf(options, type, {fields: isFull ? 'full' : 'slim'}, () => {
			lost++;
		});
		rows.startType(type);
		for await (const page of pages) {
			totals.add(page.total);
			for (const key of await rows.compare(page.rows, type, {...page, isFull})) {
				// A row without a key is a row all the same.
				different += key === undefined || !keys.has(key) ? 1 : 0;
				if (key !== undefined) {
					keys.add(key);
				}
			}

			await onPage?.();
		}

		await onTypeEnd?.();
		rows.endType(type);
		const [total] = totals;
		if (lost > 0) {
			doubt = 'some rows could not be read';
		} else if (total === undefined) {
			doubt = 'the server does not say how many items there are';
		} else if (totals.size > 1) {
			doubt = 'the library changed while it was listed';
		} else if (different !== total) {
			doubt = `the server announced ${total} rows of the type ${type}, but listed ${different} different ones`;
		}
	}

	return {keys, doubt};
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
	request: Pick<PageRequest, 'fields' | 'movedSince'>,
	onLost: () => void = () => {/* counted by `rows` */},
) => listPages({
	plex,
	sectionKey: library.key,
	type,
	pageSize: request.fields === 'slim' ? slimPageSize : fullPageSize,
	...request,
	signal,
	onLostRow(position, error) {
		onLost();
		rows.lose(position, type, error);
	},
});
