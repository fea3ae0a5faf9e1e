// JSON does not escape these, and a terminal would obey them.
const obeyed = /[\u{7F}-\u{9F}\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}]/gv;

/**
Escapes controls and direction marks in JSON, so that a terminal does not obey them. Parsers read the same value as before.
*/
export const escapeObeyed = (json: string): string => json.replaceAll(obeyed, character =>
	String.raw`\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`);

/**
Writes a value as such JSON, on one line.
*/
export const jsonLine = (value: unknown): string => `${escapeObeyed(JSON.stringify(value))}\n`;
