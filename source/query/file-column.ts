import {Buffer} from 'node:buffer';
import type {CellsByName, CellSource} from '../base/columns/cells.js';
import {createDictionaryColumn} from '../base/columns/dictionary-column.js';
import {createGroups} from '../base/columns/groups.js';

const noIds: readonly string[] = [];

/**
The ids of the files of each row, and the rows of each file. Nearly every item has one file at most, so the further ones are kept apart.
*/
export const createFileColumn = (name: string, source?: CellSource) => {
	const first = createDictionaryColumn(name, source);
	const furtherName = `${name}.further`;
	const further = new Map<number, readonly number[]>();
	let pending = source;
	const open = () => {
		if (pending === undefined) {
			return;
		}

		const {buffer, byteOffset, byteLength} = pending(furtherName);
		pending = undefined;
		for (const [row, ...codes] of JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('latin1')) as number[][]) {
			further.set(row!, codes);
		}
	};

	const codesAt = (row: number): readonly number[] => {
		open();
		const code = first.codeAt(row);
		return code === undefined ? [] : [code, ...further.get(row) ?? []];
	};

	const users = createGroups((row, take) => {
		const code = first.codeAt(row);
		if (code === undefined) {
			return;
		}

		take(code);
		for (const other of further.get(row) ?? []) {
			take(other);
		}
	});

	return {
		get(row: number): readonly string[] {
			const codes = codesAt(row);
			return codes.length === 0 ? noIds : codes.map(code => first.textOf(code)!);
		},
		set(row: number, ids: readonly string[] = noIds) {
			open();
			users.drop();
			first.set(row, ids[0]);
			if (ids.length > 1) {
				further.set(row, ids.slice(1).map(id => first.codeFor(id)));
			} else {
				further.delete(row);
			}
		},
		/**
		The rows that have this file; all rows are below `end`.
		*/
		rowsOf(fileId: string, end: number): readonly number[] {
			open();
			const code = first.codeOf(fileId);
			return code === undefined ? [] : users.rowsOf(code, end);
		},
		/**
		Whether another row has a file of this one.
		*/
		isShared: (row: number, end: number): boolean => codesAt(row).some(code => users.countOf(code, end) > 1),
		save(rows: Int32Array, saved: CellsByName) {
			open();
			const lists = rows.entries().map(([index, row]) => ({index, codes: further.get(row) ?? []})).filter(({codes}) => codes.length > 0).toArray();
			const renumbered = first.save(rows, saved, lists.flatMap(({codes}) => codes));
			const newLists = lists.map(({index, codes}) => [index, ...codes.map(code => renumbered.get(code)!)]);
			const json = JSON.stringify(newLists);
			saved.set(furtherName, Uint8Array.from(Buffer.from(json)));
		},
	};
};
