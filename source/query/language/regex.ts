import type {RE2JS as Re2} from 're2js';

type Engine = {RE2JS: typeof Re2};

let engine: Engine | undefined;
const compiled = new Map<string, (text: string) => boolean>();
const mostCompiled = 50;
// A text takes a time that grows with both, and there are hundreds of thousands of texts.
const mostSteps = 500;

/**
Loads what runs regular expressions in linear time. Few queries have one.
*/
export const loadRegexEngine = async (): Promise<void> => {
	engine ??= await import('re2js');
};

/**
A function that tells whether a regular expression is found in a text; it takes a time that grows with the text and nothing else. `loadRegexEngine` must have been called.

@throws an error of the library for what is none, or has what cannot be found in linear time, and one for what is too large
*/
export const regexFinder = (source: string, isFolded: boolean): ((text: string) => boolean) => {
	const key = `${isFolded ? 'i' : ''}/${source}`;
	const known = compiled.get(key);
	if (known !== undefined) {
		return known;
	}

	const {RE2JS: re2} = engine!;
	const pattern = re2.compile(source, isFolded ? re2.CASE_INSENSITIVE : 0);
	if (pattern.programSize() > mostSteps) {
		throw new Error('expression too large');
	}

	const isFound = (text: string) => pattern.matcher(text).find();
	if (compiled.size >= mostCompiled) {
		compiled.clear();
	}

	compiled.set(key, isFound);
	return isFound;
};
