import {stat} from 'node:fs/promises';
import path from 'node:path';
import {withWriter} from '../app/run-engine.js';
import {listBackups, type ListedBackup} from '../store/backups.js';
import {checkBackup, type CheckedBackup, storedBackups} from '../store/check-backup.js';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {formatBytes, formatInstant, plural} from '../base/text/format.js';
import {askLine} from './ask.js';
import {exitCodes} from './exit-codes.js';
import {print, type CommandContext} from './command.js';

export const runBackupCommand = async (context: CommandContext): Promise<number> => {
	const {session, flags} = context;
	if (flags.boolean('list') === true) {
		const backups = await listBackups(session.folders().data);
		const lines = backups.length === 0 ? ['There is no backup yet.'] : backups.map(backup => backupLine(backup));
		await print(context, {backups}, `${lines.join('\n')}\n`);
		return backups.every(({problem}) => problem === undefined) ? 0 : 1;
	}

	const isEvery = flags.boolean('readData') === true;
	if (isEvery || flags.boolean('check') === true) {
		return checkBackups(context, isEvery);
	}

	return withWriter(session, {writesFor: async () => []}, async store => {
		await store.load();
		const made = await store.backup();
		await print(context, {backup: made}, `${clean(made.file)}, ${formatBytes(made.sizeBytes)}, read back and verified.\n`);
		return 0;
	});
};

const checkBackups = async (context: CommandContext, isEvery: boolean): Promise<number> => {
	const folder = context.session.folders().data;
	const files = await storedBackups(folder);
	const found = new Map<string, CheckedBackup>();
	for (const file of isEvery ? files : files.slice(0, 1)) {
		found.set(file, await checkBackup(folder, file));
	}

	const checked = found.values().toArray();
	const lines = checked.flatMap(({file, records, problems}) => [
		`${clean(file)}: ${problems.length === 0 ? `${plural(records, 'record')}, all in order.` : plural(problems.length, 'problem')}`,
		...problems.map(problem => `  ${clean(problem)}`),
	]);
	await print(context, {backups: checked}, `${checked.length === 0 ? 'There is no backup yet.' : lines.join('\n')}\n`);
	return checked.length > 0 && checked.every(({problems}) => problems.length === 0) ? exitCodes.ok.code : exitCodes.failed.code;
};

const backupLine = ({file, madeAt, sizeBytes, records, problem}: ListedBackup) => [
	formatInstant(madeAt),
	formatBytes(sizeBytes),
	problem === undefined ? plural(records ?? 0, 'record') : `DAMAGED: ${clean(problem)}`,
	clean(file),
].join('  ');

export const runRestoreCommand = async (context: CommandContext): Promise<number> => {
	const {session, input, flags} = context;
	const isEmpty = flags.boolean('empty') === true;
	if (isEmpty && input[0] !== undefined) {
		throw new AppError('usage', '"reelcat restore" takes either a FILE or --empty.');
	}

	const file = isEmpty ? undefined : (input[0] === undefined ? await newestFile(session.folders().data) : await namedFile(input[0]));
	if (flags.boolean('yes') !== true && !await isConfirmed(context, file)) {
		await print(context, {ok: false, file}, 'Nothing was changed.\n');
		return 0;
	}

	return withWriter(session, file === undefined ? {startsAnew: true} : {restoreFrom: file}, async store => {
		await store.load();
		const notice = store.notice === undefined ? '' : ` ${clean(store.notice)}`;
		await print(
			context,
			{
				ok: true, file, revision: store.header().revision, notice: store.notice,
			},
			file === undefined
				? `The catalogue is empty now.${notice}\nRun "reelcat import" to fill it.\n`
				: `Restored from ${clean(file)}.${notice}\nRun "reelcat sync" to bring it up to date.\n`,
		);
		return 0;
	});
};

/**
@throws AppError 'usage' where there is no such file
*/
const namedFile = async (name: string): Promise<string> => {
	const file = path.resolve(name);
	const stats = await stat(file).catch(() => undefined);
	if (stats?.isFile() !== true) {
		throw new AppError('usage', stats === undefined ? `There is no file ${clean(file)}, or it cannot be read.` : `${clean(file)} is not a file.`, {hint: '"reelcat backup --list" lists the backups; "reelcat restore" alone takes the newest.'});
	}

	return file;
};

const newestFile = async (folder: string): Promise<string> => {
	const backups = await listBackups(folder);
	const good = backups.find(({problem}) => problem === undefined);
	if (good === undefined) {
		throw new AppError('usage', 'There is no backup that can be read.', {hint: 'An import brings everything back from the server.'});
	}

	return good.file;
};

/**
@throws AppError 'usage' where nobody can be asked
*/
const isConfirmed = async ({session, io, signal}: CommandContext, file: string | undefined): Promise<boolean> => {
	if (!io.isTerminal) {
		throw new AppError('usage', 'A restore replaces the catalogue, and there is no terminal to ask at.', {hint: 'Say --yes.'});
	}

	const backups = await listBackups(session.folders().data);
	const madeAt = backups.find(backup => backup.file === file)?.madeAt;
	const replacement = file === undefined ? 'an empty one' : `${clean(file)}${madeAt === undefined ? '' : ` of ${formatInstant(madeAt)}`}`;
	const answer = await askLine(`Replace the catalogue with ${replacement}? The current one is set aside, not deleted. [y/N] `, {io, signal});
	return /^y(?:es)?$/iv.test(answer.trim());
};
