import type {ApiClient} from '../api/client.js';
import {clean} from '../base/text/clean.js';
import {asInCatalogue} from '../catalog/library-names.js';
import {readDaemonFile, type DaemonFile} from '../watch/daemon-file.js';
import {namedServerId} from './current-server.js';
import type {CatalogFeed} from './catalog-feed.js';
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
Of an app beside a daemon, the daemon that it shows by now: none when that has ended, and the next one that answers at the same address. In between the app writes itself. `tell` is called when that has changed, `onChange` when it may have.
*/
export const createDaemonViewer = ({file, client}: Required<DaemonLink>, {feed, onChange, tell}: {feed: CatalogFeed; onChange: (listener: () => void) => () => void; tell: () => void}) => {
	let {pid}: {pid: number | undefined} = file;
	const look = async () => {
		const status = await client.status();
		if (status.pid === pid) {
			return;
		}

		const {store: {mode, holder}, release} = await feed.hold();
		release({isQuick: true});
		// Another program may answer there, and another process may write.
		if (mode === 'writer' || holder?.pid !== status.pid) {
			return;
		}

		({pid} = status);
		tell();
	};

	let isLooking = false;
	const lookAgain = async () => {
		if (isLooking) {
			return;
		}

		isLooking = true;
		// What fails here is tried again at the next change, or when the link is up the next time.
		await look().catch(() => undefined);
		isLooking = false;
	};

	onChange(() => {
		if (feed.readOnlyReason() === undefined) {
			pid = undefined;
		} else if (pid === undefined) {
			// A daemon may answer before it may write, as long as it waits for this app.
			void lookAgain();
		}
	});

	let isLost = false;
	client.onLink(({isUp}) => {
		const isBack = isUp && isLost;
		isLost = !isUp;
		if (isBack) {
			// A daemon that was restarted quickly may never have been seen away.
			void lookAgain();
		}
	});
	return {pid: () => pid};
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

/**
`serverId` is the server in the catalogue that `--server` names. `otherServer` is a sentence, if the daemon watches another one and so was not asked.
*/
type Named<Answer> = {file?: DaemonFile; answer?: Answer; serverId?: string | undefined; otherServer?: string};

/**
The same, but only if the daemon watches the server that `--server` names.

@throws AppError 'usage' for a name that fits no server, or several
*/
export const askNamedDaemon = async <Answer>(session: Session, env: NodeJS.ProcessEnv, ask: (client: ApiClient) => Promise<Answer>): Promise<Named<Answer>> => {
	const name = session.serverName();
	if (name === undefined) {
		return askDaemon(session, env, ask);
	}

	const {serverId, servers} = await namedServer(session);
	const {file, answer} = await askDaemon(session, env, async client => {
		const {pid, server, libraries} = await client.status();
		const [library] = libraries;
		// It knows its libraries before its server has answered.
		const watched = server === undefined ? library?.serverId : asInCatalogue(server, {servers}).id;
		return watched === undefined || watched === serverId
			? {answer: await ask(client)}
			: {otherServer: `The daemon (process ${pid}) watches ${clean(server?.name ?? library?.server ?? watched)}, not "${clean(name)}".`};
	});
	return {...file !== undefined && {file}, ...answer, serverId};
};

const namedServer = async (session: Session) => {
	const store = await session.openStore({access: 'read', isForHeader: true});
	try {
		const header = store.header();
		return {serverId: await namedServerId(session, header), servers: header.servers};
	} finally {
		await store.close();
	}
};
