import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {AppError, requireAppError} from '../base/errors.js';
import {runProgram} from '../base/run-program.js';
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

const minutesOf = (offset: string) => {
	const {sign, hours, minutes} = /^(?<sign>[+\-])(?<hours>\d\d)(?<minutes>\d\d)$/v.exec(offset.trim())?.groups ?? {};
	return sign === undefined ? undefined : Number(`${sign}1`) * ((Number(hours) * 60) + Number(minutes));
};

/**
Holds the time of day of this process against that of other programs. Node.js knows a time zone by its name only, and silently takes another one where TZ or the system give it in another way.
*/
export const examineTimeZone = async (env: NodeJS.ProcessEnv): Promise<{status: 'ok' | 'warn'; text: string; hint?: string}> => {
	const warn = (text: string) => ({status: 'warn', text, hint: 'Set TZ to a name such as Europe/Berlin: Node.js follows no rule or file in TZ, and no file that is mounted over /etc/localtime.'} as const);
	// Windows has no such program; there Node.js asks the system.
	const {stdout} = await runProgram({
		argv: ['date', '+%z'], env, timeoutMs: 5000, isOutputKept: true,
	});
	const ofMachine = minutesOf(stdout);
	if (ofMachine !== undefined && ofMachine !== -new Date().getTimezoneOffset()) {
		return warn(`Times of day are not those of the machine, which has ${stdout.trim()} now.`);
	}

	// Without a name the offset may be right now and not follow summer time.
	const {timeZone} = new Intl.DateTimeFormat().resolvedOptions() as {timeZone: string | undefined};
	return timeZone === undefined
		? warn(`Node.js does not know the time zone (TZ is ${clean(env['TZ'] ?? 'not set')}), and may not follow summer time.`)
		: {status: 'ok', text: `Times of day are those of ${timeZone}.`};
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
		requireAppError(error);

		const place = isQueryError(error) ? `At "${error.query.slice(error.span.start, error.span.end)}", character ${error.span.start + 1} of the query.` : undefined;
		const hint = [place, error.hint].filter(part => part !== undefined).join(' ');
		throw new AppError(error.code, `${before}${error.message}`, hint === '' ? {} : {hint});
	}
};
