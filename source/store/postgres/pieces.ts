// A statement has as many rows as this, so that neither side has to hold much text at once.
const rowsPerStatement = 1000;

export function * inPieces<Value>(values: readonly Value[], size = rowsPerStatement): Generator<Value[]> {
	for (let start = 0; start < values.length; start += size) {
		yield values.slice(start, start + size);
	}
}
