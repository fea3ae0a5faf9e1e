import {closestMatch} from 'leven';
import {clean} from './clean.js';

const longestName = 60;

const fold = (text: string) => text.trim().toLowerCase();

/**
Finds the name that was probably meant: one that differs in case, the only one that begins like that, or one with few letters wrong.

@example
```
nearest('improt', ['import', 'export']); //=> 'import'
nearest('lib', ['libraries', 'login']); //=> 'libraries'
```
*/
export const nearest = (name: string, names: readonly string[]): string | undefined => {
	const wanted = fold(name);
	if (wanted === '' || wanted.length > longestName) {
		return undefined;
	}

	const known = names.map(entry => fold(entry));
	const beginning = known.keys().filter(index => known[index]!.startsWith(wanted)).toArray();
	// Two letters that changed places are two faults.
	const close = closestMatch(wanted, known.filter(entry => entry.length <= longestName), {maxDistance: Math.max(1, Math.ceil(wanted.length / 3))});
	const found = known.includes(wanted) ? wanted : (beginning.length === 1 ? known[beginning[0]!] : close);
	return found === undefined ? undefined : names[known.indexOf(found)];
};

/**
Asks whether the nearest name was meant, in front of the way on. A name that exists is not what was wrong.

@example
```
orNearest('improt', ['import', 'export'], '"reelcat help" lists the commands.'); //=> 'Did you mean "import"? "reelcat help" lists the commands.'
```
*/
export const orNearest = (name: string, names: readonly string[], hint: string): string => {
	const near = nearest(name, names);
	return near === undefined || near === name ? hint : `Did you mean "${clean(near).trim()}"? ${hint}`;
};
