import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ChildProcess} from 'node:child_process';
import type {ExecutionContext} from 'ava';
import {isAppError} from '../../source/base/errors.js';
import {startDemoPlexTv} from '../../source/demo/plex-tv/server.js';
import type {DemoPlexTvOptions, DemoResource} from '../../source/demo/plex-tv/options.js';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import {runHere} from './run-here.js';
import type {RunOptions} from './run-reelcat.js';

const mostTries = 100;

/**
A small demo server in this process, which ends with the test. A port that another server had may be taken by a connection of another test for a while.
*/
export const startServer = async (t: ExecutionContext, options: DemoServerOptions = {}): Promise<DemoServer> => {
	for (let tries = 1; ; tries++) {
		try {
			const server = await startDemoServer({movies: 0, shows: 0, ...options});
			t.teardown(server.close);
			return server;
		} catch (error) {
			if (tries === mostTries || options.port === undefined || !isAppError(error, 'unreachable')) {
				throw error;
			}
		}

		await sleep(100);
	}
};

/**
The server as plex.tv lists it, in this network and with the token that it accepts.
*/
export const resourceOf = ({url, token, machineIdentifier}: DemoServer, changes: Partial<DemoResource> = {}): DemoResource => ({
	name: 'Demo Theatre',
	machineIdentifier,
	accessToken: token,
	connections: [{uri: url, isLocal: true}],
	...changes,
});

/**
A plex.tv that approves every code at once unless told otherwise, and a reelcat whose home knows it.
*/
export const startAccount = async (t: ExecutionContext, home: string, options: DemoPlexTvOptions) => {
	const plexTv = await startDemoPlexTv({approveAfterMs: 0, ...options});
	t.teardown(plexTv.close);
	const env = {REELCAT_PLEXTV_URL: plexTv.url};
	const run = async (args: readonly string[], more: RunOptions['env'] = {}) => runHere(home, args, {env: {...env, ...more}});
	return {
		plexTv, env, run,
		async login() {
			const finished = await run(['login']);
			t.is(finished.exitCode, 0, finished.stderr);
			return finished;
		},
	};
};

export const credentialsFile = (home: string) => path.join(home, '.local', 'share', 'reelcat', 'credentials.json');

export type StoredCredentials = {
	version: number;
	account?: {uuid: string; title: string; token: string};
	servers: Array<{id: string; url: string; token?: string; others?: string[]}>;
};

export const readCredentials = async (home: string) => JSON.parse(await readFile(credentialsFile(home), 'utf8')) as StoredCredentials;

/**
The first match in what a process writes to stderr.
*/
export const saidBy = async ({stderr}: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> => new Promise((resolve, reject) => {
	let said = '';
	const decoder = new TextDecoder();
	stderr!.on('data', (data: Uint8Array) => {
		said += decoder.decode(data, {stream: true});
		const match = pattern.exec(said);
		if (match !== null) {
			resolve(match);
		}
	});
	stderr!.once('end', () => {
		reject(new Error(`It ended without ${String(pattern)}: ${said}`));
	});
});
