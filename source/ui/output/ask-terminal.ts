import {isAnswered, separateAnswers} from '../graphics/terminal-answers.js';

export type AskingStdin = {
	/**
	Stands before the keyboard, and keeps answers of the terminal from being read as keys.
	*/
	stdin: NodeJS.ReadStream;
	/**
	Asks the questions, and resolves with what was answered in time. If the last answer comes only later, `onLate` gets all of them. The terminal must be in raw mode, or it would show its answers.
	*/
	ask: (stdout: Pick<NodeJS.WriteStream, 'write'>, question: {questions: string; timeoutMs: number; onLate: (answers: string) => void}) => Promise<string>;
};

/**
How long the rest of an answer may take before what came is read as keys.
*/
const restMs = 50;

/**
Answers are kept away from the keys as long as the last one is missing.
*/
export const askingStdin = (stdin: NodeJS.ReadStream): AskingStdin => {
	let isOpen = false;
	let pending = '';
	let released = '';
	let heard = '';
	let onLast: (() => void) | undefined;
	let timer: NodeJS.Timeout | undefined;

	const release = () => {
		released += pending;
		pending = '';
		// Whoever reads is told to read again.
		stdin.emit('readable');
	};

	const filter = (text: string): string => {
		clearTimeout(timer);
		const {answers, keys, open} = separateAnswers(pending + text);
		heard += answers;
		pending = open;
		if (isAnswered(heard)) {
			isOpen = false;
			const tell = onLast;
			onLast = undefined;
			tell?.();
		}

		if (pending !== '') {
			timer = setTimeout(release, restMs);
		}

		return keys;
	};

	const read = (size?: number): unknown => {
		const before = released;
		released = '';
		const chunk: unknown = stdin.read(size);
		if (typeof chunk !== 'string') {
			return before === '' ? chunk : before;
		}

		return before + (isOpen || pending !== '' ? filter(chunk) : chunk);
	};

	return {
		stdin: new Proxy(stdin, {
			get(target, name) {
				const value: unknown = Reflect.get(target, name, target);
				if (name === 'read') {
					return read;
				}

				return typeof value === 'function' ? value.bind(target) as unknown : value;
			},
		}),
		async ask(stdout, {questions, timeoutMs, onLate}) {
			isOpen = true;
			heard = '';
			stdout.write(questions);
			await new Promise<void>(resolve => {
				const timeout = setTimeout(() => {
					onLast = () => {
						onLate(heard);
					};

					resolve();
				}, timeoutMs);
				onLast = () => {
					clearTimeout(timeout);
					resolve();
				};
			});
			return heard;
		},
	};
};
