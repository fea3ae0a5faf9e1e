import {
	styledCharsFromTokens as styledAnew,
	tokenize as tokenizeAnew,
	type StyledChar,
	type Token,
} from '@alcalzone/ansi-tokenize';
import QuickLru from 'quick-lru';

export * from '@alcalzone/ansi-tokenize';

// The lines of a tall screen, each as it was given to Ink and as Ink gives it out.
const kept = new QuickLru<string, Token[]>({maxSize: 256});
const styled = new WeakMap<Token[], StyledChar[]>();

/**
As in `@alcalzone/ansi-tokenize`, for which this file stands in the bundle, see `docs/bundle.ts`. Ink reads each line of a frame twice, and most lines were in the frame before. Neither Ink nor we change a token or a character.
*/
export const tokenize = (text: string, endCharacter?: number): Token[] => {
	if (endCharacter !== undefined) {
		return tokenizeAnew(text, endCharacter);
	}

	let tokens = kept.get(text);
	if (tokens === undefined) {
		tokens = tokenizeAnew(text);
		kept.set(text, tokens);
	}

	return tokens;
};

export const styledCharsFromTokens = (tokens: Token[]): StyledChar[] => {
	let characters = styled.get(tokens);
	if (characters === undefined) {
		characters = styledAnew(tokens);
		styled.set(tokens, characters);
	}

	return characters;
};
