import {createMouseDecoder, type MouseReport} from './mouse-report.js';

/**
A stdin without the reports of the mouse, which go to `onReport`. Ink reads keys from it; it has no event for the mouse, and would drop the reports.
*/
export const withoutMouse = (stdin: NodeJS.ReadStream, onReport: (report: MouseReport) => void): NodeJS.ReadStream => {
	const {push} = createMouseDecoder();
	let parts: Array<string | MouseReport> = [];
	// Ink reads until nothing is left. So the mouse and the keys stay in their order.
	const read = (size?: number): unknown => {
		for (;;) {
			const [part, ...more] = parts;
			parts = more;
			if (typeof part === 'string') {
				return part;
			}

			if (part !== undefined) {
				onReport(part);
				continue;
			}

			const piece: unknown = stdin.read(size);
			if (typeof piece !== 'string') {
				return piece;
			}

			parts = push(piece);
		}
	};

	return new Proxy(stdin, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name, target);
			return name === 'read' ? read : (typeof value === 'function' ? value.bind(target) as unknown : value);
		},
	});
};
