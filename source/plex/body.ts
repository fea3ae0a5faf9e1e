import {AppError} from '../base/errors.js';
import {failure, type Outcome, type Target} from './failure.js';
import {isRecord, type Wire} from './wire.js';

export type Container = Wire<string>;

/**
The `MediaContainer` of a body. Bytes that are not UTF-8 become U+FFFD: one bad title must not cost a page (watchstate#68).
*/
export const readContainer = (body: Uint8Array, target: Target): Outcome<Container> => {
	const text = new TextDecoder().decode(body);
	const [first] = /\S/v.exec(text) ?? [];
	if (first !== '{' && first !== undefined) {
		return notPlex(target, first === '<' ? 'a web page' : 'something else than JSON');
	}

	const json = parseJson(quoteCounters(text));
	if (json === undefined) {
		return failure(new AppError('malformed', `The answer of ${target.host} to ${target.label} is ${first === undefined ? 'empty' : 'broken or cut short'}.`, {
			hint: 'Try again; if it stays so, let Plex refresh the metadata of what was asked for.',
		}));
	}

	const container = isRecord(json) ? json['MediaContainer'] : undefined;
	return isRecord(container) ? {ok: true, value: container} : notPlex(target, 'data that is not from Plex');
};

const notPlex = ({host, label}: Target, what: string) => failure(new AppError('not-plex', `What answers at ${host} is not a Plex server: it gave ${what} for ${label}.`, {
	hint: 'Check the address and the port (usually 32400). A proxy or a login page may stand before the server.',
}));

/**
`contentChangedAt` has up to 64 bits, more than a number of JavaScript holds. Inside a title the quotes would be escaped, so this only meets the field.
*/
const quoteCounters = (text: string) => text.includes('"contentChangedAt"')
	? text.replaceAll(/"contentChangedAt"\s*:\s*(?<counter>-?\d+)/gv, '"contentChangedAt":"$<counter>"')
	: text;

/**
@returns Nothing when the text is no JSON, even with the control characters in its strings escaped.
*/
const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return parseRepaired(text);
	}
};

const parseRepaired = (text: string): unknown => {
	const repaired = escapeControls(text);
	if (repaired === text) {
		return undefined;
	}

	try {
		return JSON.parse(repaired);
	} catch {
		return undefined;
	}
};

const escapeControls = (text: string): string => {
	const pieces: string[] = [];
	let isInString = false;
	let copied = 0;
	for (let index = 0; index < text.length; index++) {
		const unit = text.codePointAt(index) ?? 0;
		if (unit === 0x22) {
			isInString = !isInString;
		} else if (isInString && unit === 0x5C) {
			index++;
		} else if (isInString && unit < 0x20) {
			pieces.push(text.slice(copied, index), String.raw`\u${unit.toString(16).padStart(4, '0')}`);
			copied = index + 1;
		}
	}

	return pieces.join('') + text.slice(copied);
};
