import process from 'node:process';
import path from 'node:path';
import {createRunLog, type RunLog} from '../log/run-log.js';
import {newRun, type RunStart} from '../sync/run-record.js';
import type {Session} from './session.js';

export type LoggedRun = {
	log: RunLog;
	/**
	For the engine, so that record, history and log have one id.
	*/
	run: RunStart;
};

export type RunLogging = {
	version: string;
	/**
	Log every page, commit and comparison, too.
	*/
	isVerbose: boolean;
	/**
	Takes each line that is logged, for a person who looks on.
	*/
	mirror?: ((line: string) => void) | undefined;
	/**
	Told once, when the log cannot be written.
	*/
	onFault: (sentence: string) => void;
};

export const logFolder = (session: Session): string => path.join(session.folders().state, 'logs');

/**
Do one import or sync with a log. A run that never began, or had nothing to do, leaves a log only when it is verbose.
*/
export const withRunLog = async <Value>(session: Session, {version, isVerbose, mirror, onFault}: RunLogging, work: (logged: LoggedRun) => Promise<Value>): Promise<Value> => {
	const run = newRun(new Date());
	const log = createRunLog({
		folder: logFolder(session),
		runId: run.id,
		startedAt: run.startedAt,
		level: isVerbose ? 'debug' : 'info',
		secrets: () => session.secrets(),
		mirror,
		onFault,
	});
	log.info(`reelcat ${version} on Node.js ${process.versions.node}, ${process.platform} ${process.arch}`, {runId: run.id, version});
	try {
		return await work({log, run: {...run, log: log.name}});
	} catch (error) {
		log.error(error, {isReason: false});
		throw error;
	} finally {
		await log.close({keep: isVerbose});
	}
};
