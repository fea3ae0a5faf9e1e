import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {isStoreAddress} from '../../source/store/postgres/address.js';
import type {Item} from '../../source/catalog/types.js';
import {openPlace} from './open-place.js';

// The benchmarks run the source of the script, the tests run the compiled script.
const scriptOf = (name: string) => fileURLToPath(new URL(`${name}${path.extname(import.meta.url)}`, import.meta.url));

export type Writer = {
	child: ChildProcess;
	/**
	The last number that the writer began, and the last one that it said was durable.
	*/
	begun: () => number;
	done: () => number;
	mode: () => string;
	waitForDone: (number: number) => Promise<void>;
	kill: () => Promise<void>;
};

export type WriterOptions = {
	rewriteBytes?: number;
	pauseMs?: number;
	stderr?: 'inherit' | 'ignore';
	/**
	A script beside this one that prints the same words; not every script uses the store.
	*/
	name?: 'store-child' | 'bare-child';
};

/**
Starts a process that commits to the catalogue in `folder`, or in the database of that address, until it is killed.
*/
export const startWriter = (folder: string, {rewriteBytes = 20_000, pauseMs = 0, stderr = 'inherit', name = 'store-child'}: WriterOptions = {}): Writer => {
	const child = spawn(process.execPath, [...process.execArgv, scriptOf(name), folder, String(rewriteBytes), String(pauseMs)], {stdio: ['ignore', 'pipe', stderr]});
	let [begun, done, mode] = [0, 0, ''];
	const lines = createInterface({input: child.stdout});
	lines.on('line', line => {
		const [word, number] = line.split(' ', 2);
		if (word === 'begin') {
			begun = Number(number);
		} else if (word === 'done') {
			done = Number(number);
		} else {
			mode = line;
		}
	});
	const closed = once(lines, 'close');

	return {
		child,
		begun: () => begun,
		done: () => done,
		mode: () => mode,
		async waitForDone(number) {
			const isReached = () => done >= number || child.exitCode !== null;
			while (!isReached()) {
				await Promise.race([once(lines, 'line'), closed]);
			}
		},
		async kill() {
			child.kill('SIGKILL');
			await closed;
		},
	};
};

export type KillResult = {
	wasBusy: boolean;
	/**
	Empty when there is no problem.
	*/
	problems: string[];
	lastDone: number;
};

/**
Start a writer, kill it at a random instant, and open the catalogue that it left.
*/
export const killOnce = async (folder: string, before: number): Promise<KillResult> => {
	const writer = startWriter(folder);
	await writer.waitForDone(before + 1);
	await setTimeout(Math.random() * 40);
	await writer.kill();
	const problems = writer.done() > before ? [] : [`The writer ended before its first commit (code ${writer.child.exitCode}).`];
	const {problems: found, lastDone} = await examine(folder, writer);
	return {wasBusy: writer.begun() > writer.done(), problems: [...problems, ...found], lastDone};
};

/**
Open the catalogue that a writer left. It must be whole, hold every commit that was reported as durable, and hold nothing of a commit that never began.
*/
export const examine = async (folder: string, writer: Pick<Writer, 'begun' | 'done'>): Promise<Pick<KillResult, 'problems' | 'lastDone'>> => {
	const problems: string[] = [];
	const store = await openPlace(folder);
	await store.load();
	const {ok, problems: found} = await store.check();
	if (!ok) {
		problems.push(...found);
	}

	const person = await store.get('p1');
	const number = person?.kind === 'person' ? Number(person.name) : 0;
	if (number < writer.done() || number > writer.begun()) {
		problems.push(`Commit ${writer.done()} was acknowledged, ${writer.begun()} was begun, ${number} is there.`);
	}

	const items = await store.getMany(Array.from({length: 12}, (_, index) => `i${index}`));
	if (items.length !== 12 || items.some(record => (record as Item).title !== String(number))) {
		problems.push(`Records of several commits are mixed at ${number}.`);
	}

	if (store.mode !== 'writer' || store.notice !== undefined) {
		problems.push(`Opened as ${store.mode}: ${store.notice ?? ''}`);
	}

	const temps = (isStoreAddress(folder) ? [] : await readdir(folder)).filter(name => name.endsWith('.tmp'));
	problems.push(...temps.map(name => `Left over: ${name}`));
	await store.close();
	return {problems, lastDone: number};
};
