import {Buffer} from 'node:buffer';

/**
How text gets to the clipboard of the terminal, by OSC 52. tmux and GNU screen stand between: tmux passes it on where it is set up for that, screen never does, and the Linux console has no clipboard.
*/
export type ClipboardWay = 'direct' | 'tmux' | 'none';

export const clipboardWay = ({TMUX: tmux = '', STY: screen = '', TERM: term = ''}: NodeJS.ProcessEnv): ClipboardWay => {
	// Whichever was started last is the one that we write to.
	if (screen !== '' && (tmux === '' || term.startsWith('screen.'))) {
		return 'none';
	}

	return tmux === '' ? (term === 'linux' ? 'none' : 'direct') : 'tmux';
};

/**
As many bytes as the strictest of the usual terminals takes: 100,000 characters of the sequence, in which three bytes become four.
*/
export const mostCopiedBytes = 74_994;

export const isTooLongToCopy = (text: string): boolean => Buffer.byteLength(text) > mostCopiedBytes;

/**
What to write to the terminal, so that `text` gets into its clipboard. Base64 holds no control character, so nothing in the text can end it.

tmux reads the first request for itself (`set-clipboard on`) and hands the second one through (`allow-passthrough on`). By default it takes neither.
*/
export const clipboardSequence = (text: string, way: Exclude<ClipboardWay, 'none'>): string => {
	const request = `\u{1B}]52;c;${Buffer.from(text).toString('base64')}\u{7}`;
	return way === 'tmux' ? `${request}\u{1B}Ptmux;\u{1B}${request}\u{1B}\\` : request;
};
