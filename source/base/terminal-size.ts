/**
A terminal that does not know its size, as at a serial line or in `script` of a job, says that it has none; then the usual size is taken.
*/
export const sizeOf = ({columns, rows}: Pick<NodeJS.WriteStream, 'columns' | 'rows'>): {columns: number; rows: number} => ({
	columns: columns > 0 ? columns : 80,
	rows: rows > 0 ? rows : 24,
});
