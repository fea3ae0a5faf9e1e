import {withWriter} from '../app/run-engine.js';
import {listBackups, type ListedBackup} from '../store/backups.js';
import {clean} from '../base/text/clean.js';
import {formatBytes, formatInstant, plural} from '../base/text/format.js';
import {jsonLine} from '../base/text/json.js';
import type {Command} from './command.js';

export const backupCommand: Command = {
	name: 'backup',
	summary: 'Make a verified backup of the catalogue, or list those there are',
	details: [
		'One is made by itself once a day when something has changed, and before the format of the catalogue changes. The 3 newest are kept, one a day for 7 days and one a week for 4 weeks.',
	],
	flags: {
		list: {type: 'boolean', help: 'List the backups, newest first, and prove each'},
	},
	async run({session, io, flags}) {
		const isJson = flags.boolean('json') === true;
		if (flags.boolean('list') === true) {
			const backups = await listBackups(session.folders().data);
			const lines = backups.length === 0 ? ['There is no backup yet.'] : backups.map(backup => backupLine(backup));
			await io.out(isJson ? jsonLine({schema: 1, backups}) : lines.map(line => `${line}\n`).join(''));
			return backups.every(({problem}) => problem === undefined) ? 0 : 1;
		}

		return withWriter(session, {}, async store => {
			await store.load();
			const made = await store.backup();
			await io.out(isJson ? jsonLine({schema: 1, backup: made}) : `${clean(made.file)}, ${formatBytes(made.sizeBytes)}, read back and verified.\n`);
			return 0;
		});
	},
};

const backupLine = ({file, madeAt, sizeBytes, records, problem}: ListedBackup) => [
	formatInstant(madeAt),
	formatBytes(sizeBytes),
	problem === undefined ? plural(records ?? 0, 'record') : `DAMAGED: ${clean(problem)}`,
	clean(file),
].join('  ');
