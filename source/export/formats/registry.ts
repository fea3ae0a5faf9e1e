import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {orNearest} from '../../base/text/nearest.js';
import type {ExportFormat} from '../format.js';

/**
All formats, in the order of the help. A new one is a line here and its module.
*/
const loaders: ReadonlyMap<string, () => Promise<ExportFormat>> = new Map([
	['ndjson', async () => import('./ndjson.js').then(({ndjsonFormat}) => ndjsonFormat)],
	['json', async () => import('./json.js').then(({jsonFormat}) => jsonFormat)],
	['csv', async () => import('./csv.js').then(({csvFormat}) => csvFormat)],
	['tsv', async () => import('./tsv.js').then(({tsvFormat}) => tsvFormat)],
	['html', async () => import('./html.js').then(({htmlFormat}) => htmlFormat)],
	['markdown', async () => import('./markdown.js').then(({markdownFormat}) => markdownFormat)],
	['m3u', async () => import('./m3u.js').then(({m3uFormat}) => m3uFormat)],
	['letterboxd', async () => import('./letterboxd.js').then(({letterboxdFormat}) => letterboxdFormat)],
	['trakt', async () => import('./trakt.js').then(({traktFormat}) => traktFormat)],
	['sqlite', async () => import('./sqlite.js').then(({sqliteFormat}) => sqliteFormat)],
	['xlsx', async () => import('./xlsx.js').then(({xlsxFormat}) => xlsxFormat)],
	['parquet', async () => import('./parquet.js').then(({parquetFormat}) => parquetFormat)],
	['nfo', async () => import('./nfo.js').then(({nfoFormat}) => nfoFormat)],
]);

export const exportFormats: readonly string[] = loaders.keys().toArray();

/**
@throws {AppError} 'usage' for a name of no format
*/
export const loadExportFormat = async (name: string): Promise<ExportFormat> => {
	const load = loaders.get(name);
	if (load === undefined) {
		throw new AppError('usage', `There is no export format "${clean(name)}".`, {hint: orNearest(name, exportFormats, `There is: ${exportFormats.join(', ')}.`)});
	}

	return load();
};

const otherExtensions: ReadonlyMap<string, string> = new Map([
	['jsonl', 'ndjson'],
	['md', 'markdown'],
	['htm', 'html'],
	['m3u8', 'm3u'],
	['db', 'sqlite'],
	['sqlite3', 'sqlite'],
]);

/**
The format that a file name asks for by its extension, else `otherwise`.

@throws {AppError} 'usage' for an extension of no format, whose file would be something else than its name says
*/
export const formatOfFile = (file: string, otherwise?: string): string | undefined => {
	const extension = /\.(?<extension>[A-Za-z][\dA-Za-z]*)$/v.exec(file)?.groups?.['extension']?.toLowerCase();
	const name = otherExtensions.get(extension ?? '') ?? extension;
	if (name !== undefined && otherwise === undefined && !loaders.has(name)) {
		throw new AppError('usage', `No export format has the extension .${name}.`, {hint: orNearest(name, exportFormats, 'Name the format with --format.')});
	}

	return name !== undefined && loaders.has(name) ? name : otherwise;
};
