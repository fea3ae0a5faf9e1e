import {isHarmless, readFrame} from './frame.js';
import {screenPaint, screenUpdate} from './screen-update.js';

/**
A stdout to which Ink writes whole frames. Only what changed goes on to `stdout`, which must show its alternate screen.

Output that is not surely a frame goes through as it is, and the next frame then draws every line. If Ink should ever write differently, the screen is still right and only costs more.
*/
export const leanStdout = (stdout: NodeJS.WriteStream): NodeJS.WriteStream => {
	let shown: {lines: readonly string[]; columns: number} | undefined;

	const shorten = (written: string): string => {
		if (isHarmless(written)) {
			return written;
		}

		const {columns, rows} = stdout;
		const lines = readFrame(written, rows);
		const previous = shown;
		shown = lines && {lines, columns};
		if (lines === undefined) {
			return written;
		}

		return previous?.columns === columns && previous.lines.length === rows
			? screenUpdate(previous.lines, lines, columns)
			: screenPaint(lines);
	};

	return new Proxy(stdout, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name, target);
			if (typeof value !== 'function') {
				return value;
			}

			return name === 'write'
				? (chunk: string | Uint8Array, ...rest: unknown[]): unknown => {
					if (typeof chunk !== 'string') {
						shown = undefined;
					}

					return value.call(target, typeof chunk === 'string' ? shorten(chunk) : chunk, ...rest);
				}
				: value.bind(target) as unknown;
		},
	});
};
