/**
The same answer as XML, as Plex speaks it unless JSON is asked for: values are attributes, lists and objects are elements, booleans are 1 and 0, and rows of `Metadata` are elements named after their type ([PA], [TAU]).
*/
export const toXml = (container: Readonly<Record<string, unknown>>): string =>
	`<?xml version="1.0" encoding="UTF-8"?>\n${element('MediaContainer', container)}\n`;

const element = (name: string, row: Readonly<Record<string, unknown>>): string => {
	let attributes = '';
	let children = '';
	for (const [key, value] of Object.entries(row)) {
		if (value === undefined || value === null) {
			continue;
		}

		if (typeof value === 'object') {
			children += elements(key, value);
		} else {
			attributes += ` ${key}="${escapeXml(textOf(value as string | number | boolean))}"`;
		}
	}

	return children === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${children}</${name}>`;
};

const textOf = (value: string | number | boolean): string => String(typeof value === 'boolean' ? Number(value) : value);

const elements = (key: string, value: unknown): string => {
	const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
	// What is no row cannot be an element.
	return rows.filter(row => isObject(row)).map(row => element(key === 'Metadata' ? elementOf(row['type']) : key, row)).join('\n');
};

const isObject = (row: unknown): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null;

const elementOf = (type: unknown): string => {
	switch (type) {
		case 'movie':
		case 'episode':
		case 'clip': {
			return 'Video';
		}

		case 'track': {
			return 'Track';
		}

		case 'photo': {
			return 'Photo';
		}

		case 'playlist': {
			return 'Playlist';
		}

		default: {
			return 'Directory';
		}
	}
};

const entities = new Map([['<', '&lt;'], ['>', '&gt;'], ['"', '&quot;'], ['\t', '&#9;'], ['\n', '&#10;'], ['\r', '&#13;']]);

/**
Line breaks are written as numbers, since a parser turns bare ones in attributes into blanks. Characters that XML cannot hold are left out; a single one would make the whole page unreadable.
*/
const escapeXml = (text: string): string => text
	.toWellFormed()
	.replaceAll(unspeakable, '')
	.replaceAll('&', '&amp;')
	.replaceAll(/[\t\n\r"<>]/gv, character => entities.get(character)!);

// eslint-disable-next-line no-control-regex, regexp/no-control-character -- These are the characters that XML 1.0 does not allow.
const unspeakable = /[\u{0}-\u{8}\v\f\u{E}-\u{1F}\u{FFFE}\u{FFFF}]/gv;
