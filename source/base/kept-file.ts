import path from 'node:path';
import type * as z from 'zod';
import {durableWrite, setAside} from './durable-write.js';
import {AppError, isAppError} from './errors.js';
import {oneByOne} from './one-by-one.js';
import {
	type FileSystem,
	guarded,
	ifExists,
	nodeFileSystem,
} from './file-system.js';
import {makeOwnFolder} from './own-folder.js';

/**
A small JSON document in a file. Calls run one after the other.
*/
type KeptFile<Value> = {
	/**
	Returns what the file holds, or `undefined` if there is no file. The file stays as it is.

	@throws {AppError} `damaged` or `newer` if the text does not fit, `not-writable` if the file cannot be read
	*/
	read: () => Promise<Value | undefined>;
	/**
	Like `read`, but returns `undefined` also if the file is damaged or cannot be read.
	*/
	readIfSound: () => Promise<Value | undefined>;
	/**
	Replaces the file, durably and as a whole, with mode 0600. It writes nothing if the last `read` or `write` shows that the file says the same already.

	@throws {AppError} `disk-full` or `not-writable`; the old file is then untouched
	*/
	write: (value: Value) => Promise<void>;
	/**
	Reads the file again and writes what `update` makes of it, so that a change that another process made is not lost. Returns what was written.

	@throws {AppError} as `read` and `write` do
	*/
	change: (update: (current: Value | undefined) => Value | Promise<Value>) => Promise<Value>;
};

type KeptFileOptions<Value> = {
	// Makes the value out of parsed JSON. It may transform, for instance an older version of the format.
	schema: z.ZodType<Value>;
	// The whole text of the file. The default is JSON on one line, which suits a schema that does not transform.
	toText?: (value: Value) => string;
	// The error for a text that does not fit. `reason` quotes nothing but names of fields.
	damaged?: (reason: string) => AppError;
	// Returns an error if a later version of reelcat wrote this JSON. It is asked before the schema.
	newer?: (json: unknown) => AppError | undefined;
	// Makes the folder, with mode 0700, before each write. Otherwise the folder must exist.
	makesFolder?: boolean;
	// Keeps the text in another place than the file.
	place?: TextPlace | undefined;
	fs?: FileSystem;
};

/**
Where a short text is kept as a whole.
*/
export type TextPlace = {
	/**
	What messages call it.
	*/
	name: string;
	read: () => Promise<string | undefined>;
	write: (text: string) => Promise<void>;
	/**
	Keeps the text under another name, so that it is not overwritten.

	@returns that name; undefined if there was no text
	*/
	setAside: () => Promise<string | undefined>;
};

// No file that is kept this way is as long; a longer one counts as damaged.
const maxBytes = 2 ** 24;

/**
Describe a kept file. Nothing is read or written yet.

@example
```
const file = createKeptFile('/data/colours.json', {schema: z.array(z.string())});
await file.read(); //=> undefined
await file.write(['red']);
```
*/
export const createKeptFile = <Value>(file: string, options: KeptFileOptions<Value>): KeptFile<Value> => {
	const {
		schema,
		toText = value => `${JSON.stringify(value)}\n`,
		damaged = reason => new AppError('damaged', `${file} cannot be read (${reason}).`, {hint: 'Correct it, or move it away.'}),
		newer,
		makesFolder = false,
		fs = nodeFileSystem,
		place = filePlace(file, {makesFolder, fs}),
	} = options;
	let textOnDisk: string | undefined;
	const {inTurn} = oneByOne();

	const parse = (text: string): Value => {
		let json: unknown;
		try {
			json = JSON.parse(text);
		} catch {
			// The error of the parser quotes the text, which may hold a secret.
			throw damaged('it is not JSON');
		}

		const newerError = newer?.(json);
		if (newerError !== undefined) {
			throw newerError;
		}

		const {data, error} = schema.safeParse(json);
		if (error !== undefined) {
			const {path: field, message} = error.issues[0]!;
			throw damaged([field.join('.'), message].filter(Boolean).join(': '));
		}

		return data;
	};

	const read = async () => {
		textOnDisk = undefined;
		const text = await place.read();
		if (text === undefined) {
			return undefined;
		}

		const value = parse(text);
		textOnDisk = text;
		return value;
	};

	const write = async (value: Value) => {
		const text = toText(value);
		if (text === textOnDisk) {
			return;
		}

		await place.write(text);
		textOnDisk = text;
	};

	return {
		read: async () => inTurn(read),
		async readIfSound() {
			try {
				return await inTurn(read);
			} catch (error) {
				if (isAppError(error)) {
					return undefined;
				}

				throw error;
			}
		},
		write: async value => inTurn(async () => write(value)),
		change: async update => inTurn(async () => {
			const value = await update(await read());
			await write(value);
			return value;
		}),
	};
};

/**
The file as a place.
*/
export const filePlace = (file: string, {makesFolder = false, fs, now = () => new Date()}: {makesFolder?: boolean; fs: FileSystem; now?: () => Date}): TextPlace => ({
	name: file,
	read: async () => guarded(file, 'read', async () => readText(file, fs)),
	async write(text) {
		if (makesFolder) {
			await makeOwnFolder(path.dirname(file), {fs, isOnlyOurs: false});
		}

		await durableWrite(file, [text], {fs, mode: 0o600});
	},
	setAside: async () => guarded(file, 'set aside', async () => setAside(file, {fs, now})),
});

const readText = async (file: string, fs: FileSystem): Promise<string | undefined> => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		const {size} = await handle.stat();
		return size > maxBytes ? '' : await handle.readFile('utf8');
	} finally {
		await handle.close();
	}
};
