const maxLength = 60;

/**
Text from a server, made fit for a message: one line, no control, format or private characters, at most 60 characters.
*/
export const quote = (text: string): string => {
	const line = text.slice(0, 4 * maxLength).toWellFormed().replaceAll(/[\s\p{Other}]+/gv, ' ').trim();
	const characters = [...line];
	return `"${characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : line}"`;
};
