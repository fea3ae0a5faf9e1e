import {setTimeout as delay} from 'node:timers/promises';
import {sql, type Kysely} from 'kysely';
import type {Change} from '../../catalog/catalog-store.js';
import type {CatalogHeader} from '../../catalog/types.js';
import type {Connections, KeptConnection} from './connections.js';
import {atOneMoment, channelOf, readHeader} from './header.js';
import type {Tables} from './table-types.js';

// Whoever has missed more than this reads everything again, which is quicker.
const mostIds = 100_000;

/**
What was committed after a revision, and the header of the same moment. `changes` is undefined if the table does not go back that far, or if everything was replaced.
*/
export const newsAfter = async (db: Kysely<Tables>, revision: number): Promise<{header: CatalogHeader; changes: Change[] | undefined}> => {
	// Mostly there is no news, and one statement tells it.
	const now = await readHeader(db);
	if (now.revision === revision) {
		return {header: now, changes: []};
	}

	return atOneMoment(db, async moment => {
		const header = await readHeader(moment);
		const {rows: sizes} = await sql<{ids: number}>`SELECT coalesce(sum(cardinality(upserted) + cardinality(removed)), 0)::bigint AS ids FROM commits WHERE revision > ${revision}`.execute(moment);
		if (sizes[0]!.ids > mostIds) {
			return {header, changes: undefined};
		}

		const rows = await moment.selectFrom('commits').select(['revision', 'upserted', 'removed', 'is_reload']).where('revision', '>', revision).orderBy('revision').execute();
		const isWhole = rows.length === header.revision - revision && rows.every(row => !row.is_reload);
		return {header, changes: isWhole ? rows.map(({revision: at, upserted, removed}) => ({revision: at, upserted, removed})) : undefined};
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
				await kept.client.query('SELECT 1');
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
			if (!isClosed) {
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
		await kept.client.query(`LISTEN ${kept.client.escapeIdentifier(channelOf(schema))}`);
	};

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
