import {findDaemon} from '../app/daemon-link.js';
import {withWriter} from '../app/run-engine.js';
import {acceptRemovals, heldLibraries} from '../sync/accept.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {jsonLine} from '../base/text/json.js';
import type {AcceptedRemovals} from '../watch/types.js';
import type {Command, CommandContext} from './command.js';
import {pickLibraries} from './pick-libraries.js';

export const acceptCommand: Command = {
	name: 'accept',
	summary: 'Remove what a sync held back because much was gone at once',
	arguments: '[LIBRARY…]',
	details: [
		'Without a LIBRARY, everything that is held is removed. What is removed stays in the history and in "reelcat lost", and is recognised when it comes back.',
	],
	async run(context) {
		const {session, io, input} = context;
		const link = await findDaemon(session, io.env);
		if (link?.client !== undefined) {
			const {client} = link;
			try {
				const accepted: AcceptedRemovals[] = [];
				for (const library of input.length === 0 ? [undefined] : input) {
					accepted.push(...await client.accept({library}));
				}

				await tell(context, accepted);
				return 0;
			} finally {
				client.close();
			}
		}

		return withWriter(session, {}, async store => {
			const header = store.header();
			const picked = await Promise.all((input.length === 0 ? [undefined] : input).map(async name => pickLibraries(context, header, name)));
			const libraries = picked.flat();
			await store.load();
			const accepted = heldLibraries(libraries).length === 0 ? [] : await acceptRemovals(store, libraries);
			await tell(context, accepted.map(({library, removed}) => ({...library, removed})));
			return 0;
		});
	},
};

const tell = async ({io, flags}: CommandContext, accepted: readonly AcceptedRemovals[]) => {
	if (flags.boolean('json') === true) {
		await io.out(jsonLine({schema: 1, libraries: accepted}));
	} else if (accepted.length === 0) {
		await io.out('Nothing is held.\n');
	} else {
		await io.out(accepted.map(({title, removed}) => `${clean(title).trim()}: ${plural(removed, 'item')} removed. "reelcat lost" lists them.\n`).join(''));
	}
};
