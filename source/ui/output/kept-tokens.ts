import {
	styledCharsFromTokens as styledAnew,
	styledCharsToString as writtenAnew,
	tokenize as tokenizeAnew,
	type StyledChar,
	type Token,
} from '@alcalzone/ansi-tokenize';
import QuickLru from 'quick-lru';

export * from '@alcalzone/ansi-tokenize';

// The lines of a tall screen, each as it was given to Ink and as Ink gives it out.
const maxSize = 256;

/**
Makes each of the last values once. With it `docs/bundle.ts` also keeps what Ink has cleaned of control characters, which it does with all lines of a frame.
*/
export const keptByText = <Value extends NonNullable<unknown>>(make: (text: string) => Value) => {
	const kept = new QuickLru<string, Value>({maxSize});
	return (text: string): Value => {
		let value = kept.get(text);
		if (value === undefined) {
			value = make(text);
			kept.set(text, value);
		}

		return value;
	};
};

const keptTokens = keptByText(text => tokenizeAnew(text));
const styled = new WeakMap<Token[], StyledChar[]>();

type Written = {characters: readonly StyledChar[]; text: string};

// By the first character. Ink writes a line twice: alone, and with blanks up to the edge of the screen.
const written = new WeakMap<StyledChar, Written[]>();
const mostWritten = 2;

/**
As in `@alcalzone/ansi-tokenize`, for which this file stands in the bundle, see `docs/bundle.ts`. Ink reads each line of a frame twice, and most lines were in the frame before. Neither Ink nor we change a token or a character.
*/
export const tokenize = (text: string, endCharacter?: number): Token[] => endCharacter === undefined ? keptTokens(text) : tokenizeAnew(text, endCharacter);

export const styledCharsFromTokens = (tokens: Token[]): StyledChar[] => {
	let characters = styled.get(tokens);
	if (characters === undefined) {
		characters = styledAnew(tokens);
		styled.set(tokens, characters);
		if (characters[0] !== undefined) {
			written.set(characters[0], []);
		}
	}

	return characters;
};

const isBlank = ({value, styles}: StyledChar) => value === ' ' && styles.length === 0;

// A character is another object only where it was made anew, as the blanks of each frame are.
const isSame = (one: readonly StyledChar[], other: readonly StyledChar[]) => one.length === other.length
	&& one.every((character, index) => character === other[index] || (isBlank(character) && isBlank(other[index]!)));

export const styledCharsToString = (characters: StyledChar[]): string => {
	const [first] = characters;
	const before = first && written.get(first);
	if (before === undefined) {
		return writtenAnew(characters);
	}

	const known = before.find(each => isSame(each.characters, characters));
	if (known !== undefined) {
		return known.text;
	}

	const text = writtenAnew(characters);
	before.unshift({characters, text});
	before.length = Math.min(before.length, mostWritten);
	return text;
};
