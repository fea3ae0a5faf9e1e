import {apiToken, rotateApiToken} from '../api/token.js';
import {AppError} from '../base/errors.js';
import {print, type Command} from './command.js';

export const apiCommand: Command = {
	name: 'api',
	summary: 'Print the token of the HTTP API of the daemon',
	arguments: 'token',
	details: ['It is made when it is first needed, and kept in the data folder for your user only; REELCAT_API_TOKEN or REELCAT_API_TOKEN_FILE wins. docs/api.md tells what it is for.'],
	flags: {
		rotate: {type: 'boolean', help: 'Make another one; a daemon that runs takes it when it is started anew'},
	},
	async run(context) {
		const {session, io, flags, input} = context;
		if (input.length !== 1 || input[0] !== 'token') {
			throw new AppError('usage', 'Say what of the API is wanted.', {hint: 'For instance: reelcat api token'});
		}

		const options = {env: io.env, folder: session.folders().data};
		const token = await (flags.boolean('rotate') === true ? rotateApiToken(options) : apiToken(options));
		await print(context, {token}, `${token}\n`);
		return 0;
	},
};
