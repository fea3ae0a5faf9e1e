/**
In pixels.
*/
export type CellSize = {width: number; height: number};

export type TerminalAnswers = {
	hasKitty: boolean;
	hasSixel: boolean;
	cell: CellSize | undefined;
	/**
	Name and version as the terminal gives them; empty if it gives none.
	*/
	version: string;
};

const escape = '\u{1B}';

/**
Asks for the version, the size of a cell and of the window. Nearly every terminal answers the last question (DA1), so its answer ends the wait; dvtm, Eterm and the terminal of Emacs do not. `CSI 18 t` is not asked: tmux answers it transposed.

xterm keeps both sizes to itself, but tells how large a sixel may be: as large as its window. No other terminal is asked that, since one that does not know the question might scroll.
*/
export const questionsTo = ({XTERM_VERSION: xterm = ''}: NodeJS.ProcessEnv): string =>
	`${escape}[>0q${escape}[16t${escape}[14t${xterm === '' ? '' : `${escape}[?2;1;0S`}${escape}[c`;

export const kittyQuestion = `${escape}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA${escape}\\${escape}[c`;

/* eslint-disable no-control-regex, regexp/no-control-character -- escape sequences are what this is about */
const answerPattern = /\u{1B}(?:_G[^\u{1B}]*\u{1B}\\|P>\|[^\u{1B}]*\u{1B}\\|\[\?[\d;]*[Sc]|\[[46];\d+;\d+t)/gv;

const lastAnswer = /\u{1B}\[\?[\d;]*c/v;

/**
The beginning of what may be an answer, at the end of what has come so far.
*/
const openAnswer = /\u{1B}(?:_(?:G[^\u{1B}]*\u{1B}?)?|P(?:>(?:\|[^\u{1B}]*\u{1B}?)?)?|\[(?:\?[\d;]*|[46](?:;\d*){0,2})?)?$/v;

/**
Takes the answers out of the input and leaves the keys. `open` is what may be the beginning of an answer.
*/
export const separateAnswers = (input: string): {answers: string; keys: string; open: string} => {
	const answers = input.match(answerPattern)?.join('') ?? '';
	const others = input.replaceAll(answerPattern, '');
	const open = openAnswer.exec(others)?.[0] ?? '';
	return {answers, keys: others.slice(0, others.length - open.length), open};
};

export const isAnswered = (answers: string): boolean => lastAnswer.test(answers);

/**
Whether the question for kitty graphics does no harm, as far as all answers to the first questions tell. tmux and GNU screen take it for a title, and within a container, as after `docker exec`, nothing else tells of them; PuTTY prints it. All three call themselves something older than a VT200, or tell that they are tmux.
*/
export const canHaveKitty = (answers: string): boolean => isAnswered(answers) && !answers.includes(`${escape}P>|tmux `) && /\u{1B}(?:P>\|[^\u{1B}]|\[\?6\d)/v.test(answers);

const sizeIn = (answers: string, code: 4 | 6): CellSize | undefined => {
	const {height, width} = new RegExp(String.raw`\u{1B}\[${code};(?<height>\d+);(?<width>\d+)t`, 'v').exec(answers)?.groups ?? {};
	return width === undefined || height === undefined ? undefined : {width: Number(width), height: Number(height)};
};

const sixelAreaIn = (answers: string): CellSize | undefined => {
	const {width, height} = /\u{1B}\[\?2;0;(?<width>\d+);(?<height>\d+)S/v.exec(answers)?.groups ?? {};
	return width === undefined || height === undefined ? undefined : {width: Number(width), height: Number(height)};
};

const isCell = ({width, height}: CellSize) => width >= 4 && width <= 200 && height >= 6 && height <= 400;

export const readAnswers = (answers: string, {columns, rows}: {columns: number; rows: number}): TerminalAnswers => {
	const cellOf = (area: CellSize | undefined) => area && {width: Math.floor(area.width / columns), height: Math.floor(area.height / rows)};
	const cells = [sizeIn(answers, 6), cellOf(sizeIn(answers, 4)), cellOf(sixelAreaIn(answers))];
	const attributes = /\u{1B}\[\?(?<attributes>[\d;]*)c/v.exec(answers)?.groups?.['attributes'] ?? '';
	return {
		hasKitty: answers.includes('_Gi=31;OK'),
		hasSixel: attributes.split(';').slice(1).includes('4'),
		cell: cells.find(cell => cell !== undefined && isCell(cell)),
		version: /\u{1B}P>\|(?<version>[^\u{1B}]*)/v.exec(answers)?.groups?.['version'] ?? '',
	};
};
/* eslint-enable no-control-regex, regexp/no-control-character */
