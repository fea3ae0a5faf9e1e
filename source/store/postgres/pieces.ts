// A statement has as many rows as this, so that neither side has to hold much text at once.
const rowsPerStatement = 1000;

export function * inPieces<Value>(values: Iterable<Value>, size = rowsPerStatement): Generator<Value[]> {
	let piece: Value[] = [];
	for (const value of values) {
		piece.push(value);
		if (piece.length !== size) {
			continue;
		}

		yield piece;
		piece = [];
	}

	if (piece.length > 0) {
		yield piece;
	}
}
