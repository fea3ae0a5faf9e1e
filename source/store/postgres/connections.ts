import {readFile} from 'node:fs/promises';
import {setTimeout as delay} from 'node:timers/promises';
import {Kysely, PostgresDialect} from 'kysely';
import pg, {type ClientConfig, type CustomTypesConfig} from 'pg';
import {AppError} from '../../base/errors.js';
import {once} from '../../base/once.js';
import type {StoreAddress} from './address.js';
import {failureKind, storeFailure} from './failure.js';
import {requireOwnSession, SessionClient, type SessionConfig} from './session-client.js';
import type {Tables} from './table-types.js';

export type StoreLogin = {
	address: StoreAddress;
	/**
	Asked for the password when the server wants one; see `storePassword`.
	*/
	password?: (() => Promise<string | undefined>) | undefined;
	/**
	Ends the connections and all that is asked over them, until they are told to outlast it.
	*/
	stop?: AbortSignal | undefined;
};

/**
One connection that is kept: it holds the lock of the writer, or listens.
*/
export type KeptConnection = {
	db: Kysely<Tables>;
	client: pg.Client;
	/**
	It broke off or was ended, and is of no more use.
	*/
	isBroken: () => boolean;
	end: () => Promise<void>;
};

/**
The connections to one database.
*/
export type Connections = {
	/**
	For reading. Connections are made when they are needed, and end by themselves when they are not.
	*/
	db: Kysely<Tables>;
	/**
	@throws {AppError} `unreachable`, `unauthorized`, `tls`, `usage`
	*/
	keep: () => Promise<KeptConnection>;
	/**
	Does some work with the database and makes an `AppError` of what it says.
	*/
	working: <Value>(work: () => Promise<Value>) => Promise<Value>;
	/**
	The same for work that only reads: it is done again, on another connection, if its connection broke off, or if a standby server ended it for what came from the primary.
	*/
	asking: Connections['working'];
	/**
	The same for the first question, after which a failure means that the database cannot be reached. It is asked again where somebody was just removing or making the tables.
	*/
	opening: Connections['working'];
	/**
	From now on the signal to stop does not reach them: who may write ends in order, and needs them for it.
	*/
	outlastStop: () => void;
};

const answerMs = 60_000;
const endMs = 1000;

/**
The server ends a kept connection whose other end has vanished, as in a power cut, after about 5 s. On a Unix socket it ignores these settings. A process that is stopped in the middle of a commit keeps other writers waiting for two minutes at most. A connection at rest is none that was forgotten, so the server never ends it: its locks would go with it, and another process would write beside this one.
*/
const keeping = [
	['tcp_keepalives_idle', '2'],
	['tcp_keepalives_interval', '1'],
	['tcp_keepalives_count', '3'],
	['tcp_user_timeout', '5000'],
	['idle_in_transaction_session_timeout', '120000'],
	['idle_session_timeout', '0'],
] as const;

/**
LZ4 takes much less processor time than the compression that PostgreSQL has by default, and little more room. Not every server was built with it.
*/
const wishes = [['default_toast_compression', 'lz4']] as const;

export const createDatabaseConnections = async ({address, password, stop}: StoreLogin): Promise<Connections> => {
	let isStoppable = true;
	const {host, port, user, database, schema} = address;
	const plain: SessionConfig = {
		host,
		port,
		user,
		database,
		...password !== undefined && {password: password as () => Promise<string>},
		...stop !== undefined && {stop: {signal: stop, isHeard: () => isStoppable}},
		ssl: await tlsOptions(address),
		application_name: 'reelcat',
		// Numbers come with all their digits, and searches find all, whatever is set for the database or the user. The server ends a question itself, before this side gives up waiting for its answer; but a commit that waits for a standby server has no limit there.
		settings: [['search_path', schema], ['timezone', 'UTC'], ['extra_float_digits', '1'], ['gin_fuzzy_search_limit', '0'], ['jit', 'off'], ['statement_timeout', String(answerMs - 5000)]],
		connectionTimeoutMillis: 10_000,
		keepAlive: true,
		keepAliveInitialDelayMillis: 5000,
		query_timeout: answerMs,
		types: {getTypeParser: parserOf},
	};
	// What is found at the first connection holds for all.
	const config: SessionConfig = {...plain, onPooler: once(async client => requireOwnSession(client, new SessionClient(plain), address.text))};
	const pool = new pg.Pool({
		...config, Client: SessionClient, max: 4, idleTimeoutMillis: 5000, allowExitOnIdle: true,
	});
	// A connection that ends while nobody uses it is replaced with the next question.
	pool.on('error', () => undefined);

	const told = ({isOpening}: {isOpening: boolean}): Connections['working'] => async work => {
		try {
			return await work();
		} catch (error) {
			throw storeFailure(error, address, {isOpening});
		}
	};

	const working = told({isOpening: false});
	const opening = told({isOpening: true});
	const orAgain = (first: Connections['working'], isWorthIt: (error: unknown) => boolean): Connections['working'] => async work => {
		try {
			return await first(work);
		} catch (error) {
			if (!isWorthIt(error)) {
				throw error;
			}

			return first(work);
		}
	};

	return {
		db: new Kysely<Tables>({dialect: new PostgresDialect({pool})}),
		working,
		asking: orAgain(working, error => failureKind(error) !== undefined),
		// A database that cannot be reached is not asked twice.
		opening: orAgain(opening, error => failureKind(error) === 'conflict'),
		outlastStop() {
			isStoppable = false;
		},
		async keep() {
			const client = new SessionClient({...config, settings: [...config.settings, ...keeping], wishes});
			let isBroken = false;
			const breaks = () => {
				isBroken = true;
			};

			client.on('error', breaks);
			client.on('end', breaks);
			try {
				await client.connect();
			} catch (error) {
				throw storeFailure(error, address, {isOpening: true});
			}

			// It is kept, so nobody gives it back.
			const only = Object.assign(client, {release() {/* nothing */}});
			return {
				client,
				db: new Kysely<Tables>({dialect: new PostgresDialect({pool: {options: {}, connect: async () => only, async end() {/* nothing */}}})}),
				isBroken: () => isBroken,
				async end() {
					isBroken = true;
					// A connection that is broken already cannot be ended in order, and one whose other end has vanished would never be.
					await Promise.race([client.end().catch(() => undefined), delay(endMs, undefined, {ref: false})]);
					client.connection.stream.destroy();
				},
			};
		},
	};
};

/**
Logs in and out again.

@throws {AppError} `unreachable`, `unauthorized`, `tls`, `usage`
*/
export const requireLogin = async (login: StoreLogin): Promise<void> => {
	const {keep} = await createDatabaseConnections(login);
	const {end} = await keep();
	await end();
};

// Revisions and counts stay far below the greatest whole number that JavaScript has.
const int8 = 20;

const parserOf: CustomTypesConfig['getTypeParser'] = (type, format) => {
	const parser: unknown = Object.is(type, int8) ? Number : pg.types.getTypeParser(type, format);
	return parser;
};

const tlsOptions = async ({tls, rootCertificateFile}: StoreAddress): Promise<ClientConfig['ssl']> => {
	if (tls === 'none') {
		return false;
	}

	try {
		return {rejectUnauthorized: true, ...rootCertificateFile !== undefined && {ca: await readFile(rootCertificateFile, 'utf8')}};
	} catch (error) {
		throw new AppError('usage', `The file of certificates ${rootCertificateFile ?? ''} cannot be read.`, {hint: 'sslrootcert in the address of the store names a file in PEM form.', cause: error});
	}
};
