import {apiToken, rotateApiToken} from '../api/token.js';
import {AppError} from '../base/errors.js';
import {print, type CommandContext} from './command.js';

export const runApiCommand = async (context: CommandContext): Promise<number> => {
	const {session, io, flags, input} = context;
	if (input.length !== 1 || input[0] !== 'token') {
		throw new AppError('usage', 'Name what you want to know of the API.', {hint: 'For instance: reelcat api token'});
	}

	const options = {env: io.env, folder: session.folders().data};
	const token = await (flags.boolean('rotate') === true ? rotateApiToken(options) : apiToken(options));
	await print(context, {token}, `${token}\n`);
	return 0;
};
