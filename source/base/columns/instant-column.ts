import {Buffer} from 'node:buffer';
import {
	eachInSteps,
	type CellsByName,
	type CellSource,
	type Steps,
} from './cells.js';
import {createNumberColumn, type NumberColumn} from './number-column.js';

const textOf = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

const secondsOf = (text: string): number | undefined => {
	const seconds = Date.parse(text) / 1000;
	return Number.isSafeInteger(seconds) && textOf(seconds) === text ? seconds : undefined;
};

/**
Instants by row, as seconds since 1970; a row may have none. The few that are written in another way, such as with parts of a second, are kept as texts.
*/
export const createInstantColumn = (name: string, source?: CellSource) => {
	const seconds = createNumberColumn(name, source);
	const otherName = `${name}.others`;
	const others = new Map<number, string>();
	let pending = source;
	const open = () => {
		if (pending === undefined) {
			return;
		}

		const {buffer, byteOffset, byteLength} = pending(otherName);
		pending = undefined;
		for (const [row, text] of JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString()) as Array<[number, string]>) {
			others.set(row, text);
		}
	};

	return {
		get(row: number): string | undefined {
			const known = seconds.get(row);
			if (known !== undefined) {
				return textOf(known);
			}

			open();
			return others.get(row);
		},
		/**
		The time in seconds, for comparisons.
		*/
		secondsAt(row: number): number | undefined {
			const known = seconds.get(row);
			if (known !== undefined) {
				return known;
			}

			open();
			const text = others.get(row);
			const ms = text === undefined ? NaN : Date.parse(text);
			return Number.isNaN(ms) ? undefined : ms / 1000;
		},
		/**
		The column of seconds, unless some row has a time of another form.
		*/
		plainSeconds(): NumberColumn | undefined {
			open();
			return others.size === 0 ? seconds : undefined;
		},
		set(row: number, text: string | undefined) {
			open();
			const known = text === undefined ? undefined : secondsOf(text);
			seconds.set(row, known);
			if (text !== undefined && known === undefined) {
				others.set(row, text);
			} else {
				others.delete(row);
			}
		},
		* save(rows: Int32Array, saved: CellsByName): Steps {
			open();
			yield * seconds.save(rows, saved);
			const kept: Array<[index: number, text: string]> = [];
			yield * eachInSteps(rows, (row, index) => {
				const text = others.get(row);
				if (text !== undefined) {
					kept.push([index, text]);
				}
			});
			const json = JSON.stringify(kept);
			saved.set(otherName, Uint8Array.from(Buffer.from(json)));
		},
	};
};

export type InstantColumn = ReturnType<typeof createInstantColumn>;
