/**
One line of text that is being typed. `caret` counts graphemes from the start.
*/
export type TextField = {
	text: string;
	caret: number;
};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
export const graphemes = (text: string): string[] => Array.from(segmenter.segment(text), ({segment}) => segment);

export const newTextField = (text = ''): TextField => ({text, caret: graphemes(text).length});

export type TextEdit = 'left' | 'right' | 'start' | 'end' | 'erase' | 'erase-forward' | 'clear';

/**
Inserts text at the caret. Line ends and control characters are left out, because a pasted token often has one.
*/
export const insertText = ({text, caret}: TextField, added: string): TextField => {
	const clean = graphemes(added.replaceAll(/\p{Control}/gv, ''));
	const all = graphemes(text);
	return {text: [...all.slice(0, caret), ...clean, ...all.slice(caret)].join(''), caret: caret + clean.length};
};

export const editText = ({text, caret}: TextField, edit: TextEdit): TextField => {
	const all = graphemes(text);
	const without = (index: number) => all.filter((_, at) => at !== index).join('');
	const left = Math.max(0, caret - 1);
	const edited: Record<TextEdit, () => TextField> = {
		left: () => ({text, caret: left}),
		right: () => ({text, caret: Math.min(all.length, caret + 1)}),
		start: () => ({text, caret: 0}),
		end: () => ({text, caret: all.length}),
		erase: () => ({text: without(caret - 1), caret: left}),
		'erase-forward': () => ({text: without(caret), caret}),
		clear: () => ({text: '', caret: 0}),
	};
	return edited[edit]();
};

export const aroundCaret = ({text, caret}: TextField): [string, string, string] => {
	const all = graphemes(text);
	return [all.slice(0, caret).join(''), all[caret] ?? '', all.slice(caret + 1).join('')];
};
