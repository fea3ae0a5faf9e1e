import {fold} from '../fold.js';

let english: Intl.DisplayNames | undefined;

const nameOf = (code: string): string | undefined => {
	english ??= new Intl.DisplayNames(['en'], {type: 'language', fallback: 'none'});
	try {
		return english.of(code);
	} catch {
		return undefined;
	}
};

const codeForm = /^[a-z]{2,3}(?:-[\-0-9a-z]+)?$/iv;
const canonical = new Map<string, string | undefined>();

/**
A code of a language in its shortest form; undefined if it is none.

@example
```
canonicalLanguage('dut'); //=> 'nl'
```
*/
export const canonicalLanguage = (code: string): string | undefined => {
	if (!codeForm.test(code)) {
		return undefined;
	}

	if (!canonical.has(code)) {
		canonical.set(code, readCode(code));
	}

	return canonical.get(code);
};

const readCode = (code: string) => {
	try {
		// What is called Norwegian is Bokmål nearly always, and one film has it under this name, the next one under the other.
		return Intl.getCanonicalLocales(code)[0]?.replace(/^nb(?=$|-)/v, 'no');
	} catch {
		return undefined;
	}
};

const letters = 'abcdefghijklmnopqrstuvwxyz';
let codes: ReadonlyMap<string, string> | undefined;

/**
The codes of the languages of ISO 639-1 by their folded English names.
*/
export const languageCodes = (): ReadonlyMap<string, string> => {
	codes ??= new Map([...letters].flatMap(first => [...letters].map(second => `${first}${second}`)).flatMap(code => {
		const [name, short] = [nameOf(code), canonicalLanguage(code)];
		return name === undefined || short === undefined || name === code ? [] : [[fold(name), short] as const];
	}));
	return codes;
};

/**
The folded name of a language in itself, as lists show it.
*/
export const ownName = (code: string): string => fold(new Intl.DisplayNames([code], {type: 'language'}).of(code) ?? '');

/**
Whether a language as it is kept of a track, its code, a tab and its name, is this one.
*/
export const isLanguage = (kept: string, {code, name}: {code: string | undefined; name: string}): boolean => {
	const [keptCode = '', keptName = ''] = kept.split('\t', 2);
	const known = canonicalLanguage(keptCode);
	if (known !== undefined && code !== undefined) {
		return known === code || (!code.includes('-') && known.split('-', 1)[0] === code);
	}

	// Servers name a language in itself. Its English name may be that of a region, too.
	const names = [keptName, keptCode, known === undefined ? '' : nameOf(known) ?? ''];
	return names.some(one => one !== '' && fold(one) === name);
};
