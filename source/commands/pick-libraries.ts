import type {CatalogHeader, Library} from '../catalog/types.js';
import {AppError} from '../errors.js';
import {isNamed} from '../sync/select.js';
import {clean} from '../text/clean.js';

/**
Libraries of the catalogue by title, key or uuid; all without a name.

@throws AppError 'usage' that lists what exists
*/
export const pickLibraries = ({libraries}: CatalogHeader, name: string | undefined): Library[] => {
	if (name === undefined) {
		return libraries;
	}

	const matches = libraries.filter(library => isNamed(library, name));
	if (matches.length === 0) {
		const existing = libraries.map(({title}) => `"${clean(title.trim())}"`).join(', ');
		throw new AppError('usage', `There is no library "${clean(name)}" in the catalogue.`, {
			hint: existing === '' ? 'Nothing has been imported yet: reelcat import' : `There is: ${existing}.`,
		});
	}

	return matches;
};
