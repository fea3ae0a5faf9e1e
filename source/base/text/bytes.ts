import {Buffer} from 'node:buffer';

/**
The beginning of a text that takes at most so many bytes in UTF-8, in whole characters.
*/
export const firstBytes = (text: string, mostBytes: number): string => {
	if (Buffer.byteLength(text) <= mostBytes) {
		return text;
	}

	let bytes = 0;
	let result = '';
	for (const character of text) {
		bytes += Buffer.byteLength(character);
		if (bytes > mostBytes) {
			break;
		}

		result += character;
	}

	return result;
};
