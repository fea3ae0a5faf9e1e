import path from 'node:path';
import type {Clock} from '../base/clock.js';
import {isQueryError, QueryError} from '../query/language/query-error.js';
import {compileQuery} from '../query/language/compile.js';
import type {QueryWorld} from '../query/language/query-source.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {defaultAlertLimits, type AlertLimits} from '../watch/alerts/alert-facts.js';
import type {NotifyTerminal} from '../watch/notify/channel-module.js';
import {noNotifications, readNotifyConfig, type NotifyConfig} from '../watch/notify/config.js';
import {createNotifyHttp} from '../watch/notify/http.js';
import type {NarrowSources} from '../watch/notify/narrow-changes.js';
import {openNotifier, type Notifier} from '../watch/notify/notifier.js';
import {createStandingQueries, type StandingOptions, type StandingQueries} from '../watch/standing/standing-queries.js';
import {openStandingFiles} from '../watch/standing/standing-files.js';
import {queryWorldOf} from './query-index.js';
import type {Session} from './session.js';

export type OnNote = (level: 'info' | 'warn', text: string) => void;

export const notifyFile = (session: Pick<Session, 'folders'>): string => path.join(session.folders().config, 'notify.json');

/**
Reads `notify.json`, and keeps its secrets out of all reports.

@throws AppError 'usage' for a file that cannot be used
*/
export const readSessionConfig = async (session: Pick<Session, 'folders' | 'hide'>, env: NodeJS.ProcessEnv): Promise<NotifyConfig> => {
	const config = await readNotifyConfig(notifyFile(session), {env}) ?? noNotifications;
	for (const secret of config.secrets) {
		session.hide(secret);
	}

	return config;
};

type CheckOptions = {
	world: () => QueryWorld | Promise<QueryWorld>;
	file: string;
	/**
	Told of a query that names what the catalogue does not have, if that is no reason to stop: a library may still be imported, or have another name since.
	*/
	onUnknown?: (error: QueryError) => void;
};

/**
Reads the queries of all channels.

@throws {QueryError} that names the channel
*/
export const checkChannelQueries = async ({channels}: Pick<NotifyConfig, 'channels'>, {world, file, onUnknown}: CheckOptions): Promise<void> => {
	let known: QueryWorld | undefined;
	for (const {name, query} of channels) {
		if (query === undefined) {
			continue;
		}

		known ??= await world();
		try {
			await compileQuery(query, known);
		} catch (error) {
			if (!isQueryError(error)) {
				throw error;
			}

			const {span, expected, suggestion, isOfCatalogue} = error;
			const named = new QueryError(`The query of the channel ${name} in ${file} is wrong. ${error.message}`, error.query, {
				span, expected, suggestion, isOfCatalogue,
			});
			if (!isOfCatalogue || onUnknown === undefined) {
				throw named;
			}

			onUnknown(named);
		}
	}
};

/**
Reads `notify.json` for the daemon, with the queries of its channels.

@throws AppError 'usage' for a file that cannot be used
*/
export const readDaemonConfig = async (session: Session, {store, env, onNote}: {store: Pick<OpenedCatalog, 'header'>; env: NodeJS.ProcessEnv; onNote: OnNote}): Promise<NotifyConfig> => {
	const config = await readSessionConfig(session, env);
	await checkChannelQueries(config, {
		world: () => queryWorldOf(store, session),
		file: notifyFile(session),
		onUnknown({message, query, span}) {
			onNote('warn', `${message} It is about "${query.slice(span.start, span.end)}". Until that is known, the channel is not told of changes.`);
		},
	});
	return config;
};

export type SessionNotifierOptions = Pick<NarrowSources, 'index'> & {
	store: OpenedCatalog;
	terminal?: NotifyTerminal | undefined;
	limits: Partial<AlertLimits>;
	clock: Clock;
	env: NodeJS.ProcessEnv;
	onNote: OnNote;
};

/**
Opens the channels that `notify.json` describes.
*/
export const openSessionNotifier = async (session: Session, config: NotifyConfig, {store, index, env, limits, clock, terminal, onNote}: SessionNotifierOptions): Promise<Notifier> => {
	const http = createNotifyHttp({clock, proxyEnv: env});
	const parts = {
		http, clock, env, terminal,
	};
	const notifier = await openNotifier({
		file: path.join(session.folders().data, 'notices.json'),
		channels: config.channels.map(settings => ({settings, channel: settings.create(parts)})),
		digest: config.digest,
		store,
		narrowing: {index, queryWorld: () => queryWorldOf(store, session)},
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

type SessionStandingOptions = Pick<SessionNotifierOptions, 'store' | 'clock' | 'onNote'> & Pick<StandingOptions, 'index' | 'answers'> & {
	notifier: () => Promise<Notifier>;
};

/**
The standing ones among the saved queries of a session.
*/
export const openSessionStanding = (session: Session, {store, index, answers, clock, notifier, onNote}: SessionStandingOptions): StandingQueries => {
	const {data} = session.folders();
	const files = openStandingFiles(path.join(data, 'standing'), {
		onLost(name, {message}) {
			onNote('warn', `${message} What @${name} found before is not known, so it is noted anew.`);
		},
	});
	return createStandingQueries({
		files,
		store,
		index,
		answers,
		saved: () => session.settings().queries(),
		queryWorld: () => queryWorldOf(store, session),
		teller: notifier,
		clock,
		onNote,
	});
};
