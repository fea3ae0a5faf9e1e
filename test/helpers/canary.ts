import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {subscribe} from 'node:diagnostics_channel';
import {readFile, readdir} from 'node:fs/promises';
import type {IncomingMessage} from 'node:http';
import path from 'node:path';

/**
A token that occurs in no other text, and that looks different in a URL, in base64 and in hex.
*/
export const createCanary = (): string => `canary/${randomBytes(12).toString('hex')}+${randomBytes(4).toString('hex')}=`;

/**
Lines may break anywhere; a piece of this length is proof enough.
*/
const pieceLength = 12;

/**
The forms in which a secret may appear, with their names.
*/
export const formsOf = (secret: string): Array<readonly [name: string, text: string]> => {
	const bytes = Buffer.from(secret);
	const percent = encodeURIComponent(secret);
	// In a longer text that was encoded as a whole, only the middle of the secret is always the same, and it depends on the offset.
	const base64 = [0, 1, 2].map(shift => Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').slice(shift === 0 ? 0 : shift + 1, Math.floor((shift + bytes.length) * 8 / 6)));
	return [
		...Array.from({length: secret.length - pieceLength + 1}, (_, start) => ['plain', secret.slice(start, start + pieceLength)] as const),
		['percent', percent],
		['percent', percent.replaceAll(/%../gv, code => code.toLowerCase())],
		...base64.map(text => ['base64', text] as const),
		...base64.map(text => ['base64', text.replaceAll('+', '-').replaceAll('/', '_')] as const),
		['hex', bytes.toString('hex')],
		['hex', bytes.toString('hex').toUpperCase()],
	];
};

/**
The names of the forms in which the content holds a secret.
*/
export const formsIn = (content: string | Uint8Array, secret: string): string[] => {
	const bytes = Buffer.from(content);
	return [...new Set(formsOf(secret).filter(([, text]) => bytes.includes(text)).map(([name]) => name))];
};

/**
The files below a folder that hold a secret, in their content or their name.
*/
export const filesWith = async (folder: string, secret: string): Promise<string[]> => {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const files = await Promise.all(entries.map(async entry => {
		const file = path.join(entry.parentPath, entry.name);
		const content = entry.isFile() ? await readFile(file) : '';
		return formsIn(content, secret).length > 0 || formsIn(entry.name, secret).length > 0 ? [path.relative(folder, file)] : [];
	}));
	return files.flat().toSorted();
};

/**
The arguments of a process and of all its descendants, as everybody on the machine can read them.
*/
export const argumentsOf = async (pid: number | string): Promise<string[]> => {
	const own = await readFile(`/proc/${pid}/cmdline`, 'utf8');
	const tasks = await readdir(`/proc/${pid}/task`);
	const children = await Promise.all(tasks.map(async task => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')));
	const below = await Promise.all(children.flatMap(list => list.split(' ')).filter(child => child.trim() !== '').map(async child => argumentsOf(child.trim())));
	return [own, ...below.flat()];
};

export type SeenRequest = {port: number; url: string; headers: ReadonlyArray<readonly [name: string, value: string]>};

/**
Records every request that a server of this process receives from now on, as it is on the wire, because the log of the demo server leaves tokens out.
*/
export const recordRequests = () => {
	const seen: SeenRequest[] = [];
	subscribe('http.server.request.start', message => {
		const {request} = message as {request: IncomingMessage};
		const {rawHeaders} = request;
		seen.push({
			port: request.socket.localPort!,
			url: request.url!,
			headers: rawHeaders.flatMap((name, index) => index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]!] as const] : []),
		});
	});
	return {
		to: (url: string): SeenRequest[] => seen.filter(({port}) => port === Number(new URL(url).port)),
	};
};
