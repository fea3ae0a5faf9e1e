import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {emptyFields} from '../../catalog/item.js';
import {itemTypes} from '../../catalog/kinds.js';
import {recordSchema} from '../../catalog/schema.js';
import type {
	CatalogRecord,
	Collection,
	Item,
	ItemList,
	Playlist,
} from '../../catalog/types.js';
import {nextTurn} from '../../base/turns.js';
import type {CatalogData} from '../catalog-data.js';
import {
	canonicalJson,
	isTooDeep,
	lineFacts,
	recordLine,
} from '../record-line.js';
import {parseJson} from '../document-format.js';

export type TellFinding = (finding: string) => void;

const recordsPerTurn = 200;

/**
Brings records into a state in which they pass `checkCatalog`: drops what is no record and references to what is not there, and makes placeholders for missing parents.

@returns the lines that were taken out
*/
export const mendRecords = async ({table, header}: CatalogData, report: TellFinding): Promise<string[]> => {
	const removed: string[] = [];
	const libraries = new Map(header.libraries.map(library => [library.id, library]));
	const knownServers = new Set(header.servers.map(({id}) => id));
	for (const {serverId, title} of header.libraries) {
		if (knownServers.has(serverId)) {
			continue;
		}

		knownServers.add(serverId);
		header.servers = [...header.servers, {id: serverId, name: serverId}];
		report(`${title}: its server is not in the header, and is put there under its id.`);
	}

	const lists: ItemList[] = [];
	const remove = (id: string, line: string, why: string) => {
		table.remove(id);
		removed.push(line);
		report(`${id}: ${why}`);
	};

	const mend = (id: string) => {
		const line = table.line(id)!.toString('utf8');
		const raw = parseJson(line);
		const parsed = recordSchema().safeParse(raw);
		if (isTooDeep(raw)) {
			remove(id, line, 'it is nested too deep to be written, and is taken out.');
		} else if (!parsed.success) {
			remove(id, line, 'it is not a valid record, and is taken out.');
		} else if (parsed.data.kind === 'item' || parsed.data.kind === 'collection') {
			const library = libraries.get(parsed.data.libraryId);
			if (library === undefined) {
				remove(id, line, 'its library is not in the header, and it is taken out.');
				return;
			}

			// With fields that this reelcat does not know.
			const mended = {...raw as Item | Collection, serverId: library.serverId};
			if (mended.kind === 'item') {
				mendItem(mended);
			} else {
				lists.push(mended);
			}
		} else if (parsed.data.kind === 'playlist') {
			if (knownServers.has(parsed.data.serverId)) {
				lists.push(raw as Playlist);
			} else {
				remove(id, line, 'its server is not in the header, and it is taken out.');
			}
		}
	};

	const put = (record: CatalogRecord) => {
		table.put(Buffer.from(recordLine(record)));
	};

	const parentOf = (item: Item, type: 'show' | 'season', wanted: string | undefined): string => {
		const isFree = wanted !== undefined && wanted !== item.id && table.kindOf(wanted) === undefined;
		const id = isFree ? wanted : `i${hash('sha256', canonicalJson([item.libraryId, type, wanted ?? '', 'placeholder']), 'hex').slice(0, 16)}`;
		if (table.kindOf(id) === undefined) {
			put({
				id,
				kind: 'item',
				type,
				serverId: item.serverId,
				libraryId: item.libraryId,
				placeholder: true,
				...(type === 'season' && {showId: item.showId!, ...(item.seasonNumber !== undefined && {seasonNumber: item.seasonNumber})}),
				title: type === 'show' ? 'Unknown show' : `Season ${item.seasonNumber ?? 'unknown'}`,
				...emptyFields(),
			});
		}

		return id;
	};

	const mendItem = (item: Item) => {
		const ofKind = (kind: string) => (id: string) => table.kindOf(id) === kind;
		const mended: Item = {
			...item,
			...Object.fromEntries((['genres', 'countries', 'studios', 'collections', 'labels'] as const).map(name => [name, item[name].filter(ofKind('tag'))])),
			...Object.fromEntries((['directors', 'writers', 'producers'] as const).map(name => [name, item[name].filter(ofKind('person'))])),
			cast: item.cast.filter(({personId}) => ofKind('person')(personId)),
			versions: item.versions
				.map(version => ({...version, parts: version.parts.filter(({fileId}) => ofKind('file')(fileId))}))
				.filter((version, index) => version.parts.length > 0 || item.versions[index]!.parts.length === 0),
		};
		const isNeedsShow = item.type === 'season' || item.type === 'episode';
		if (isNeedsShow ? item.showId === undefined || !ofKind('show')(item.showId) : item.showId !== undefined && !ofKind('show')(item.showId)) {
			mended.showId = isNeedsShow ? parentOf(mended, 'show', item.showId) : undefined;
		}

		if (item.seasonId !== undefined && !ofKind('season')(item.seasonId)) {
			mended.seasonId = item.type === 'episode' ? parentOf(mended, 'season', item.seasonId) : undefined;
		}

		if (recordLine(mended) === table.line(item.id)!.toString('utf8')) {
			return;
		}

		put(mended);
		report(`${item.id} (${item.title}): ${mendedWords(item, mended)}`);
	};

	const ids = table.lines().map(line => lineFacts(line)!.id).toArray();
	for (const [index, id] of ids.entries()) {
		if (index % recordsPerTurn === 0) {
			await nextTurn();
		}

		mend(id);
	}

	// Every item is there by now that will be.
	const itemKinds: ReadonlySet<string | undefined> = new Set(itemTypes);
	for (const list of lists) {
		const items = list.items.filter(id => itemKinds.has(table.kindOf(id)));
		if (items.length < list.items.length) {
			report(`${list.id} (${list.title}): members that are not there are dropped.`);
		}

		put({...list, items});
	}

	// A season that was taken for an episode's show, and the like, has been put right by now, so counts are made last.
	header.libraries = header.libraries.map(library => {
		const counts = table.counts(library.id);
		if (canonicalJson(counts) !== canonicalJson(library.counts)) {
			report(`${library.title}: the header says ${canonicalJson(library.counts)}, there are ${canonicalJson(counts)}.`);
		}

		return {...library, counts};
	});
	return removed;
};

const mendedWords = (item: Item, mended: Item): string => {
	const words = [
		...(item.showId === mended.showId ? [] : [mended.showId === undefined ? 'its show is not there' : 'a placeholder stands for its show']),
		...(item.seasonId === mended.seasonId ? [] : [mended.seasonId === undefined ? 'its season is not there' : 'a placeholder stands for its season']),
	];
	return `${words.length === 0 ? 'references to what is not there are dropped' : words.join(', ')}.`;
};
