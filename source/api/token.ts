import {randomBytes} from 'node:crypto';
import {
	chmod,
	link,
	readFile,
	unlink,
} from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode} from '../base/errors.js';
import {durableWrite} from '../base/durable-write.js';

const shortest = 16;

const fileOf = (folder: string) => path.join(folder, 'api-token');

type ApiTokenOptions = {
	env: NodeJS.ProcessEnv;
	/**
	Of the data.
	*/
	folder: string;
};

/**
The token of the API: REELCAT_API_TOKEN, else what the file REELCAT_API_TOKEN_FILE holds, else one of this installation, made when it is first asked for.

@throws AppError 'usage' for one that is too short or cannot be read
*/
export const apiToken = async ({env, folder}: ApiTokenOptions): Promise<string> => await givenApiToken(env) ?? ownToken(folder);

/**
Undefined where a person has given none.
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
		return checked(String(await readFile(file)).trim(), 'REELCAT_API_TOKEN_FILE');
	} catch (error) {
		if (error instanceof AppError) {
			throw error;
		}

		throw new AppError('usage', `The file that REELCAT_API_TOKEN_FILE names cannot be read (${errorCode(error) ?? 'unknown reason'}).`, {hint: 'Check its path and its rights.'});
	}
};

/**
From now on another one: whoever has the old one is refused once the daemon has been started anew.

@throws AppError 'usage' where it is given from outside; 'disk-full', 'not-writable'
*/
export const rotateApiToken = async ({env, folder}: ApiTokenOptions): Promise<string> => {
	if (await givenApiToken(env) !== undefined) {
		throw new AppError('usage', 'The token of the API is given by the environment.', {hint: 'Change REELCAT_API_TOKEN, or the file that REELCAT_API_TOKEN_FILE names.'});
	}

	const token = fresh();
	await durableWrite(fileOf(folder), [`${token}\n`]);
	return token;
};

const ownToken = async (folder: string): Promise<string> => {
	const file = fileOf(folder);
	const known = await readOwn(file);
	if (known !== undefined) {
		return known;
	}

	// Of two that start at once, the first to link its file wins, and both use that one.
	const draft = `${file}.${randomBytes(6).toString('hex')}`;
	await durableWrite(draft, [`${fresh()}\n`]);
	try {
		await link(draft, file);
	} catch (error) {
		if (errorCode(error) !== 'EEXIST') {
			throw new AppError('not-writable', `The token of the API could not be kept in ${folder} (${errorCode(error) ?? 'unknown reason'}).`, {
				hint: 'Make the folder writable, or give a token with REELCAT_API_TOKEN.',
			});
		}
	} finally {
		await unlink(draft).catch(() => undefined);
	}

	const kept = await readOwn(file);
	if (kept === undefined) {
		throw new AppError('damaged', `${file} holds no token.`, {hint: 'Remove it; another one is made then.'});
	}

	return kept;
};

const readOwn = async (file: string): Promise<string | undefined> => {
	try {
		const text = String(await readFile(file)).trim();
		await chmod(file, 0o600);
		return text.length >= shortest ? text : undefined;
	} catch (error) {
		if (errorCode(error) === 'ENOENT') {
			return undefined;
		}

		throw new AppError('not-writable', `${file} cannot be read (${errorCode(error) ?? 'unknown reason'}).`, {hint: 'Check its rights.'});
	}
};

const fresh = () => randomBytes(32).toString('base64url');

const checked = (token: string, name: string): string => {
	if (token.length < shortest || !/^[\u{21}-\u{7E}]+$/v.test(token)) {
		throw new AppError('usage', `The token in ${name} cannot be used.`, {hint: `It has at least ${shortest} letters, digits or signs, and no blanks. Make one with: openssl rand -hex 32`});
	}

	return token;
};
