import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import type {Command} from './command.js';

export const connectCommand: Command = {
	name: 'connect',
	summary: 'Check a Plex server and remember it',
	arguments: '[URL]',
	details: [
		'The token is taken from --token-file, else PLEX_TOKEN. From a file it is stored (mode 0600), from the environment it is not.',
	],
	async run({input, flags, session, io, signal}) {
		if (session.isDemo()) {
			throw new AppError('usage', 'The demo server needs no connecting.', {hint: 'Use --demo with the other commands.'});
		}

		const url = input[0] ?? session.givenUrl();
		if (url === undefined || input.length > 1) {
			throw new AppError('usage', 'Name the address of one Plex server.', {hint: 'For instance: reelcat connect http://nas:32400 --token-file token.txt'});
		}

		const {server, plex} = await session.connect({
			target: {url, token: await session.tokenFromFile()},
			remember: true,
			signal,
		});
		if (flags.boolean('json') === true) {
			await io.out(jsonLine({
				schema: 1,
				ok: true,
				server: {
					id: server.id,
					name: server.name,
					version: server.version,
					url: plex.baseUrl,
				},
			}));
		} else {
			await io.out(`Connected to ${clean(server.name)} (Plex Media Server ${clean(server.version ?? 'of unknown version')}) at ${plex.baseUrl}.\n`);
		}

		return 0;
	},
};
