import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';

const kinds = {
	query: {shown: (name: string) => `@${name}`, example: 'reelcat queries save NAME QUERY'},
	export: {shown: (name: string) => `"${name}"`, example: 'reelcat exports save NAME --format csv'},
} as const;

/**
The error for a name under which nothing is saved; it says what was probably meant.
*/
export const notSaved = (kind: keyof typeof kinds, name: string, saved: ReadonlyArray<{name: string}>): AppError => {
	const {shown, example} = kinds[kind];
	const names = saved.map(other => other.name);
	return new AppError('usage', `There is no saved ${kind} ${shown(clean(name))}.`, {hint: orNearest(name, names, names.length === 0 ? `None is saved: ${example}` : `There is: ${names.join(', ')}.`)});
};
