import {Buffer} from 'node:buffer';
import pg, {type ClientConfig} from 'pg';
import {AppError} from '../../base/errors.js';

export type SessionConfig = ClientConfig & {
	/**
	The settings of the session. They are made by a statement and not by `options` of the login, which poolers such as PgBouncer refuse or leave out.
	*/
	settings: ReadonlyArray<readonly [name: string, value: string]>;
	/**
	Settings that are made where the server was built with what they name.
	*/
	wishes?: ReadonlyArray<readonly [name: string, value: string]>;
	/**
	Called when a pooler answered the login, before the connection is used.
	*/
	onPooler?: (client: SessionClient) => Promise<void>;
	/**
	While it is heard, the signal ends the connection and what is asked over it at once.
	*/
	stop?: {signal: AbortSignal; isHeard: () => boolean};
};

/**
The rows of a COPY FROM STDIN, in its text format: the only parameter of such a statement.
*/
export class CopiedRows {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

type CopyIn = {
	sendCopyFromChunk: (chunk: Uint8Array) => void;
	endCopyFrom: () => void;
	stream: {write: (text: string, callback: () => void) => void};
};

/**
pg refuses to send rows, unless what handles the answer of the server does it.
*/
class CopyQuery extends pg.Query {
	#text: string;
	readonly #onSent: () => void;

	constructor(statement: string, {text}: CopiedRows, {onSent, onDone}: {onSent: () => void; onDone: (error: Error | undefined) => void}) {
		super(statement, onDone);
		this.#text = text;
		this.#onSent = onSent;
	}

	handleCopyInResponse(connection: CopyIn): void {
		connection.sendCopyFromChunk(Buffer.from(this.#text));
		connection.endCopyFrom();
		connection.stream.write('', this.#onSent);
		this.#text = '';
	}
}

/**
A connection with the settings of its session. When a login fails on this side, as without a password, pg leaves the socket open, and the process would wait until the server closes it; this one closes it.
*/
export class SessionClient extends pg.Client {
	readonly #config: SessionConfig;
	#processId = 0;
	#copying: Promise<void> | undefined;

	constructor(config?: SessionConfig) {
		super(config);
		// Whoever asks is told its error; a connection that breaks off tells it as an event as well, which nobody may hear yet while its session begins.
		this.on('error', () => undefined);
		this.#config = config ?? {settings: []};
		const connect: () => Promise<pg.Client> = this.connect.bind(this);
		// The pool asks with a callback.
		const connectOrEnd = async (callback?: (error?: unknown) => void): Promise<pg.Client> => {
			let failure: Error | undefined;
			try {
				this.#listenForStop();
				await connect();
				await this.#begin();
			} catch (error) {
				failure = error as Error;
				this.connection.stream.destroy();
			}

			if (callback !== undefined) {
				callback(failure);
			} else if (failure !== undefined) {
				throw failure;
			}

			return this;
		};

		this.connect = connectOrEnd as typeof this.connect;
		const query: (...asked: unknown[]) => unknown = this.query.bind(this);
		this.query = ((...asked: unknown[]) => {
			const [statement, values] = asked as [string, unknown[]?];
			const rows = values?.[0];
			return rows instanceof CopiedRows
				? this.#copy(async onSent => new Promise<void>((resolve, reject) => {
					query(new CopyQuery(statement, rows, {
						onSent,
						onDone(error) {
							if (error instanceof Error) {
								reject(error);
							} else {
								resolve();
							}
						},
					}));
				}))
				: this.#afterCopy(statement, () => query(...asked));
		}) as typeof this.query;
	}

	#listenForStop(): void {
		const {signal, isHeard = () => false} = this.#config.stop ?? {};
		const end = () => {
			if (isHeard()) {
				this.connection.stream.destroy(cancelled());
			}
		};

		if (signal?.aborted === true && isHeard()) {
			throw cancelled();
		}

		signal?.addEventListener('abort', end);
		this.on('end', () => {
			signal?.removeEventListener('abort', end);
		});
	}

	/**
	Waits until the rows are sent, and not for what the server does with them, so that the next rows are made meanwhile. The next statement tells an error.
	*/
	async #copy(copy: (onSent: () => void) => Promise<void>): Promise<{rows: unknown[]}> {
		const sent = Promise.withResolvers<void>();
		const copying = Promise.resolve(this.#copying).then(async () => copy(sent.resolve));
		// Rows that were refused may never have been sent, and nobody must wait for that.
		copying.catch(() => {
			sent.resolve();
		});
		this.#copying = copying;
		await sent.promise;
		return {rows: []};
	}

	#afterCopy(statement: string, ask: () => unknown): unknown {
		const copying = this.#copying;
		this.#copying = undefined;
		return copying === undefined
			? ask()
			: copying.catch((error: unknown) => {
				if (statement !== 'rollback') {
					throw error;
				}
			}).then(ask);
	}

	async #begin(): Promise<void> {
		const {settings, wishes = [], onPooler} = this.#config;
		const calls = [...settings, ...wishes].map((_, index) => {
			const [name, value] = [`$${(2 * index) + 1}`, `$${(2 * index) + 2}`];
			return index < settings.length ? `set_config(${name}, ${value}, false)` : `(SELECT set_config(name, ${value}, false) FROM pg_settings WHERE name = ${name} AND ${value} = ANY (enumvals))`;
		});
		const {rows} = await this.query<{pid: number}>(`SELECT ${['pg_backend_pid() AS pid', ...calls].join(', ')}`, [...settings, ...wishes].flat());
		this.#processId = rows[0]!.pid;
		// A pooler does not know the process of the server when it answers the login, so it tells a number of its own.
		if ((this as unknown as {processID: number}).processID !== this.#processId) {
			await onPooler?.(this);
		}
	}

	/**
	The process of the server that served the first statement.
	*/
	processId(): number {
		return this.#processId;
	}

	async askProcessId(): Promise<number> {
		const {rows} = await this.query<{pid: number}>('SELECT pg_backend_pid() AS pid');
		return rows[0]!.pid;
	}
}

const cancelled = () => new AppError('cancelled', 'The question to the database was cancelled.');

const looks = 3;

/**
Refuses a pooler that gives each transaction another connection to the server: the right to write and the news of commits belong to one connection, and two clients would share them.

@throws {AppError} `usage`
*/
export const requireOwnSession = async (client: SessionClient, other: SessionClient, text: string): Promise<void> => {
	await other.connect();
	try {
		for (let look = 0; look < looks; look++) {
			await other.query('BEGIN');
			const [theirs, ours] = [await other.askProcessId(), await client.askProcessId()];
			await other.query('ROLLBACK');
			if (theirs === client.processId() || ours !== client.processId()) {
				throw new AppError('usage', `Before the database ${text} is a pooler that gives each transaction another connection.`, {
					hint: 'Give the address of the database itself, or that of the pooler in session mode. The right to write and the news of changes belong to one connection.',
				});
			}
		}
	} finally {
		await other.end().catch(() => undefined);
	}
};
