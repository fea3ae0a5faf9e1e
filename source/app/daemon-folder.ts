import {AppError} from '../base/errors.js';
import {makeOwnFolder} from '../base/own-folder.js';
import {holderWords} from '../catalog/writer-words.js';
import {catalogFiles} from '../store/folders.js';
import {takeLock} from '../store/lock.js';
import {withWriter} from './run-engine.js';
import type {Session} from './session.js';

const otherFolderHint = 'Give each daemon of a machine a data folder of its own, with REELCAT_DATA_DIR.';

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
Does some work with what a daemon has left in its folder, while none can start there.

@throws AppError 'locked', and what the work throws
*/
export const withoutDaemon = async <Value>(session: Session, hint: string, work: () => Promise<Value>): Promise<Value> => {
	if (session.storeAddress() === undefined) {
		return withWriter(session, {hint}, work);
	}

	const held = await holdDaemonFolder(session, hint);
	try {
		return await work();
	} finally {
		await held.release();
	}
};
