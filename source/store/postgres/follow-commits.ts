import {setTimeout as delay} from 'node:timers/promises';
import {sql, type Kysely} from 'kysely';
import {isAppError} from '../../base/errors.js';
import type {Change} from '../../catalog/catalog-store.js';
import {keptCommits} from './commit.js';
import type {Connections, KeptConnection} from './connections.js';
import {
	atOneMoment,
	channelOf,
	readHead,
	type Head,
} from './header.js';
import type {Tables} from './table-types.js';

// Whoever has missed more than this reads everything again, which is quicker.
const mostIds = 100_000;

/**
A commit. Without its token, the revision has to do.
*/
export type LastCommit = {revision: number; token?: string | undefined};

export const isSameCommit = (one: LastCommit, {revision, token = one.token}: LastCommit): boolean => one.revision === revision && (one.token ?? token) === token;

type News = Head & {
	changes: Change[] | undefined;
	/**
	The tables no longer have the commit after which the news was asked for.
	*/
	isSetBack: boolean;
};

/**
What was committed after a commit, and the header of the same moment. `changes` is undefined if the table does not go back that far, if everything was replaced, or if the tables were set back.
*/
export const newsAfter = async (db: Kysely<Tables>, known: LastCommit): Promise<News> => {
	const {revision} = known;
	// Mostly there is no news, and one statement tells it.
	const now = await readHead(db);
	if (isSameCommit({...now, revision: now.header.revision}, known)) {
		return {...now, changes: [], isSetBack: false};
	}

	return atOneMoment(db, async moment => {
		const head = await readHead(moment);
		const {header} = head;
		const there = await moment.selectFrom('commits').select('token').where('revision', '=', revision).executeTakeFirst();
		const isForgotten = there === undefined && header.revision - revision >= keptCommits;
		if (header.revision < revision || (!isForgotten && known.token !== undefined && known.token !== there?.token)) {
			return {...head, changes: undefined, isSetBack: true};
		}

		const {rows: sizes} = await sql<{ids: number}>`SELECT coalesce(sum(cardinality(upserted) + cardinality(removed)), 0)::bigint AS ids FROM commits WHERE revision > ${revision}`.execute(moment);
		if (sizes[0]!.ids > mostIds) {
			return {...head, changes: undefined, isSetBack: false};
		}

		const rows = await moment.selectFrom('commits').select(['revision', 'upserted', 'removed', 'is_reload']).where('revision', '>', revision).orderBy('revision').execute();
		const isWhole = rows.length === header.revision - revision && rows.every(row => !row.is_reload);
		return {
			...head, changes: isWhole ? rows.map(({revision: at, upserted, removed}) => ({revision: at, upserted, removed})) : undefined, isSetBack: false,
		};
	});
};

/**
Whether anything was committed after a revision by a process that wrote for one of these servers, or for the whole catalogue.
*/
export const isOvertaken = async (db: Kysely<Tables>, revision: number, servers: ReadonlySet<string> | undefined): Promise<boolean> => {
	const {rows} = await sql<{found: boolean}>`
		SELECT count(*) FILTER (WHERE NOT servers && ${[...servers ?? []]}::text[] AND NOT is_reload) < coalesce((SELECT revision FROM catalog), 0) - ${revision} AS found
		FROM commits WHERE revision > ${revision}
	`.execute(db);
	return servers === undefined || rows[0]!.found;
};

type FollowOptions = Pick<Connections, 'keep'> & {
	schema: string;
	/**
	Looks what was committed. Called soon after the beginning, after each notice, after each new connection, and now and then.
	*/
	look: () => Promise<void>;
	/**
	What keeps this process from following, or that nothing does.
	*/
	onState: (error: unknown) => void;
};

// A short command has ended before, and needs no connection for it.
const startMs = 500;
const endMs = 1000;
const longestPauseMs = 10_000;
const lookMs = 15_000;

/**
Listens to the commits that others tell, and connects again when the connection breaks off. A notice only says that there is something to read, so none that gets lost is missed. It keeps no process alive.
*/
export const followCommits = ({keep, schema, look, onState}: FollowOptions): {close: () => Promise<void>} => {
	let isClosed = false;
	let kept: KeptConnection | undefined;
	let pauseMs = 250;
	let timer: NodeJS.Timeout | undefined;
	let working: Promise<void> = Promise.resolve();
	let isWaiting = false;

	// Notices that come while one is waiting are told by it as well.
	const work = () => {
		if (isWaiting) {
			return;
		}

		isWaiting = true;
		working = working.then(async () => {
			isWaiting = false;
			await step();
		});
	};

	const later = (ms: number) => {
		clearTimeout(timer);
		if (isClosed) {
			return;
		}

		timer = setTimeout(work, ms);
		timer.unref();
	};

	const step = async () => {
		if (isClosed) {
			return;
		}

		try {
			if (kept === undefined || kept.isBroken()) {
				await listen();
			} else {
				hold(kept, 'ref');
				// A connection that died in silence is found by asking over it.
				await hear(kept);
			}

			if (isClosed) {
				await kept?.end();
				return;
			}

			await look();
			// While it is ended, the connection keeps the process alive.
			if (isClosed) {
				return;
			}

			onState(undefined);
			pauseMs = 250;
			hold(kept!, 'unref');
			later(lookMs);
		} catch (error) {
			// Nobody is kept from following who has stopped it, and asked something at that moment.
			if (!isClosed && !isAppError(error, 'cancelled')) {
				onState(error);
			}

			await kept?.end();
			kept = undefined;
			later(pauseMs);
			pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
		}
	};

	const listen = async () => {
		kept = await keep();
		kept.client.on('notification', work);
		kept.client.once('end', () => {
			later(0);
		});
		await hear(kept);
	};

	// A standby server does not listen, so it is only asked now and then. It may have been promoted since the last time.
	const hear = async ({client}: KeptConnection) => client.query(`DO $$ BEGIN IF NOT pg_is_in_recovery() THEN LISTEN ${client.escapeIdentifier(channelOf(schema))}; END IF; END $$`);

	later(startMs);
	return {
		async close() {
			isClosed = true;
			clearTimeout(timer);
			if (kept !== undefined) {
				hold(kept, 'ref');
				await kept.end();
			}

			// Where the database has vanished, an answer may never come.
			await Promise.race([working, delay(endMs, undefined, {ref: false})]);
			await kept?.end();
		},
	};
};

// A connection keeps the process alive only while it is asked something or ended. The types of pg do not have this.
const hold = ({client}: KeptConnection, how: 'ref' | 'unref') => {
	(client as unknown as Record<typeof how, () => void>)[how]();
};
