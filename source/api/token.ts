import {randomBytes} from 'node:crypto';
import * as fsp from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode, isAppError} from '../base/errors.js';
import {durableWrite, isLinked} from '../base/durable-write.js';
import {nodeFileSystem, type FileSystem} from '../base/file-system.js';

const shortest = 16;

const fileOf = (folder: string) => path.join(folder, 'api-token');

/**
`folder` is the data folder.
*/
type ApiTokenOptions = {env: NodeJS.ProcessEnv; folder: string; fs?: FileSystem};

/**
The token of the API: REELCAT_API_TOKEN, else the content of the file REELCAT_API_TOKEN_FILE, else the token of this installation, which is made when it is first asked for.

@throws AppError 'usage' for a token that is too short or cannot be read
*/
export const apiToken = async ({env, folder, fs = nodeFileSystem}: ApiTokenOptions): Promise<string> => await givenApiToken(env) ?? ownToken(folder, fs);

/**
The token from the environment.
*/
const givenApiToken = async (env: NodeJS.ProcessEnv): Promise<string | undefined> => {
	const given = env['REELCAT_API_TOKEN']?.trim();
	if (given !== undefined && given !== '') {
		return checked(given, 'REELCAT_API_TOKEN');
	}

	const file = env['REELCAT_API_TOKEN_FILE']?.trim();
	if (file === undefined || file === '') {
		return undefined;
	}

	try {
		return checked(String(await fsp.readFile(file)).trim(), 'REELCAT_API_TOKEN_FILE');
	} catch (error) {
		throw error instanceof AppError ? error : new AppError('usage', `The file that REELCAT_API_TOKEN_FILE names cannot be read (${errorCode(error) ?? 'unknown reason'}).`, {hint: 'Check its path and its permissions.'});
	}
};

/**
Replaces the token of this installation. The old one is refused once the daemon has been restarted.

@throws AppError 'usage' if the environment gives the token; 'disk-full', 'not-writable'
*/
export const rotateApiToken = async ({env, folder}: ApiTokenOptions): Promise<string> => {
	if (await givenApiToken(env) !== undefined) {
		throw new AppError('usage', 'The environment sets the token of the API.', {hint: 'Change REELCAT_API_TOKEN, or the file that REELCAT_API_TOKEN_FILE names.'});
	}

	const token = fresh();
	await durableWrite(fileOf(folder), [`${token}\n`]);
	return token;
};

const ownToken = async (folder: string, fs: FileSystem): Promise<string> => {
	const file = fileOf(folder);
	const known = await readOwn(file);
	if (known !== undefined) {
		return known;
	}

	// If two processes start at once, the first to link its file wins, and both use that token. A disk without hard links has no such call.
	const draft = `${file}.${randomBytes(6).toString('hex')}`;
	try {
		await durableWrite(draft, [`${fresh()}\n`]);
		if (!await isLinked(draft, file, fs)) {
			await fs.rename(draft, file);
		}
	} catch (error) {
		const reason = isAppError(error) ? (error.cause as {code?: string} | undefined)?.code : errorCode(error);
		if (reason !== 'EEXIST') {
			throw new AppError(isAppError(error) ? error.code : 'not-writable', `There is no token of the API yet, and none could be saved in ${folder} (${reason ?? 'unknown reason'}).`, {
				hint: 'Make the folder writable for one start, or give a token with REELCAT_API_TOKEN or REELCAT_API_TOKEN_FILE.',
				cause: error,
			});
		}
	} finally {
		await fsp.unlink(draft).catch(() => undefined);
	}

	const kept = await readOwn(file);
	if (kept === undefined) {
		throw new AppError('damaged', `${file} holds no token.`, {hint: 'Remove it; a new one is created then.'});
	}

	return kept;
};

const readOwn = async (file: string): Promise<string | undefined> => {
	try {
		const text = String(await fsp.readFile(file)).trim();
		await fsp.chmod(file, 0o600);
		return text.length >= shortest ? text : undefined;
	} catch (error) {
		if (errorCode(error) === 'ENOENT') {
			return undefined;
		}

		throw new AppError('not-writable', `${file} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, {hint: 'Check its permissions.'});
	}
};

const fresh = () => randomBytes(32).toString('base64url');

const checked = (token: string, name: string): string => {
	if (token.length < shortest || !/^[\u{21}-\u{7E}]+$/v.test(token)) {
		throw new AppError('usage', `The token in ${name} cannot be used.`, {hint: `It must have at least ${shortest} letters, digits or signs, and no spaces. Make one with: openssl rand -hex 32`});
	}

	return token;
};
