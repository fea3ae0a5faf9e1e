import {AppError} from '../../base/errors.js';
import {writtenByOther, type CopySource} from '../copy/copy-ends.js';
import {databaseFolder} from './address.js';
import {createDatabaseConnections, type StoreLogin} from './connections.js';
import {atOneMoment, readHeader} from './header.js';
import {storedAmounts, storedContents} from './stored-contents.js';
import {requireTables} from './tables.js';
import {firstHolder, seatHolders} from './seat-locks.js';
import {takeSeat} from './writer-seat.js';

type DatabaseSourceOptions = {
	login: StoreLogin;
	/**
	Takes the right to write, so that nobody changes the catalogue.
	*/
	isLocked: boolean;
	now?: () => Date;
};

/**
Reads the catalogue in a database, over the connection that has the right to write: while it can be read, nobody changes it.

@throws {AppError} `locked`, `usage`, `newer`, `unreachable`, `unauthorized`, `tls`
*/
export const openDatabaseSource = async ({login, isLocked, now = () => new Date()}: DatabaseSourceOptions): Promise<CopySource> => {
	const {address} = login;
	const {schema, text} = address;
	const connections = await createDatabaseConnections(login);
	const {working, opening, keep} = connections;
	await opening(async () => requireTables(connections.db, address));
	const seat = isLocked
		? await opening(async () => takeSeat({
			keep, working, schema, now,
		}))
		: undefined;
	if (seat !== undefined && 'holder' in seat) {
		throw writtenByOther(seat.holder, text);
	}

	try {
		const kept = await seat?.connection();
		const db = kept?.db ?? connections.db;
		const {header, amounts} = await working(async () => atOneMoment(db, async moment => ({header: await readHeader(moment), amounts: await storedAmounts(moment, schema)})));
		if (isLocked) {
			connections.outlastStop();
		}

		return {
			...storedContents(db, working),
			...amounts,
			id: `database ${databaseFolder(address)}`,
			name: text,
			header,
			holder: isLocked ? undefined : await working(async () => firstHolder(await seatHolders(db))),
			// PostgreSQL finds its own damaged pages when it reads them.
			async prove() {/* there are no files to read */},
			async requireSeat() {
				const {revision} = await working(async () => readHeader(db));
				if (revision !== header.revision) {
					throw new AppError('locked', 'The catalogue was changed by someone else while it was copied.', {hint: 'Start the command again.'});
				}
			},
			async close() {
				await seat?.release();
			},
		};
	} catch (error) {
		await seat?.release();
		throw error;
	}
};
