import {listColumns, type ListColumn} from '../../../query/list-fields.js';
import type {BrowseScreen} from './reduce.js';

const gap = 2;
const smallestTitle = 20;

export const pointerWidth = 2;

export const fitColumns = (level: BrowseScreen['level'], columns: number): {columns: ListColumn[]; titleWidth: number} => {
	const fitted: ListColumn[] = [];
	let titleWidth = columns - pointerWidth;
	// On a narrow terminal only two columns can be read.
	const most = columns < 60 ? 1 : Infinity;
	for (const column of listColumns(level)) {
		const left = titleWidth - column.width - gap;
		if (left < smallestTitle || fitted.length >= most) {
			break;
		}

		titleWidth = left;
		fitted.push(column);
	}

	return {columns: fitted, titleWidth};
};

export const columnGap = ' '.repeat(gap);
