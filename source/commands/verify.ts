import {AppError} from '../base/errors.js';
import {isInOrder, verifyJson, type Verified} from '../reports/verify-json.js';
import {verifyText} from '../reports/verify-text.js';
import {catalogFiles} from '../store/catalog-context.js';
import {checkHistory} from '../store/check-history.js';
import {checkHistoryFiles} from '../store/check-history-files.js';
import {nodeFileSystem} from '../base/file-system.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {jsonLine} from '../base/text/json.js';
import {exitCodes} from './exit-codes.js';
import type {Command, CommandContext} from './command.js';
import {withStore} from './open-reading.js';

export const verifyCommand: Command = {
	name: 'verify',
	summary: 'Prove the catalogue, and compare it with the server',
	details: ['Proved are: the shape of every record, references, counts, the history by itself and against the catalogue. Ends with 0 when all is in order, else with 1. Reads only.'],
	flags: {
		server: {
			type: 'string', value: '[NAME]', isValueOptional: true, help: 'Also read every imported item from the server and compare',
		},
	},
	async run(context) {
		const {flags, io} = context;
		return withStore(context, async store => {
			const verified: Verified = {
				...await checkQuietly(store, catalogFiles(context.session.folders().data).history),
				server: flags.string('server') === undefined ? undefined : await compare(context, store),
			};
			await io.out(flags.boolean('json') === true ? jsonLine(verifyJson(verified)) : `${verifyText(verified).join('\n')}\n`);
			return isInOrder(verified) ? exitCodes.ok.code : exitCodes.failed.code;
		});
	},
};

const attempts = 3;

/**
Catalogue and history of one moment: a writer that commits meanwhile would look like a fault.

@throws AppError 'locked'
*/
const checkQuietly = async (store: CatalogStore, historyFolder: string): Promise<Omit<Verified, 'server'>> => {
	for (let attempt = 0; attempt < attempts; attempt++) {
		let isDisturbed = false;
		const unsubscribe = store.subscribe(() => {
			isDisturbed = true;
		});
		const {revision} = store.header();
		const report = await store.check();
		const damage = await checkHistoryFiles(historyFolder, nodeFileSystem);
		const {events, tombstones, held, problems} = await checkHistory(store);
		unsubscribe();
		if (!isDisturbed) {
			return {
				revision, records: report.records, events, tombstones, held, problems: [...report.problems, ...damage, ...problems],
			};
		}
	}

	throw new AppError('locked', 'The catalogue changes while it is verified.', {hint: 'Wait for the import or sync to end, then try again.'});
};

const compare = async ({session, io, signal}: CommandContext, store: CatalogStore): Promise<Verified['server']> => {
	const [{plex, server}, {compareWithServer}, {normalize}] = await Promise.all([
		session.connect({signal}),
		import('../sync/compare-server.js'),
		import('../plex/normalize/normalize.js'),
	]);
	io.say(`Comparing with ${clean(server.name)} …`);
	let compared = 0;
	const differences = await compareWithServer({
		plex,
		store,
		normalize,
		server,
		signal,
		onProgress({library, compared: ofLibrary}) {
			compared += ofLibrary;
			io.say(`${clean(library.title.trim())}: ${plural(ofLibrary, 'item')} compared`);
		},
	});
	return {
		id: server.id, name: server.name, compared, differences,
	};
};
