import xterm from '@xterm/headless';

/**
A terminal without a process: a test writes to it and reads what it shows.
*/
export const createEmulator = (columns: number, rows: number) => {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const line = (row: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)!;
	return {
		async write(text: string) {
			await new Promise<void>(resolve => {
				terminal.write(text, resolve);
			});
		},
		resize(newColumns: number, newRows: number) {
			terminal.resize(newColumns, newRows);
		},
		text: () => Array.from({length: terminal.rows}, (_, row) => line(row).translateToString(true)),
		/**
		Each cell with its colours and attributes; written and erased blanks are the same.
		*/
		cells: () => Array.from({length: terminal.rows}, (_, row) => Array.from({length: terminal.cols}, (_unused, column) => {
			const cell = line(row).getCell(column)!;
			const text = cell.getWidth() > 0 && cell.getChars() === '' ? ' ' : cell.getChars();
			const style = [
				cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor(), cell.isBold(), cell.isDim(), cell.isInverse(), cell.isUnderline(),
			];
			return `${text}|${style.join(' ')}`;
		})),
		cursorRow: () => terminal.buffer.active.cursorY,
	};
};
