import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode} from '../base/errors.js';

/**
@throws AppError `usage`
*/
export const readTokenFile = async (file: string): Promise<string> => {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new AppError('usage', `The token file ${file} cannot be read${errorCode(error) === undefined ? '' : ` (${errorCode(error)})`}.`, {
			hint: 'Name a file that holds the Plex token and nothing else.',
			cause: error,
		});
	}

	const token = text.trim();
	if (token === '') {
		throw new AppError('usage', `The token file ${file} is empty.`, {
			hint: 'It must hold the Plex token on one line and nothing else.',
		});
	}

	return token;
};

/**
Reads the credential plex-token that systemd passes to a service as a file (LoadCredential=).
*/
export const readSystemdToken = async (folder: string | undefined): Promise<string | undefined> => {
	const file = folder === undefined ? undefined : path.join(folder, 'plex-token');
	return file !== undefined && existsSync(file) ? readTokenFile(file) : undefined;
};
