import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode} from './errors.js';

/**
How messages call a file and the secret in it.
*/
export type SecretWords = {file: string; secret: string};

/**
Reads a file that holds a secret and nothing else.

@throws AppError `usage`
*/
export const readSecretFile = async (file: string, {file: kind, secret}: SecretWords): Promise<string> => {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new AppError('usage', `The ${kind} ${file} cannot be read${errorCode(error) === undefined ? '' : ` (${errorCode(error)})`}.`, {
			hint: `Name a file that holds ${secret} and nothing else.`,
			cause: error,
		});
	}

	const read = text.trim();
	if (read === '') {
		throw new AppError('usage', `The ${kind} ${file} is empty.`, {
			hint: `It must hold ${secret} on one line and nothing else.`,
		});
	}

	return read;
};

/**
Reads a credential that systemd passes to a service as a file (LoadCredential=), if there is one. `folder` is `CREDENTIALS_DIRECTORY`.
*/
export const readSystemdCredential = async (folder: string | undefined, name: string, words: SecretWords): Promise<string | undefined> => {
	const file = folder === undefined ? undefined : path.join(folder, name);
	return file !== undefined && existsSync(file) ? readSecretFile(file, words) : undefined;
};
