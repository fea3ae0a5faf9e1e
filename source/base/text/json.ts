// JSON leaves these as they are, and a terminal would obey them.
const obeyed = /[\u{7F}-\u{9F}\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}]/gv;

/**
JSON that says the same to every parser, and nothing to a terminal: controls and direction marks are written as escapes.
*/
export const escapeObeyed = (json: string): string => json.replaceAll(obeyed, character =>
	String.raw`\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`);

/**
A value as such JSON, on one line.
*/
export const jsonLine = (value: unknown): string => `${escapeObeyed(JSON.stringify(value))}\n`;
