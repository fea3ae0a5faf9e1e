import {searchForm} from '../language/text-tests.js';

const simple = /^[^\(\)\[\\\]\{\|\}]*$/v;
const literals = /[ 0-9A-Za-z]+/gv;

/**
The longest text, folded, that is in every text which a regular expression finds. It knows only simple ones; of others it says nothing.

@example
```
literalOf('^The Copper .*7$'); //=> 'the copper '
```
*/
export const literalOf = (source: string): string | undefined => {
	if (!simple.test(source)) {
		return undefined;
	}

	// What may be missing is no part of it, and what may be there more than once ends it.
	const certain = source.replaceAll(/[ 0-9A-Za-z][*?]/gv, '.').replaceAll('+', '.');
	const longest = certain.match(literals)?.toSorted((one, other) => other.length - one.length)[0];
	return longest === undefined ? undefined : searchForm(longest);
};
