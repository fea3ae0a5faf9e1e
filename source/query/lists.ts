import {isAscii, Buffer} from 'node:buffer';
import {
	numbersBelow,
	type CellsByName,
	type CellSource,
	type Steps,
} from '../base/columns/cells.js';
import {withLateSets} from '../base/columns/late-sets.js';
import {createListColumn} from '../base/columns/list-column.js';
import {createNumberColumn} from '../base/columns/number-column.js';
import {createTextPool} from '../base/columns/text-pool.js';
import {createTextTable} from '../base/columns/text-table.js';
import {listBlocks, type ListBlock} from '../catalog/fields/asked.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import type {Item} from '../catalog/types.js';
import {searchForm} from './language/text-tests.js';
import {createNameCodes} from './name-codes.js';

type ListField = {name: string; of: (item: Item) => readonly string[] | readonly number[]};

const fieldsOf = (block: ListBlock): readonly ListField[] => itemFieldList.flatMap(({name, asked}) => asked?.list?.block === block ? [{name, of: asked.list.of}] : []);

/**
The format of what is saved.
*/
export const listsFormat = listBlocks.map(block => `${block}:${fieldsOf(block).map(({name}) => name).join(',')}`).join(' ');

// Their codes are ids of records, which have names.
const namedBlocks: ReadonlySet<ListBlock> = new Set(['people', 'tags']);

/**
The lists of one block by row. Texts are kept once, with a code; a code that is an id of a person or tag has a name, which is given later and may change.
*/
const createBlock = (block: ListBlock, source: CellSource | undefined) => {
	const fields = fieldsOf(block);
	const column = createListColumn(block, fields.length, source);
	const areTexts = block !== 'ids';
	const values = createTextTable(`${block}.values`, source);
	const names = createTextPool(`${block}.names`, source);
	const counter = createNumberColumn(`${block}.count`, source);
	const hasNames = namedBlocks.has(block);
	const nameTexts: Array<string | undefined> = [];
	const foldedTexts: Array<string | undefined> = [];
	const count = () => counter.get(0) ?? 0;

	const codeFor = (value: string | number): number => {
		if (typeof value === 'number') {
			return value;
		}

		const known = values.find(value);
		if (known !== undefined) {
			return known;
		}

		const code = count();
		counter.set(0, code + 1);
		values.add(code, value);
		return code;
	};

	/**
	What people call a code: the name of a person or tag, else the text itself.
	*/
	const nameOf = (code: number) => {
		nameTexts[code] ??= hasNames ? names.get(code) : values.get(code);
		return nameTexts[code];
	};

	const foldedName = (code: number): string | undefined => {
		const name = nameOf(code);
		foldedTexts[code] ??= name === undefined ? undefined : searchForm(name);
		return foldedTexts[code];
	};

	const nameCodes = createNameCodes({count, foldedName});

	return {
		name: block,
		fields,
		areTexts,
		count,
		nameOf,
		/**
		The name as it is searched.
		*/
		foldedName,
		/**
		The same for codes whose names may contain a folded text. Undefined where one certainly does not: most need no string for that.
		*/
		foldedNamesWith(text: string): (code: number) => string | undefined {
			const mayContain = isAscii(Buffer.from(text)) ? (hasNames ? names : values).mayContain(text) : () => true;
			return code => foldedTexts[code] !== undefined || mayContain(code) ? foldedName(code) : undefined;
		},
		codesNamed: nameCodes.codesOf,
		isSome: column.isSome,
		each: column.each,
		hasMarked: column.hasMarked,
		rowsNear: column.rowsNear,
		/**
		A mark for each of these lists, for `hasMarked`.
		*/
		listMarks: (wanted: readonly number[]) => Uint8Array.from(fields, (_, list) => wanted.includes(list) ? 1 : 0),
		get: column.get,
		textOf: values.get,
		codeOf: values.find,
		set(row: number, item: Item | undefined) {
			column.set(row, item && fields.map(({of}) => of(item).map(value => codeFor(value))));
		},
		rename(id: string, name: string): boolean {
			const code = hasNames ? values.find(id) : undefined;
			if (code === undefined || nameOf(code) === name) {
				return false;
			}

			names.set(code, name);
			nameTexts[code] = name;
			foldedTexts[code] = undefined;
			nameCodes.drop();
			return true;
		},
		nameOfId(id: string): string | undefined {
			const code = hasNames ? values.find(id) : undefined;
			return code === undefined ? undefined : nameOf(code) ?? '';
		},
		unnamedIds(): string[] {
			const ids: string[] = [];
			const end = hasNames ? count() : 0;
			for (let code = 0; code < end; code++) {
				if (!names.has(code)) {
					ids.push(values.get(code)!);
				}
			}

			return ids;
		},
		* save(rows: Int32Array, saved: CellsByName): Steps {
			if (!areTexts) {
				yield * column.save(rows, saved);
				return;
			}

			const newCodes = new Int32Array(count());
			yield * column.visit(rows, code => {
				newCodes[code] = 1;
			});
			const codes = numbersBelow(newCodes.length).filter(code => newCodes[code] === 1);
			// What nobody refers to any more is left out.
			if (codes.length === newCodes.length) {
				yield * column.save(rows, saved);
			} else {
				for (const [index, code] of codes.entries()) {
					newCodes[code] = index;
				}

				yield * column.saveRenumbered(rows, saved, code => newCodes[code]!);
			}

			yield * values.save(codes, saved);
			yield * names.save(codes, saved);
			saved.set(`${block}.count`, Int32Array.of(codes.length));
		},
	};
};

export type ListsBlock = ReturnType<typeof createBlock>;

/**
The fields of which an item may have several values, in blocks of those that are read together.
*/
export const createItemLists = (source?: CellSource) => {
	const blocks = listBlocks.map(block => withLateSets(createBlock(block, source), ['set', 'rename'], source));
	const named = blocks.filter(({name}) => namedBlocks.has(name));
	const places = new Map(blocks.flatMap(block => block.fields.map(({name}, list) => [name, {block, list}] as const)));
	return {
		place: (name: string) => places.get(name)!,
		block: (wanted: ListBlock) => blocks.find(({name}) => name === wanted)!,
		set(row: number, item: Item | undefined) {
			for (const block of blocks) {
				block.set(row, item);
			}
		},
		/**
		The name of a person or a tag. Returns whether it was another one before, as far as anybody asked for names.
		*/
		rename: (id: string, name: string): boolean => named.map(block => block.rename(id, name)).includes(true),
		/**
		The name of a person or tag, empty while it has none; undefined if no item has it.
		*/
		nameOf: (id: string): string | undefined => named.map(block => block.nameOfId(id)).find(name => name !== undefined),
		/**
		Ids of people and tags whose names have still to be given.
		*/
		unnamedIds: (): string[] => named.flatMap(block => block.unnamedIds()),
		* save(rows: Int32Array, saved: CellsByName): Steps {
			for (const block of blocks) {
				yield * block.save(rows, saved);
			}
		},
	};
};

export type Lists = ReturnType<typeof createItemLists>;
