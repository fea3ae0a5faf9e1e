import {AppError} from '../base/errors.js';
import {makeOwnFolder} from '../base/own-folder.js';
import {holderWords} from '../catalog/writer-words.js';
import {catalogFiles} from '../store/folders.js';
import {takeLock} from '../store/lock.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {openQueueFile} from '../watch/jobs/queue-file.js';
import type {Queue} from '../watch/jobs/queue.js';
import {connectingServerIds} from './current-server.js';
import {withWriter} from './run-engine.js';
import type {Session} from './session.js';

const otherFolderHint = 'Give each daemon of a machine a data folder of its own with REELCAT_DATA_DIR, add its server there with "reelcat servers add", because tokens lie in that folder, and give it another --api.';

/**
Keeps the folder for one daemon: its queue, its alerts and the file that names its API lie there. Of a catalogue in that folder the writer has the lock already. Where the catalogue lies in a database, a daemon of this machine may write to it for another server.

@throws AppError 'locked'
*/
export const holdDaemonFolder = async (session: Pick<Session, 'folders' | 'storeAddress'>, hint = otherFolderHint): Promise<{release: () => Promise<void>}> => {
	if (session.storeAddress() === undefined) {
		return {async release() {/* the store has it */}};
	}

	const {data: folder} = session.folders();
	await makeOwnFolder(folder, {isOnlyOurs: false});
	const lock = await takeLock(catalogFiles(folder).lock);
	if (!lock.isHeld) {
		throw new AppError('locked', `Another daemon${lock.holder === undefined ? '' : ` (${holderWords(lock.holder)})`} uses the folder ${folder}.`, {hint});
	}

	return lock;
};

/**
The queue of the daemon of the server to which this session connects: in the folder, or in the database that has the catalogue.
*/
export const openSessionQueue = async (session: Session, store: Pick<OpenedCatalog, 'header' | 'keptJobs'>, note?: (text: string) => void): Promise<ReturnType<typeof openQueueFile>> => {
	const {keptJobs} = store;
	const [serverId] = keptJobs === undefined ? [] : await connectingServerIds(session, {ask: undefined})(store.header());
	return openQueueFile({folder: session.folders().data, note, place: serverId === undefined ? undefined : keptJobs?.(serverId)});
};

/**
Reads the queue as the last daemon left it, and changes nothing.
*/
export const readLeftQueue = async (session: Session): Promise<Queue> => {
	if (session.storeAddress() === undefined) {
		return openQueueFile({folder: session.folders().data}).load();
	}

	const store = await session.openStore({access: 'read'});
	try {
		const queue = await openSessionQueue(session, store);
		return await queue.load();
	} finally {
		await store.close();
	}
};

/**
Does some work with the queue that a daemon has left, while none can start.

@throws AppError 'locked', and what the work throws
*/
export const withSessionQueue = async <Value>(session: Session, hint: string, work: (queue: ReturnType<typeof openQueueFile>) => Promise<Value>): Promise<Value> => {
	const held = await holdDaemonFolder(session, hint);
	try {
		return await withWriter(session, {hint, writesFor: connectingServerIds(session, {ask: undefined})}, async store => work(await openSessionQueue(session, store)));
	} finally {
		await held.release();
	}
};
