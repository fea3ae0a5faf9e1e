import {askDaemon} from '../app/daemon-link.js';
import {withWriter} from '../app/run-engine.js';
import {acceptRemovals, heldLibraries} from '../sync/accept.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import type {AcceptedRemovals} from '../watch/types.js';
import {print, type Command, type CommandContext} from './command.js';
import {pickLibraries} from './report-command.js';

export const acceptCommand: Command = {
	name: 'accept',
	summary: 'Remove items that were held back because many were gone at once',
	arguments: '[LIBRARY…]',
	details: [
		'Without a LIBRARY, all held items are removed. They stay in the history and in "reelcat lost", and reelcat recognises them when they come back.',
	],
	async run(context) {
		const {session, io, input} = context;
		const names = input.length === 0 ? [undefined] : input;
		const {answer} = await askDaemon(session, io.env, async client => {
			const accepted: AcceptedRemovals[] = [];
			for (const library of names) {
				accepted.push(...await client.accept({library}));
			}

			return accepted;
		});
		const libraries = answer ?? await acceptHere(context, names);
		const lines = libraries.map(({title, removed}) => `${clean(title).trim()}: ${plural(removed, 'item')} removed. "reelcat lost" lists them.\n`);
		await print(context, {libraries}, libraries.length === 0 ? 'Nothing is held.\n' : lines.join(''));
		return 0;
	},
};

const acceptHere = async (context: CommandContext, names: ReadonlyArray<string | undefined>): Promise<AcceptedRemovals[]> => withWriter(context.session, {}, async store => {
	const header = store.header();
	const picked = await Promise.all(names.map(async name => pickLibraries(context, header, name)));
	const libraries = picked.flat();
	await store.load();
	const accepted = heldLibraries(libraries).length === 0 ? [] : await acceptRemovals(store, libraries);
	return accepted.map(({library, removed}) => ({...library, removed}));
});
