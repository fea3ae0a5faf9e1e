import type {ExecutionContext} from 'ava';
import type {CellStyle, Person} from './terminal.js';

type Look = {text: string; cells: Array<Array<CellStyle & {text: string}>>};

/**
What a person sees: text and styles. A blank that was written is the same as one that was erased.
*/
export const lookOf = (person: Person): Look => ({
	text: person.screen(),
	cells: person.styledCells().map(row => row.map(({width, ...cell}) => ({...cell, text: width === 0 ? '' : cell.text.padStart(1)}))),
});

/**
Fails where a screen at rest is not what painting it again with Ctrl-L shows.
*/
export const looksAsRepainted = async (t: ExecutionContext, person: Person): Promise<void> => {
	await person.rests();
	const shown = lookOf(person);
	const before = person.written().length;
	person.type('\u{C}');
	await person.sees(() => person.written().slice(before).includes('reelcat'));
	await person.rests();
	looksAs(t, person, shown);
};

export const looksAs = (t: ExecutionContext, person: Person, wanted: Look): void => {
	const {text, cells} = lookOf(person);
	t.is(text, wanted.text);
	t.deepEqual(cells, wanted.cells);
};
