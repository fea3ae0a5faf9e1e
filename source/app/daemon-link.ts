import type {ApiClient} from '../api/client.js';
import {readDaemonFile, type DaemonFile} from '../watch/daemon-file.js';
import type {Session} from './session.js';

export type DaemonLink = {
	file: DaemonFile;
	/**
	Absent for a daemon without an API.
	*/
	client?: ApiClient;
};

/**
The daemon that watches over the catalogue of this session, and the way to ask it; undefined where none runs.

@throws AppError 'usage' for a token from the environment that cannot be one
*/
export const findDaemon = async (session: Session, env: NodeJS.ProcessEnv): Promise<DaemonLink | undefined> => {
	const {data: folder} = session.folders();
	const file = await readDaemonFile(folder);
	if (file?.api === undefined) {
		return file && {file};
	}

	const [{createApiClient}, {apiToken}] = await Promise.all([import('../api/client.js'), import('../api/token.js')]);
	const token = await apiToken({env, folder});
	session.hide(token);
	return {file, client: createApiClient({address: file.api, token})};
};
