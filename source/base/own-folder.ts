import {
	chmodSync,
	mkdirSync,
	readdirSync,
	statSync,
} from 'node:fs';
import process from 'node:process';
import {errorCode} from './errors.js';
import {
	guarded,
	makeFolders,
	nodeFileSystem,
	type FileSystem,
} from './file-system.js';

type OwnFolderOptions = {
	fs?: FileSystem;
	/**
	False for a folder that a person may have named, such as REELCAT_DATA_DIR: if it holds anything that is not ours, its mode is left alone.
	*/
	isOnlyOurs?: boolean;
};

const ownNames = /^\.?(?:api-token|backups|catalog|credentials|daemon|demo|history|jobs|logs|notices|notify|pictures|query|reelcat|settings|standing)(?:[\-.]|$)/v;

/**
Makes a folder that only its owner may enter. The mode of an existing folder is set too, because the file system or another program may have made it with a wider one.

@throws {AppError} `not-writable` or `disk-full`
*/
export const makeOwnFolder = async (folder: string, {fs = nodeFileSystem, isOnlyOurs = true}: OwnFolderOptions = {}): Promise<void> => {
	await guarded(folder, 'made', async () => makeFolders(folder, {fs, mode: 0o700}));
	await closeOwnFolder(folder, {fs, isOnlyOurs});
};

/**
The same for a folder that is left as it is if it does not exist.
*/
export const closeOwnFolder = async (folder: string, {fs = nodeFileSystem, isOnlyOurs = true}: OwnFolderOptions = {}): Promise<void> => {
	try {
		if (isOpen(await fs.stat(folder)) && (isOnlyOurs || areOurs(await fs.readdir(folder)))) {
			await fs.chmod(folder, 0o700);
		}
	} catch (error) {
		tolerate(error);
	}
};

/**
`makeOwnFolder` for code that cannot wait; throws the errors of the file system unchanged.
*/
export const makeOwnFolderSync = (folder: string): void => {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	try {
		if (isOpen(statSync(folder)) && areOurs(readdirSync(folder))) {
			chmodSync(folder, 0o700);
		}
	} catch (error) {
		tolerate(error);
	}
};

const isOpen = ({mode, uid}: {mode: number; uid: number}) => (mode & 0o77) !== 0 && (process.getuid === undefined || process.getuid() === uid); // eslint-disable-line no-bitwise

const areOurs = (names: readonly string[]) => names.every(name => ownNames.test(name));

// A disk without modes, or one that cannot be read now, must not keep anyone from reading the catalogue; a failure that matters comes again with the next call.
const tolerate = (error: unknown) => {
	if (errorCode(error) === undefined) {
		throw error;
	}
};
