/**
An element of an XML answer.
*/
export type XmlElement = {
	name: string;
	attributes: Record<string, string>;
	children: XmlElement[];
};

/**
Reads the XML that Plex speaks: elements and attributes, no text. It refuses whatever a real parser would refuse.

@throws Error for a document that is not well-formed.
*/
export const readXml = (text: string): XmlElement => {
	const allowed = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/v;
	if (!allowed.test(text)) {
		throw new Error('A character that XML does not allow.');
	}

	const root: XmlElement = {name: '', attributes: {}, children: []};
	const open = [root];
	const token = /<\?xml[^>]*\?>|<\/(?<end>[\w\-]+)>|<(?<name>[\w\-]+)(?<attributes>(?:\s+[\w\-]+="[^"<]*")*)\s*(?<empty>\/?)>|\s+/vy;
	while (token.lastIndex < text.length) {
		const at = token.lastIndex;
		const groups = token.exec(text)?.groups;
		if (groups === undefined) {
			throw new Error(`No XML at ${at}: ${text.slice(at, at + 80)}`);
		}

		const {end, name, attributes = '', empty} = groups;
		if (end !== undefined && open.pop()?.name !== end) {
			throw new Error(`</${end}> closes nothing.`);
		}

		if (name === undefined) {
			continue;
		}

		const element = {name, attributes: readAttributes(attributes), children: []};
		open.at(-1)!.children.push(element);
		if (empty === '') {
			open.push(element);
		}
	}

	const [only] = root.children;
	if (open.length !== 1 || root.children.length !== 1) {
		throw new Error('Not one element.');
	}

	return only!;
};

const entities = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', '\'']]);

const readAttributes = (text: string): Record<string, string> => {
	const attributes = text.matchAll(/(?<key>[\w\-]+)="(?<value>[^"]*)"/gv).map(({groups}) => [groups!['key']!, unescape(groups!['value']!)] as const).toArray();
	if (new Set(attributes.map(([key]) => key)).size !== attributes.length) {
		throw new Error(`An attribute occurs twice: ${text}`);
	}

	return Object.fromEntries(attributes);
};

/**
A parser reads bare white space in attributes as blanks.
*/
const unescape = (value: string): string => value.replaceAll(/[\t\n\r]/gv, ' ').replaceAll(/&(?<entity>[^;]*);?/gv, (whole, entity: string) => {
	const character = entity.startsWith('#') ? String.fromCodePoint(Number(entity.slice(1))) : entities.get(entity);
	if (character === undefined || !whole.endsWith(';')) {
		throw new Error(`${whole} is no entity.`);
	}

	return character;
});

const rowNames = new Map([['movie', 'Video'], ['episode', 'Video'], ['clip', 'Video'], ['track', 'Track'], ['photo', 'Photo'], ['playlist', 'Playlist']]);

/**
What the same answer in JSON must look like in XML ([OFF], [PA]). Characters that XML does not have are missing there.
*/
export const expectedXml = (container: Record<string, unknown>): XmlElement => elementFrom('MediaContainer', container);

const elementFrom = (name: string, row: Record<string, unknown>): XmlElement => {
	const attributes: Array<[string, string]> = [];
	const children: XmlElement[] = [];
	for (const [key, value] of Object.entries<unknown>({...row})) {
		if (typeof value === 'object') {
			const rows: unknown[] = Array.isArray(value) ? value : [value];
			children.push(...rows.filter(one => isRow(one)).map(child => elementFrom(key === 'Metadata' ? rowNames.get(child.type ?? '') ?? 'Directory' : key, child)));
		} else {
			attributes.push([key, textOf(value)]);
		}
	}

	return {name, attributes: Object.fromEntries(attributes), children};
};

const isRow = (one: unknown): one is {type?: string} => typeof one === 'object' && one !== null;

const textOf = (value: unknown): string => {
	const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
	// eslint-disable-next-line no-control-regex, regexp/no-control-character -- These are the characters that XML 1.0 does not allow.
	return text.toWellFormed().replaceAll(/[\u{0}-\u{8}\v\f\u{E}-\u{1F}\u{FFFE}\u{FFFF}]/gv, '');
};
