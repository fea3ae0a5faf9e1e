import {apiToken, rotateApiToken} from '../api/token.js';
import {AppError} from '../base/errors.js';
import {print, type Command} from './command.js';

export const apiCommand: Command = {
	name: 'api',
	summary: 'Print the token of the HTTP API of the daemon',
	arguments: 'token',
	words: ['token'],
	details: ['It is created when it is first needed and kept in the data folder, readable by your user only. REELCAT_API_TOKEN or REELCAT_API_TOKEN_FILE takes precedence. docs/api.md describes the API.'],
	examples: [
		['reelcat api token', 'Print the token'],
		['reelcat api token --rotate', 'Make a new one, for instance after it was seen by others'],
	],
	flags: {
		rotate: {type: 'boolean', help: 'Create a new one; a running daemon uses it after a restart'},
	},
	async run(context) {
		const {session, io, flags, input} = context;
		if (input.length !== 1 || input[0] !== 'token') {
			throw new AppError('usage', 'Name what you want to know of the API.', {hint: 'For instance: reelcat api token'});
		}

		const options = {env: io.env, folder: session.folders().data};
		const token = await (flags.boolean('rotate') === true ? rotateApiToken(options) : apiToken(options));
		await print(context, {token}, `${token}\n`);
		return 0;
	},
};
