import {askHealth} from '../service/ask-health.js';
import {readDaemonFile, type DaemonFile} from '../watch/daemon-file.js';
import {exitCodes} from './exit-codes.js';
import {print, type CommandContext} from './command.js';

export const runHealthcheckCommand = async (context: CommandContext): Promise<number> => {
	const health = await checkHealth(context);
	await print(context, {ok: health.isHealthy, ...health}, `${health.text}\n`);
	return health.isHealthy ? exitCodes.ok.code : exitCodes.failed.code;
};

type Health = Partial<Pick<DaemonFile, 'pid' | 'startedAt' | 'version'>> & {isHealthy: boolean; text: string};

const checkHealth = async ({session, io: {env}}: CommandContext): Promise<Health> => {
	const folder = session.folders().data;
	const daemon = await readDaemonFile(folder);
	if (daemon === undefined) {
		return {isHealthy: false, text: `No daemon is running for the catalogue in ${folder}. "reelcat --watch" starts one.`};
	}

	const {pid, startedAt, version, api} = daemon;
	const who = {pid, startedAt, version};
	if (api === undefined) {
		return {isHealthy: true, text: `The daemon is running (process ${pid}); its health is unknown, because it runs with --no-api.`, ...who};
	}

	// Containers ask every minute, so everything that a client needs is loaded only for this option.
	if (session.serverName() !== undefined) {
		const {askNamedDaemon} = await import('../app/daemon-link.js');
		const {otherServer} = await askNamedDaemon(session, env, async () => true);
		if (otherServer !== undefined) {
			return {isHealthy: false, text: otherServer, ...who};
		}
	}

	const {isHealthy, reason} = await askHealth(api);
	return {isHealthy, text: isHealthy ? `The daemon is healthy (process ${pid}).` : `The daemon is running (process ${pid}), but is not healthy. ${reason ?? ''}`.trimEnd(), ...who};
};
