import type {CellSource} from './cells.js';

type Method = (...given: unknown[]) => unknown;

// What waits is kept in memory, and by so many changes a column may as well be read.
const mostWaiting = 500;

/**
The same column, of which nothing is read from its source before somebody asks for something. Until then calls of these methods, whose result says nothing, wait. So a change of a few rows costs nothing in the columns that nobody asks for. Whoever keeps a method of it pays for the question whether something waits with each call.
*/
export const withLateSets = <Column extends Record<keyof Column, unknown>>(column: Column, setters: ReadonlyArray<keyof Column & string>, source: CellSource | undefined): Column => {
	if (source === undefined) {
		return column;
	}

	let waiting: Array<() => unknown> | undefined = [];
	const late = {...column};

	const read = () => {
		const sets = waiting ?? [];
		waiting = undefined;
		Object.assign(late, column);
		for (const set of sets) {
			set();
		}
	};

	const lateMethod = (method: Method, isSetter: boolean): Method => (...given) => {
		if (isSetter && waiting !== undefined && waiting.length < mostWaiting) {
			waiting.push(() => method(...given));
			return undefined;
		}

		if (waiting !== undefined) {
			read();
		}

		return method(...given);
	};

	for (const [name, method] of Object.entries(column)) {
		if (typeof method === 'function') {
			Object.assign(late, {[name]: lateMethod(method as Method, (setters as readonly string[]).includes(name))});
		}
	}

	return late;
};
