import {setImmediate} from 'node:timers/promises';
import {AppError} from '../base/errors.js';
import {once} from '../base/once.js';
import {personFieldNames, tagFieldNames} from '../catalog/item.js';
import {wrongParents} from '../catalog/parentage.js';
import {itemTypes} from '../catalog/kinds.js';
import {recordSchema} from '../catalog/schema.js';
import {shapeCheck} from '../catalog/shape-check.js';
import type {
	CatalogHeader,
	CatalogRecord,
	Item,
	ItemList,
} from '../catalog/types.js';
import type {CheckReport, SeeRecord} from '../catalog/catalog-store.js';
import type {CatalogData} from './catalog-data.js';
import {createLineCheck} from './line-check.js';
import type {LineBytes} from './line-reader.js';
import {canonicalJson, isTooDeep} from './record-line.js';
import type {RecordTable} from './record-table.js';

const maxProblems = 200;

/**
Collects problems, in sentences: the first ones, and how many more there are.
*/
export const createProblemList = () => {
	const first: string[] = [];
	let count = 0;
	return {
		report(problem: string) {
			count++;
			if (first.length < maxProblems) {
				first.push(problem);
			}
		},
		all: () => count > first.length ? [...first, `And ${count - first.length} more.`] : first,
	};
};

const sliceMs = 8;
const linesPerLook = 16;

/**
A backup counts only if it could be restored, and a restore refuses what this finds.

@throws {AppError} `damaged`
*/
export const requireNone = (problems: readonly string[]): void => {
	if (problems.length > 0) {
		throw new AppError('damaged', `The catalogue is not whole, so no backup of it was made: ${problems[0]!}`, {
			hint: '"reelcat verify" names all that is wrong. An import of the library reads its items anew; the backups that there are stay.',
		});
	}
};

type LinesCheck = {
	/**
	Call it with each line of the table.
	*/
	take: (line: LineBytes) => void;
	end: () => CheckReport;
};

/**
Checks the schema of every record, the references between records, and the counts, for whoever reads the lines anyway.
*/
export const createCatalogCheck = (data: CatalogData, see?: SeeRecord): LinesCheck => {
	const {report, all} = createProblemList();
	const {table} = data;
	const soundLine = createLineCheck(data);

	// Finds what is wrong with a line, if anything is.
	const checkParsed = (line: LineBytes) => {
		const {record, problem} = readRecord(line.toString('utf8'));
		if (record !== undefined) {
			see?.({
				id: record.id, kind: record.kind, isMissing: record.kind === 'item' && record.missingSince !== undefined, isInOrder: problem === undefined, read: () => record,
			});
		}

		if (problem !== undefined) {
			report(problem);
		} else if (record !== undefined) {
			// Look into the header each time: a commit may come between two slices.
			for (const text of referenceProblems(record, data.header, table.kindOf)) {
				report(text);
			}
		}
	};

	let records = 0;
	return {
		take(line) {
			records++;
			const sound = soundLine(line);
			if (sound === undefined) {
				checkParsed(line);
			} else {
				see?.({...sound, isInOrder: true, read: () => JSON.parse(line.toString('utf8')) as CatalogRecord});
			}
		},
		end() {
			for (const text of countProblems(data)) {
				report(text);
			}

			const problems = all();
			return {ok: problems.length === 0, records, problems};
		},
	};
};

/**
Checks all lines in this way. It works in slices, so that it never blocks the event loop for long.
*/
export const checkCatalog = async (data: CatalogData, see?: SeeRecord): Promise<CheckReport> => {
	const {take, end} = createCatalogCheck(data, see);
	let lines = 0;
	let sliceEnd = performance.now() + sliceMs;
	for (const line of data.table.lines()) {
		take(line);
		lines++;
		if (lines % linesPerLook !== 0 || performance.now() <= sliceEnd) {
			continue;
		}

		await setImmediate();
		sliceEnd = performance.now() + sliceMs;
	}

	return end();
};

/**
Whether a value has the form of a record. Only zod says what is wrong with it.
*/
export const hasRecordShape = (value: unknown): boolean => recordCheck()(value);

const recordCheck = once(() => shapeCheck(recordSchema()));

/**
What is wrong with the places that a record names, in sentences. `kindOf` knows the records of the catalogue.
*/
export const referenceProblems = (record: CatalogRecord, header: CatalogHeader, kindOf: RecordTable['kindOf']): string[] => {
	const problems = danglingReferences(record, kindOf);
	const misplaced = 'serverId' in record && record.kind !== 'file' && record.kind !== 'tombstone' ? placeProblem(record, header) : undefined;
	return misplaced === undefined ? problems : [...problems, `${record.id}: ${misplaced}`];
};

const placeProblem = (record: Item | ItemList, {servers, libraries}: CatalogHeader): string | undefined => {
	const {serverId} = record;
	const isServer = servers.some(({id}) => id === serverId);
	if (record.kind === 'playlist') {
		return isServer ? undefined : 'its server is not in the header.';
	}

	const {libraryId} = record;
	const library = libraries.find(({id}) => id === libraryId);
	if (library === undefined || !isServer) {
		return 'its library or server is not in the header.';
	}

	return library.serverId === serverId ? undefined : 'its server is not the server of its library.';
};

/**
A line as a record, with what is wrong with it. The record is undefined if the line is not JSON.
*/
const readRecord = (line: string): {record?: CatalogRecord; problem?: string} => {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return {problem: `Not JSON: ${line.slice(0, 60)}`};
	}

	if (isTooDeep(value)) {
		return {problem: `${line.slice(0, 40)}: it is nested too deep.`};
	}

	if (hasRecordShape(value)) {
		return {record: value as CatalogRecord};
	}

	// Only zod says what is wrong.
	const parsed = recordSchema().safeParse(value);
	return parsed.success
		? {record: parsed.data}
		: {record: value as CatalogRecord, problem: `${line.slice(0, 40)}: ${parsed.error.issues.map(({path, message}) => `${path.join('.')} ${message}`).join('; ')}`};
};

const danglingReferences = (record: CatalogRecord, kindOf: RecordTable['kindOf']): string[] => {
	const typeOf = (id: string) => itemTypes.find(type => type === kindOf(id));
	if (record.kind === 'collection' || record.kind === 'playlist') {
		return record.items.filter(id => typeOf(id) === undefined).map(id => `${record.id}: its member ${id} is not an item of this catalogue.`);
	}

	if (record.kind !== 'item') {
		return [];
	}

	const problems = wrongParents(record, id => ({type: typeOf(id)})).map(({role, id}) => parentProblem(record, role, id));
	const expect = (kind: 'tag' | 'person' | 'file', id: string) => {
		if (kindOf(id) !== kind) {
			problems.push(`${record.id}: ${kind} ${id} is not a ${kind} of this catalogue.`);
		}
	};

	for (const id of tagFieldNames.flatMap(name => record[name])) {
		expect('tag', id);
	}

	for (const id of [...personFieldNames.flatMap(name => record[name]), ...record.cast.map(({personId}) => personId)]) {
		expect('person', id);
	}

	for (const {parts} of record.versions) {
		for (const {fileId} of parts) {
			expect('file', fileId);
		}
	}

	return problems;
};

const parentProblem = ({id, type}: Item, role: 'show' | 'season', parentId: string | undefined): string => type === 'movie' || type === 'show' || (type === 'season' && role === 'season')
	? `${id}: a ${type} belongs to no ${role}, but ${parentId ?? ''} is named as one.`
	: `${id}: ${role} ${parentId ?? '(none)'} is not a ${role} of this catalogue.`;

/**
Libraries of which the header says other numbers of items than there are, in sentences.
*/
export const countProblems = ({header, table}: CatalogData): string[] => header.libraries.flatMap(({id, title, counts}) => {
	const [told, counted] = [canonicalJson(counts), canonicalJson(table.counts(id))];
	return told === counted ? [] : [`${title}: the header says ${told}, there are ${counted}.`];
});
