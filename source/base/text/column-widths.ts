/**
A column that wants room; all widths are terminal cells.
*/
export type WidthWish = {
	/**
	What its content takes.
	*/
	natural: number;
	/**
	It is never narrower, as far as its content asks for it, unless it is the main column and the only one. A column that cannot be cut has its natural width here.
	*/
	least: number;
	/**
	A key or an id: the first column to go.
	*/
	isKey?: boolean;
	/**
	The title: it never goes.
	*/
	isMain?: boolean;
};

const gapCells = 2;

/**
The main column is never narrower where the line has `wideColumns`, as far as its content asks for it.
*/
export const mainLeast = 24;
const wideColumns = 80;

// The main column and others that can be cut stay at least so wide as long as keys and ids can go instead.
const comfortable = {main: 32, other: 16};

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

const withGaps = (widths: readonly number[]) => sumOf(widths) + (gapCells * Math.max(0, widths.length - 1));

/**
How wide columns are in a line of `columns` cells, with gaps of two between them. Undefined for a column that has no room.

Columns that can be cut get narrower first, the widest of them most. Where that is not enough, keys and ids go, then others, each time the last one. Without a main column the first one counts as it.
*/
export const fitWidths = (wishes: readonly WidthWish[], columns: number, {least = columns >= wideColumns ? mainLeast : 8} = {}): Array<number | undefined> => {
	const main = Math.max(0, wishes.findIndex(({isMain}) => isMain === true));
	const limits = wishes.map((wish, index) => ({...wish, least: Math.min(wish.natural, index === main ? least : wish.least)}));
	let kept = limits.keys().toArray();
	const leave = (index: number) => {
		kept = kept.filter(other => other !== index);
	};

	const easy = ({natural, least: hard}: WidthWish, index: number) => Math.max(hard, Math.min(natural, index === main ? comfortable.main : comfortable.other));
	const needs = (leastOf: (wish: WidthWish, index: number) => number) => withGaps(kept.map(index => leastOf(limits[index]!, index)));
	const lastOf = (isMeant: (index: number) => boolean) => kept.findLast(index => index !== main && isMeant(index));
	for (let key = lastOf(index => limits[index]!.isKey === true); key !== undefined && needs(easy) > columns; key = lastOf(index => limits[index]!.isKey === true)) {
		leave(key);
	}

	for (let last = lastOf(() => true); last !== undefined && needs(({least: hard}) => hard) > columns; last = lastOf(() => true)) {
		leave(last);
	}

	const widths = narrowed(kept.map(index => limits[index]!), columns);
	return limits.map((_, index) => kept.includes(index) ? widths[kept.indexOf(index)] : undefined);
};

/**
Takes from the widest columns first, down to what each needs at least.
*/
const narrowed = (wishes: readonly WidthWish[], columns: number): number[] => {
	const [only] = wishes;
	if (only !== undefined && wishes.length === 1) {
		return [Math.max(0, Math.min(only.natural, columns))];
	}

	const room = columns - (gapCells * Math.max(0, wishes.length - 1));
	const below = (level: number) => wishes.map(({natural, least}) => Math.max(least, Math.min(natural, level)));
	// The highest level at which all have room.
	let low = 0;
	let high = Math.max(...wishes.map(({natural}) => natural));
	while (low < high) {
		const level = Math.ceil((low + high) / 2);
		if (sumOf(below(level)) <= room) {
			low = level;
		} else {
			high = level - 1;
		}
	}

	const widths = below(low);
	let left = room - sumOf(widths);
	return widths.map((width, index) => {
		const more = width === low && left > 0 && width < wishes[index]!.natural ? 1 : 0;
		left -= more;
		return width + more;
	});
};
