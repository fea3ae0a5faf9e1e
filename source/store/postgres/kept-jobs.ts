import {sql} from 'kysely';
import {AppError} from '../../base/errors.js';
import type {TextPlace} from '../../base/kept-file.js';
import {instantOf} from '../../catalog/values.js';
import type {Connections} from './connections.js';
import {living} from './seat-locks.js';

type KeptJobsOptions = Pick<Connections, 'db' | 'asking' | 'working'> & {
	/**
	The seat of whoever may write.
	*/
	token: string | undefined;
	now: () => Date;
};

/**
The queue of the daemon of a server in the table of jobs, so that whoever takes over finds it, on any machine. Only who has the right to write can change it.
*/
export const createKeptJobs = ({db, asking, working, token, now}: KeptJobsOptions) => (serverId: string): TextPlace => {
	const right = sql`EXISTS (SELECT FROM writer WHERE token = ${token ?? ''} AND ${living})`;
	return {
		name: 'the table of jobs',
		read: async () => asking(async () => {
			const found = await db.selectFrom('jobs').select('queue').where('server_id', '=', serverId).executeTakeFirst();
			return found?.queue;
		}),
		write: async queue => working(async () => {
			const {rows} = await sql`
				INSERT INTO jobs (server_id, queue) SELECT ${serverId}::text, ${queue}::text WHERE ${right}
				ON CONFLICT (server_id) DO UPDATE SET queue = excluded.queue
				RETURNING server_id
			`.execute(db);
			if (rows.length === 0) {
				throw new AppError('locked', 'Another process writes the jobs in the database.', {hint: 'Wait until it has ended, or end it, and try again.'});
			}
		}),
		setAside: async () => working(async () => {
			const {rows} = await sql<{name: string}>`
				UPDATE jobs SET server_id = server_id || ${` of ${instantOf(now())}`}::text WHERE server_id = ${serverId} AND ${right}
				RETURNING server_id AS name
			`.execute(db);
			return rows[0]?.name;
		}),
	};
};
