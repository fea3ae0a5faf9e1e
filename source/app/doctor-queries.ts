import {plural} from '../base/text/format.js';
import {AppError, isAppError} from '../base/errors.js';
import {isQueryError} from '../query/language/query-error.js';
import {checkSavedQuery} from '../query/language/saved.js';
import {queryWorldOf} from './query-index.js';
import {checkChannelQueries, notifyFile, readSessionConfig} from './session-notifier.js';
import type {Session} from './session.js';

/**
Checks `notify.json`, with the queries of its channels.

@returns a sentence about what is set up
@throws AppError that says what is wrong, and of a query where
*/
export const examineNotifications = async (session: Session, env: NodeJS.ProcessEnv): Promise<string> => {
	const config = await readSessionConfig(session, env);
	const {channels} = config;
	if (channels.some(({query}) => query !== undefined)) {
		const file = notifyFile(session);
		await withPlace(async () => withWorld(session, async world => checkChannelQueries(config, {world, file})));
	}

	return channels.length === 0 ? 'No notifications are set up.' : `${plural(channels.length, 'channel')} in notify.json; "reelcat notify test" tries ${channels.length === 1 ? 'it' : 'them'} out.`;
};

/**
Checks the standing queries.

@returns a sentence about how many there are
@throws AppError that says what is wrong, and where
*/
export const examineStandingQueries = async (session: Session): Promise<string> => {
	const standing = session.settings().queries().filter(saved => saved.standing === true);
	if (standing.length > 0) {
		await withWorld(session, async world => {
			for (const saved of standing) {
				await withPlace(async () => checkSavedQuery(saved, world()), `The standing query @${saved.name} is wrong. `);
			}
		});
	}

	return standing.length === 0 ? 'There is no standing query.' : `${plural(standing.length, 'standing query', 'standing queries')}.`;
};

// The catalogue is proved by a check of its own.
const withWorld = async (session: Session, use: (world: () => ReturnType<typeof queryWorldOf>) => Promise<void>): Promise<void> => {
	const store = await session.openStore({access: 'read'});
	try {
		await use(() => queryWorldOf(store, session));
	} finally {
		await store.close();
	}
};

/**
A finding is one line, so the place of an error is named in it.
*/
const withPlace = async (check: () => Promise<void>, before = ''): Promise<void> => {
	try {
		await check();
	} catch (error) {
		if (!isAppError(error)) {
			throw error;
		}

		const place = isQueryError(error) ? `At "${error.query.slice(error.span.start, error.span.end)}", character ${error.span.start + 1} of the query.` : undefined;
		const hint = [place, error.hint].filter(part => part !== undefined).join(' ');
		throw new AppError(error.code, `${before}${error.message}`, hint === '' ? {} : {hint});
	}
};
