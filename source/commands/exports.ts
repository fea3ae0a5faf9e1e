import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import type {ExportProfile} from '../catalog/export-profile.js';
import {savedNamePattern} from '../catalog/saved-query.js';
import {defined} from '../catalog/values.js';
import {formatOptions} from '../export/format.js';
import {loadExportFormat} from '../export/formats/registry.js';
import {compileQuery} from '../query/language/compile.js';
import {tableLines} from '../reports/printers/table.js';
import {parseRhythm} from '../watch/schedule/rhythm.js';
import {print, tableLook, type CommandContext} from './command.js';
import {exitCodes} from './exit-codes.js';
import {readExport} from './export.js';
import {optionsOf, profileOf, requireProfile} from './export-request.js';
import {withSources} from './report-command.js';
import {exportActions} from './words.js';

export const runExportsCommand = async (context: CommandContext): Promise<number> => {
	const [action, name, ...words] = context.input;
	if (action === undefined || action === 'list') {
		await listProfiles(context);
		return exitCodes.ok.code;
	}

	const run = actions.get(action);
	if (run === undefined) {
		throw new AppError('usage', `There is no action "${clean(action)}".`, {hint: orNearest(action, exportActions, `Actions are ${exportActions.join(', ')}. For instance: reelcat exports save weekly --format csv -o library.csv`)});
	}

	if (name === undefined) {
		throw new AppError('usage', 'Name the saved export.', {hint: `For instance: reelcat exports ${action} weekly`});
	}

	await run(context, name, words);
	return exitCodes.ok.code;
};

const listProfiles = async (context: CommandContext) => {
	const profiles = context.session.settings().exportProfiles();
	if (profiles.length === 0) {
		context.io.say('No export is saved. For instance: reelcat exports save weekly --format csv -o library.csv');
	}

	const lines = profiles.length === 0
		? []
		: tableLines([{heading: 'Name'}, {heading: 'Format'}, {heading: 'File', isFlexible: true}, {heading: 'Query', isFlexible: true}, {heading: 'Options', isFlexible: true}], profiles.map(profile => [
			profile.name, profile.format, profile.output ?? '', profile.query ?? '', optionsText(profile),
		]), tableLook(context.io));
	await print(context, {exports: profiles}, lines.map(line => `${line}\n`).join(''));
};

// The others have a value.
const switches = formatOptions.filter(option => option !== 'rows' && option !== 'separator');

const optionsText = ({columns, rows, separator, library, every, ...options}: ExportProfile) => [
	...Object.entries(defined({
		every, library, rows, columns, separator,
	})).map(([option, value]) => `--${option} ${JSON.stringify(value)}`),
	...switches.filter(option => options[option] === true).map(option => `--${option}`),
].join(' ');

const saveProfile = async (context: CommandContext, name: string, words: readonly string[]) => {
	if (!savedNamePattern.test(name)) {
		throw new AppError('usage', `"${clean(name)}" cannot be the name of an export.`, {hint: 'A name has small letters, digits and hyphens, begins with a letter, and has at most 40 of them: weekly-csv.'});
	}

	const options = optionsOf({flags: context.flags, input: words});
	const every = readEvery(context, options);
	readExport(options, await loadExportFormat(options.format));
	await withSources(context, async sources => {
		await sources.pickLibraries(options.library);
		if (options.query !== '') {
			await compileQuery(options.query, await sources.queryWorld());
		}
	});
	const profile = {...profileOf(name, options), ...every !== undefined && {every}};
	const writer = await context.session.settings().writer();
	writer.saveExportProfile(profile);
	await print(context, {saved: profile}, `Saved. ${every === undefined ? 'To export' : `"reelcat --watch" makes it (${every}), and so does`}: reelcat export --profile ${name}\n`);
};

/**
@throws {AppError} 'usage'
*/
const readEvery = ({flags}: CommandContext, {output}: {output: string | undefined}): string | undefined => {
	const every = flags.string('every');
	if (every === undefined) {
		return undefined;
	}

	if (output === undefined) {
		throw new AppError('usage', '--every needs a file.', {hint: 'Name one with -o: the daemon has no stdout.'});
	}

	parseRhythm(every, '--every');
	return every;
};

const removeProfile = async (context: CommandContext, name: string, words: readonly string[]) => {
	if (words.length > 0) {
		throw new AppError('usage', '"reelcat exports remove" takes one name.');
	}

	const settings = context.session.settings();
	requireProfile(settings.exportProfiles(), name);
	const writer = await settings.writer();
	writer.removeExportProfile(name);
	await print(context, {removed: name}, `Removed ${name}.\n`);
};

const actions = new Map([['save', saveProfile], ['remove', removeProfile]]);
