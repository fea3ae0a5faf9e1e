import {readFile} from 'node:fs/promises';
import {AppError, errorCode} from '../../base/errors.js';
import type {PageAssets} from './catalog-page.js';

/**
Reads the script and the style of the page, which the build puts into a folder beside its chunks.

@throws AppError 'usage' if they are not there
*/
export const readPageAssets = async (folder: URL = new URL('page/', import.meta.url)): Promise<PageAssets> => {
	try {
		const [script, style] = await Promise.all(['main.js', 'page.css'].map(async name => readFile(new URL(name, folder), 'utf8'))) as [string, string];
		// What follows the last line of the code belongs to the file and not to the code.
		return {script: script.trimEnd(), style: style.trimEnd()};
	} catch (error) {
		if (errorCode(error) !== 'ENOENT') {
			throw error;
		}

		throw new AppError('usage', 'This reelcat has no page for an export to HTML.', {hint: 'Its installation is not whole: install it again.', cause: error});
	}
};
