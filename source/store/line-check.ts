import {Buffer} from 'node:buffer';
import type {SeenRecord} from '../catalog/catalog-store.js';
import {personFieldNames, tagFieldNames} from '../catalog/item.js';
import {recordSchema} from '../catalog/schema.js';
import type {CatalogHeader, ItemType, RecordKind} from '../catalog/types.js';
import type {CatalogData} from './catalog-data.js';
import type {RecordKindOrType} from './record-kinds.js';
import {recordKeys} from './record-line.js';
import type {LineBytes} from './line-reader.js';
import {lineShape, type Walk} from './line-shape.js';

/**
What is known of a line with which nothing is wrong.
*/
type SoundLine = Pick<SeenRecord, 'id' | 'kind' | 'isMissing'>;

/**
Where an item names another record, and what that must be.
*/
const references: ReadonlyMap<string, RecordKindOrType> = new Map<string, RecordKindOrType>([
	...tagFieldNames.map(name => [`${name}[]`, 'tag'] as const),
	...personFieldNames.map(name => [`${name}[]`, 'person'] as const),
	['cast[].personId', 'person'],
	['versions[].parts[].fileId', 'file'],
	['showId', 'show'],
	['seasonId', 'season'],
]);

// Lists have references of another kind, and all others are few.
const readKinds: readonly RecordKind[] = ['item', 'person', 'tag', 'file', 'tombstone'];

const idStart = Buffer.from('{"id":"');
const kindStart = Buffer.from(',"kind":"');
const [quote, backslash] = [0x22, 0x5C];

/**
Proves of a line that nothing is wrong with it, as `checkCatalog` means it, without making objects of it. It does so of nearly all lines; of the others it says nothing.
*/
export const createLineCheck = (data: CatalogData): ((line: LineBytes) => SoundLine | undefined) => {
	// What was seen of the line that is read now.
	let areReferencesRight = true;
	let isMissing = false;
	let hasShow = false;
	let hasSeason = false;
	let type: ItemType = 'movie';
	let placesStart = 0;

	const places = createPlaces(data);

	const referring = (kind: RecordKindOrType, walk: Walk): Walk => (bytes, place) => {
		const end = walk(bytes, place);
		areReferencesRight &&= end !== -1 && !hasByte(bytes, place, end, backslash) && data.table.kindAt(bytes, place + 1, end - 1) === kind;
		hasShow ||= kind === 'show';
		hasSeason ||= kind === 'season';
		return end;
	};

	const seeing = (walk: Walk, see: (bytes: LineBytes, place: number, end: number) => void): Walk => (bytes, place) => {
		const end = walk(bytes, place);
		if (end !== -1) {
			see(bytes, place, end);
		}

		return end;
	};

	const wrapItem = (path: string, walk: Walk): Walk => {
		const kind = references.get(path);
		if (kind !== undefined) {
			return referring(kind, walk);
		}

		if (path === 'type') {
			return seeing(walk, (bytes, place, end) => {
				type = bytes.toString('latin1', place + 1, end - 1) as ItemType;
			});
		}

		if (path === 'serverId') {
			return seeing(walk, (_, place) => {
				placesStart = place;
			});
		}

		if (path === 'libraryId') {
			return seeing(walk, (bytes, _, end) => {
				areReferencesRight &&= places.areRight(bytes, placesStart, end);
			});
		}

		return path === 'missingSince'
			? seeing(walk, () => {
				isMissing = true;
			})
			: walk;
	};

	const walks = readKinds.flatMap(kind => {
		const schema = recordSchema().options.find(({shape}) => shape.kind.value === kind)!;
		const walk = lineShape(schema, {keys: recordKeys(kind), ...kind === 'item' && {wrap: wrapItem}});
		return walk === undefined ? [] : [{kind, walk, bytes: Buffer.from(`${kind}"`)}];
	});

	const hasParents = () => type === 'episode' ? hasShow : (type === 'season' ? hasShow && !hasSeason : !hasShow && !hasSeason);

	return line => {
		const idEnd = isAt(line, 0, idStart) ? line.indexOf(quote, idStart.length) : -1;
		if (idEnd === -1 || !isAt(line, idEnd + 1, kindStart) || hasByte(line, idStart.length, idEnd, backslash)) {
			return undefined;
		}

		const found = walks.find(({bytes}) => isAt(line, idEnd + 1 + kindStart.length, bytes));
		if (found === undefined) {
			return undefined;
		}

		[areReferencesRight, isMissing, hasShow, hasSeason] = [true, false, false, false];
		const isSound = found.walk(line, 0) === line.length && areReferencesRight && (found.kind !== 'item' || hasParents());
		return isSound ? {id: line.toString('utf8', idStart.length, idEnd), kind: found.kind, isMissing} : undefined;
	};
};

/**
Knows which servers and libraries stand in the header, as the lines of items name them: `"server","libraryId":"library"`.
*/
const createPlaces = (data: CatalogData) => {
	let header: CatalogHeader | undefined;
	let right: Buffer[] = []; // eslint-disable-line @typescript-eslint/no-restricted-types -- compared with bytes of a line
	return {
		areRight(bytes: LineBytes, start: number, end: number): boolean {
			// A commit may have come since the last line.
			if (header !== data.header) {
				({header} = data);
				const {servers, libraries} = header;
				right = libraries
					.filter(({serverId}) => servers.some(({id}) => id === serverId))
					.map(({id, serverId}) => Buffer.from(`${JSON.stringify(serverId)},"libraryId":${JSON.stringify(id)}`));
			}

			return right.some(place => place.length === end - start && isAt(bytes, start, place));
		},
	};
};

const isAt = (bytes: LineBytes, start: number, wanted: Uint8Array): boolean => {
	for (let index = 0; index < wanted.length; index++) { // eslint-disable-line unicorn/no-for-loop -- an iterator takes several times as long
		if (bytes[start + index] !== wanted[index]) {
			return false;
		}
	}

	return true;
};

const hasByte = (bytes: LineBytes, start: number, end: number, wanted: number): boolean => {
	for (let at = start; at < end; at++) {
		if (bytes[at] === wanted) {
			return true;
		}
	}

	return false;
};
