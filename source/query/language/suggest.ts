import {nearest} from '../../base/text/nearest.js';

/**
The one of these names that was probably meant; undefined if it is the name itself, or if none is near.
*/
export const suggest = (name: string, names: readonly string[]): string | undefined => {
	const found = nearest(name, names);
	return found === name ? undefined : found;
};
