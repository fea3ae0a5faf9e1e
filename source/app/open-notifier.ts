import path from 'node:path';
import type {Clock} from '../base/clock.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {defaultAlertLimits} from '../watch/alerts/alert-facts.js';
import {noNotifications, readNotifyConfig, type NotifyConfig} from '../watch/notify/config.js';
import {createNotifyHttp} from '../watch/notify/http.js';
import {openNotifier, type Notifier} from '../watch/notify/notifier.js';
import type {NotifyTerminal} from '../watch/notify/channel-module.js';
import type {WatchSettings} from '../watch/watch-settings.js';
import type {Session} from './session.js';

export type OpenNotifierOptions = {
	store: OpenedCatalog;
	env: NodeJS.ProcessEnv;
	limits: WatchSettings['limits'];
	clock: Clock;
	/**
	Where a terminal is looked at.
	*/
	terminal?: NotifyTerminal | undefined;
	onNote: (level: 'info' | 'warn', text: string) => void;
};

/**
What `notify.json` says, with its secrets kept out of all that is told.

@throws AppError 'usage' for a file that cannot be used
*/
export const readSessionConfig = async (session: Session, env: NodeJS.ProcessEnv): Promise<NotifyConfig> => {
	const config = await readNotifyConfig(path.join(session.folders().config, 'notify.json'), {env}) ?? noNotifications;
	for (const secret of config.secrets) {
		session.hide(secret);
	}

	return config;
};

/**
The ways to people that `notify.json` describes, joined to a session.

@throws AppError 'usage' for a file that cannot be used
*/
export const openSessionNotifier = async (session: Session, {store, env, limits, clock, terminal, onNote}: OpenNotifierOptions): Promise<Notifier> => {
	const config = await readSessionConfig(session, env);
	const http = createNotifyHttp({clock, proxyEnv: env});
	const parts = {
		http, clock, env, terminal,
	};
	const notifier = await openNotifier({
		file: path.join(session.folders().data, 'notices.json'),
		channels: config.channels.map(settings => ({settings, channel: settings.create(parts)})),
		digest: config.digest,
		store,
		limits: {...defaultAlertLimits, ...limits},
		clock,
		onNote,
	});
	return {
		...notifier,
		async close() {
			await notifier.close();
			http.close();
		},
	};
};
