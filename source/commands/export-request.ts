import path from 'node:path';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import type {ExportProfile} from '../catalog/export-profile.js';
import {formatOfFile} from '../export/formats/registry.js';
import type {CommandContext} from './command.js';

/**
What an export was asked to be, by its options and its profile.
*/
export type ExportRequest = {
	format: string;
	query: string;
	columns: string | undefined;
	rows: string | undefined;
	separator: string | undefined;
	excel: boolean | undefined;
	paths: boolean | undefined;
	beside: boolean | undefined;
	overwrite: boolean | undefined;
	artwork: boolean | undefined;
	library: string | undefined;
	/**
	Absent for stdout.
	*/
	output: string | undefined;
};

/**
Reads the options. Those that are given win over those of the profile, and a query narrows its query.

@throws {AppError} 'usage' for a name of no profile
*/
export const exportRequest = ({flags, input, session}: Pick<CommandContext, 'flags' | 'input' | 'session'>): ExportRequest => {
	const name = flags.string('profile');
	const profile = name === undefined ? undefined : requireProfile(session.settings().exportProfiles(), name);
	return requestOf({flags, input}, profile);
};

export const requestOf = ({flags, input}: Pick<CommandContext, 'flags' | 'input'>, profile?: ExportProfile): ExportRequest => {
	const given = flags.string('output');
	const output = given === '-' ? undefined : given ?? profile?.output;
	const queries = [profile?.query ?? '', input.join(' ')].filter(query => query !== '');
	return {
		format: flags.string('format') ?? formatOfFile(given ?? '') ?? profile?.format ?? 'ndjson',
		query: queries.length === 2 ? `(${queries[0]!}) ${queries[1]!}` : queries.join(' '),
		columns: flags.string('columns') ?? profile?.columns,
		rows: flags.string('rows') ?? profile?.rows,
		separator: flags.string('separator') ?? profile?.separator,
		excel: flags.boolean('excel') ?? profile?.excel,
		paths: flags.boolean('paths') ?? profile?.paths,
		beside: flags.boolean('beside') ?? profile?.beside,
		overwrite: flags.boolean('overwrite') ?? profile?.overwrite,
		artwork: flags.boolean('artwork') ?? profile?.artwork,
		library: flags.string('library') ?? profile?.library,
		output,
	};
};

/**
@throws {AppError} 'usage' with what was probably meant
*/
export const requireProfile = (profiles: readonly ExportProfile[], name: string): ExportProfile => {
	const profile = profiles.find(known => known.name === name);
	if (profile === undefined) {
		const names = profiles.map(known => known.name);
		throw new AppError('usage', `There is no saved export "${clean(name)}".`, {
			hint: orNearest(name, names, names.length === 0 ? 'None is saved: reelcat exports save NAME --format csv' : `There is: ${names.join(', ')}.`),
		});
	}

	return profile;
};

/**
The profile of a request. Its file has the whole path, so that it is the same one from every folder.
*/
export const profileOf = (name: string, {output, query, ...options}: ExportRequest): ExportProfile => ({
	name,
	...options,
	...query !== '' && {query},
	...output !== undefined && {output: path.resolve(output)},
});
