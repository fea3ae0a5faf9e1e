import {readSecretFile, readSystemdCredential} from '../../base/secret-file.js';

const words = {file: 'password file', secret: 'the password of the database'};

/**
The password of the store: from the file that `REELCAT_STORE_PASSWORD_FILE` names, or the credential `store-password` of systemd. Without either, pg looks into `PGPASSWORD`, `PGPASSFILE` and `~/.pgpass`, as all programs for PostgreSQL do.

@throws {AppError} `usage`
*/
export const givenStorePassword = async (env: NodeJS.ProcessEnv): Promise<string | undefined> => {
	const file = env['REELCAT_STORE_PASSWORD_FILE'];
	return file === undefined || file === ''
		? readSystemdCredential(env['CREDENTIALS_DIRECTORY'], 'store-password', words)
		: readSecretFile(file, words);
};
