import process from 'node:process';
import pgpass from 'pgpass';
import {readSecretFile, readSystemdCredential} from '../../base/secret-file.js';
import type {StoreAddress} from './address.js';

const words = {file: 'password file', secret: 'the password of the database'};

/**
The password of the store: from the file that `REELCAT_STORE_PASSWORD_FILE` names, the credential `store-password` of systemd, `PGPASSWORD`, or the file that all programs for PostgreSQL read (`PGPASSFILE`, `~/.pgpass`). pg would look into the last two itself, but says of each such process that this will end.

@throws {AppError} `usage`
*/
export const storePassword = async (env: NodeJS.ProcessEnv, address: StoreAddress): Promise<string | undefined> => {
	const file = env['REELCAT_STORE_PASSWORD_FILE'];
	if (file !== undefined && file !== '') {
		return readSecretFile(file, words);
	}

	const given = env['PGPASSWORD'];
	return await readSystemdCredential(env['CREDENTIALS_DIRECTORY'], 'store-password', words)
		?? (given === '' ? undefined : given)
		?? lookUp(address);
};

// What libpq was built with: by PostgreSQL itself, for Debian and Fedora, and for Alpine.
const defaultSockets = new Set(['/tmp', '/var/run/postgresql', '/run/postgresql']);

/**
Does what libpq does and pgpass does not: an empty `PGPASSWORD`, which a compose file makes of a variable that is not there, counts as none, and the folder of the default socket is called localhost.
*/
const lookUp = async (address: StoreAddress): Promise<string | undefined> => {
	if (process.env['PGPASSWORD'] === '') {
		delete process.env['PGPASSWORD'];
	}

	return await inFile(address) ?? (defaultSockets.has(address.host) ? inFile({...address, host: 'localhost'}) : undefined);
};

const inFile = async (address: StoreAddress): Promise<string | undefined> => new Promise(resolve => {
	pgpass(address, resolve);
});
