import {hash} from 'node:crypto';
import {isIP} from 'node:net';
import {AppError} from '../../base/errors.js';

/**
Where a catalogue in PostgreSQL lies. It holds no secret, so it may be printed.
*/
export type StoreAddress = {
	/**
	A name, an IP address, or the folder of a Unix socket.
	*/
	host: string;
	port: number;
	user: string;
	database: string;
	/**
	The schema of the database that has the tables of this catalogue.
	*/
	schema: string;
	/**
	`verified` encrypts and checks the certificate and its name, as `verify-full` of libpq does.
	*/
	tls: 'verified' | 'none';
	/**
	A file with the certificate authorities to trust instead of those of Node.js.
	*/
	rootCertificateFile: string | undefined;
	/**
	The address again, as a person would write it.
	*/
	text: string;
};

const form = 'An address looks like postgres://USER@HOST:5432/DATABASE?schema=reelcat&sslmode=verify-full.';

const usage = (message: string, hint = form) => new AppError('usage', message, {hint});

const parameters: ReadonlySet<string> = new Set(['schema', 'sslmode', 'sslrootcert']);

const schemaPattern = /^[_a-z][0-9_a-z]{0,49}$/v;

/**
Whether a text is the address of a PostgreSQL database and not a folder.
*/
export const isStoreAddress = (text: string): boolean => /^postgres(?:ql)?:\/\//iv.test(text);

/**
Reads `postgres://USER@HOST:PORT/DATABASE?schema=NAME&sslmode=MODE&sslrootcert=FILE`. A folder of a Unix socket is the host with %2F for each slash. A password is refused, because addresses end in lists of processes, histories of shells and logs.

@throws {AppError} `usage`
*/
export const readStoreAddress = (text: string): StoreAddress => {
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		throw usage('The address of the store cannot be read.');
	}

	if (!isStoreAddress(text)) {
		throw usage(`The store is a PostgreSQL database, so its address begins with postgres://, not with ${url.protocol}`);
	}

	if (url.password !== '' || url.searchParams.has('password')) {
		throw usage('The address of the store holds a password, which other programs could read.', 'Put the password into a file that only you can read: name the file in REELCAT_STORE_PASSWORD_FILE, or write it as PostgreSQL does into ~/.pgpass.');
	}

	const unknown = url.searchParams.keys().find(name => !parameters.has(name));
	if (unknown !== undefined) {
		throw usage(`The address of the store has the parameter ${unknown}, which reelcat does not know.`, 'It knows schema, sslmode and sslrootcert.');
	}

	const host = decoded(url.hostname).replace(/^\[(?<inner>.*)\]$/v, '$<inner>');
	const [user, database] = [decoded(url.username), decoded(url.pathname.slice(1))];
	if (host === '' || user === '' || database === '') {
		throw usage(`The address of the store has no ${host === '' ? 'host' : (user === '' ? 'user' : 'database')}.`);
	}

	const schema = url.searchParams.get('schema') ?? 'reelcat';
	if (!schemaPattern.test(schema)) {
		throw usage(`The store cannot use the schema "${schema}".`, 'The name of a schema has small letters, digits and underscores, at most 50, and begins with a letter.');
	}

	const rootCertificateFile = url.searchParams.get('sslrootcert') ?? undefined;
	url.searchParams.sort();
	return {
		host, port: url.port === '' ? 5432 : Number(url.port), user, database, schema, tls: tlsOf(url.searchParams.get('sslmode') ?? undefined, host, rootCertificateFile), rootCertificateFile, text: url.href,
	};
};

/**
The name of the folder with what this machine keeps for the catalogue in a database. It does not depend on how the database is reached.
*/
export const databaseFolder = ({
	host, port, database, schema,
}: StoreAddress): string => `${schema}-${hash('sha256', JSON.stringify([host, port, database, schema]), 'hex').slice(0, 12)}`;

const decoded = (part: string): string => {
	try {
		return decodeURIComponent(part);
	} catch {
		throw usage('The address of the store has a % that stands for nothing.');
	}
};

/**
Whether only programs of this machine can listen in.
*/
const isOnThisMachine = (host: string): boolean => host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const tlsOf = (mode: string | undefined, host: string, rootCertificateFile: string | undefined): StoreAddress['tls'] => {
	switch (mode) {
		case undefined: {
			return rootCertificateFile === undefined && isOnThisMachine(host) ? 'none' : 'verified';
		}

		case 'verify-full': {
			return 'verified';
		}

		case 'disable': {
			return 'none';
		}

		default: {
			throw usage(`The store knows no sslmode "${mode}".`, 'verify-full encrypts and checks the certificate; with sslrootcert=FILE it trusts the authority in that file. disable encrypts nothing.');
		}
	}
};
