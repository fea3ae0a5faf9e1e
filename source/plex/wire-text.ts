import {Buffer, isUtf8} from 'node:buffer';

/**
Ends a text that was not UTF-8, so that it differs from the same text in UTF-8. `readString` takes it off. It is in the private area of Unicode, where no title has anything.
*/
const mendedMark = '\u{E0FF}';

export const withoutMark = (text: string): string => text.endsWith(mendedMark) ? text.slice(0, -1) : text;

/**
Does what a strict decoder of UTF-8 does, in a third of the time. A byte order mark is no part of the text.
*/
const decoded = (bytes: Uint8Array): string | undefined => {
	if (!isUtf8(bytes)) {
		return undefined;
	}

	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
	return text.startsWith('\u{FEFF}') ? text.slice(1) : text;
};

/**
Reads the text of an answer. A string that is not UTF-8 is read as Latin-1, byte by byte: names of files on old disks come so, and replacing the bytes would make one path of two (watchstate#68 lost whole pages). Each string is judged by itself, because titles and paths of one answer may differ.
*/
export const readWireText = (body: Uint8Array): {text: string; isMended: boolean} => {
	const whole = decoded(body);
	if (whole !== undefined) {
		return {text: whole, isMended: false};
	}

	const latin = Buffer.from(body).toString('latin1').replace(/^\u{EF}\u{BB}\u{BF}/v, '');
	const text = latin.replaceAll(/"(?:[^"\\]|\\.)*"/gsv, literal => decoded(Buffer.from(literal, 'latin1')) ?? `${literal.slice(0, -1)}${mendedMark}"`);
	return {text, isMended: true};
};

/**
What tells a path from every other one. Two paths may read the same, where one is not UTF-8 or has half a character. No path has the character that the others begin with.
*/
export const pathIdentity = (path: string): string => path.isWellFormed() ? path : `\0${JSON.stringify(path)}`;
