import {once} from 'node:events';
import {jsonLine} from '../base/text/json.js';
import type {Command} from './command.js';

export const demoServerCommand: Command = {
	name: 'demo-server',
	summary: 'Run the demo Plex server in the foreground',
	details: ['Prints its address and token, and runs until Ctrl-C. It listens on this machine only.'],
	flags: {
		port: {type: 'number', value: 'N', help: 'Port (default: a free one)'},
		movies: {type: 'number', value: 'N', help: 'How many movies (default 200)'},
		shows: {type: 'number', value: 'N', help: 'How many shows (default 20)'},
		latency: {type: 'number', value: 'MS', help: 'Milliseconds before each answer (default 0)'},
	},
	async run({flags, io, signal}) {
		const number = (flag: string, option: string) => {
			const value = flags.number(flag);
			return value === undefined ? {} : {[option]: value};
		};

		const {startDemoServer} = await import('../demo/server.js');
		const server = await startDemoServer({
			...number('port', 'port'),
			...number('movies', 'movies'),
			...number('shows', 'shows'),
			...number('latency', 'latencyMs'),
		});
		await io.out(flags.boolean('json') === true
			? jsonLine({schema: 1, url: server.url, token: server.token})
			: `PLEX_URL=${server.url}\nPLEX_TOKEN=${server.token}\n`);
		io.say('The demo server runs until Ctrl-C.');
		if (!signal.aborted) {
			await once(signal, 'abort');
		}

		await server.close();
		return 0;
	},
};
