import {Buffer} from 'node:buffer';
import {
	eachInSteps,
	type CellsByName,
	type CellSource,
	type Steps,
} from '../base/columns/cells.js';
import {createGroupedColumn} from '../base/columns/grouped-column.js';

const noIds: readonly string[] = [];

/**
The ids of the files of each row, and the rows of each file. Nearly every item has one file at most, so the further ones are kept apart.
*/
export const createFileColumn = (name: string, source?: CellSource) => {
	const first = createGroupedColumn(name, source);
	const furtherName = `${name}.further`;
	const further = new Map<number, readonly number[]>();
	// The rows that have a file as a further one.
	const furtherUsers = new Map<number, Set<number>>();
	let pending = source;

	const setFurther = (row: number, codes: readonly number[]) => {
		for (const code of further.get(row) ?? []) {
			const users = furtherUsers.get(code)!;
			users.delete(row);
			if (users.size === 0) {
				furtherUsers.delete(code);
			}
		}

		if (codes.length === 0) {
			further.delete(row);
			return;
		}

		further.set(row, codes);
		for (const code of codes) {
			const users = furtherUsers.get(code) ?? new Set();
			furtherUsers.set(code, users.add(row));
		}
	};

	const open = () => {
		if (pending === undefined) {
			return;
		}

		const {buffer, byteOffset, byteLength} = pending(furtherName);
		pending = undefined;
		for (const [row, ...codes] of JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('latin1')) as number[][]) {
			setFurther(row!, codes);
		}
	};

	const codesAt = (row: number): readonly number[] => {
		open();
		const code = first.codeAt(row);
		return code === undefined ? [] : [code, ...further.get(row) ?? []];
	};

	const rowsOfCode = (code: number, end: number): readonly number[] => {
		const rows = first.rowsOfCode(code, end);
		const others = furtherUsers.get(code);
		return others === undefined ? rows : [...new Set([...rows, ...others])].toSorted((left, right) => left - right);
	};

	return {
		get(row: number): readonly string[] {
			const codes = codesAt(row);
			return codes.length === 0 ? noIds : codes.map(code => first.textOf(code)!);
		},
		set(row: number, ids: readonly string[] = noIds) {
			open();
			first.set(row, ids[0]);
			setFurther(row, ids.slice(1).map(id => first.codeFor(id)));
		},
		/**
		The rows that have this file; all rows are below `end`.
		*/
		rowsOf(fileId: string, end: number): readonly number[] {
			open();
			const code = first.codeOf(fileId);
			return code === undefined ? [] : rowsOfCode(code, end);
		},
		/**
		Whether another row has a file of this one.
		*/
		isShared: (row: number, end: number): boolean => codesAt(row).some(code => rowsOfCode(code, end).some(other => other !== row)),
		* save(rows: Int32Array, saved: CellsByName): Steps {
			open();
			const lists: Array<{index: number; codes: readonly number[]}> = [];
			yield * eachInSteps(rows, (row, index) => {
				const codes = further.get(row);
				if (codes !== undefined) {
					lists.push({index, codes});
				}
			});
			const renumbered = yield * first.save(rows, saved, lists.flatMap(({codes}) => codes));
			const newLists = lists.map(({index, codes}) => [index, ...codes.map(code => renumbered.get(code)!)]);
			const json = JSON.stringify(newLists);
			saved.set(furtherName, Uint8Array.from(Buffer.from(json)));
		},
	};
};
