import path from 'node:path';
import type {ExportProfile} from '../catalog/export-profile.js';
import {formatOfFile} from '../export/formats/registry.js';
import type {CommandContext} from './command.js';
import {notSaved} from './not-saved.js';

/**
What an export was asked to be, by its options and its profile.
*/
export type ExportOptions = {
	format: string;
	/**
	Empty without one.
	*/
	query: string;
	columns: string | undefined;
	rows: string | undefined;
	separator: string | undefined;
	excel: boolean | undefined;
	paths: boolean | undefined;
	posters: boolean | undefined;
	beside: boolean | undefined;
	overwrite: boolean | undefined;
	artwork: boolean | undefined;
	library: string | undefined;
	/**
	Absent for stdout.
	*/
	output: string | undefined;
};

export type ExportRequest = ExportOptions & {
	/**
	That of the profile, which `query` narrows; empty without one. The two stay apart, because an `OR` or a `sort:` of one must not reach into the other.
	*/
	savedQuery: string;
};

/**
Reads the options. Those that are given win over those of the profile, and a query narrows its query.

@throws {AppError} 'usage' for a name of no profile
*/
export const exportRequest = ({flags, input, session}: Pick<CommandContext, 'flags' | 'input' | 'session'>): ExportRequest => {
	const name = flags.string('profile');
	const profile = name === undefined ? undefined : requireProfile(session.settings().exportProfiles(), name);
	return {...optionsOf({flags, input}, profile), savedQuery: profile?.query ?? ''};
};

export const optionsOf = ({flags, input}: Pick<CommandContext, 'flags' | 'input'>, profile?: ExportProfile): ExportOptions => {
	const given = flags.string('output');
	const output = given === '-' ? undefined : given ?? profile?.output;
	return {
		format: flags.string('format') ?? formatOfFile(given ?? '', profile?.format) ?? 'ndjson',
		query: input.join(' '),
		columns: flags.string('columns') ?? profile?.columns,
		rows: flags.string('rows') ?? profile?.rows,
		separator: flags.string('separator') ?? profile?.separator,
		excel: flags.boolean('excel') ?? profile?.excel,
		paths: flags.boolean('paths') ?? profile?.paths,
		posters: flags.boolean('posters') ?? profile?.posters,
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
		throw notSaved('export', name, profiles);
	}

	return profile;
};

/**
The profile with these options. Its file has the whole path, so that it is the same one from every folder.
*/
export const profileOf = (name: string, {output, query, ...options}: ExportOptions): ExportProfile => ({
	name,
	...options,
	...query !== '' && {query},
	...output !== undefined && {output: path.resolve(output)},
});
