import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {AppError} from '../../base/errors.js';
import type {PageAssets} from './catalog-page.js';

const builtFolders = ['page/', '../../../dist/page/'].map(name => new URL(name, import.meta.url));

/**
Reads the script and the style of the page. In the bundle their folder lies beside the chunks; otherwise the last build has them.

@throws AppError 'usage' if they are not there
*/
export const readPageAssets = async (folders: readonly URL[] = builtFolders): Promise<PageAssets> => {
	const folder = folders.find(one => existsSync(new URL('main.js', one)));
	if (folder === undefined) {
		throw new AppError('usage', 'This reelcat has no page for an export to HTML.', {hint: 'Its installation is not whole: install it again.'});
	}

	const [script, style] = await Promise.all(['main.js', 'page.css'].map(async name => readFile(new URL(name, folder), 'utf8'))) as [string, string];
	// What follows the last line of the code belongs to the file and not to the code.
	return {script: script.trimEnd(), style: style.trimEnd()};
};
