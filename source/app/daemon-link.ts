import type {ApiClient} from '../api/client.js';
import {readDaemonFile, type DaemonFile} from '../watch/daemon-file.js';
import type {Session} from './session.js';

export type DaemonLink = {
	file: DaemonFile;
	// Absent for a daemon without an API.
	client?: ApiClient;
};

/**
Finds the daemon that watches over the catalogue of this session, and makes the client of its API. Returns undefined where none runs.

@throws AppError 'usage' for an unusable token from the environment
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

/**
Asks the daemon that watches over the catalogue of this session.

@returns `file` is undefined where none runs, `answer` also where it has no API.
*/
export const askDaemon = async <Answer>(session: Session, env: NodeJS.ProcessEnv, ask: (client: ApiClient) => Promise<Answer>): Promise<{file?: DaemonFile; answer?: Answer}> => {
	const {file, client} = await findDaemon(session, env) ?? {};
	try {
		return {...(file !== undefined && {file}), ...(client !== undefined && {answer: await ask(client)})};
	} finally {
		client?.close();
	}
};
