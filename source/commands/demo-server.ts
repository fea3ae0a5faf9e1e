import {once} from 'node:events';
import {defined} from '../catalog/values.js';
import {print, type Command} from './command.js';

export const demoServerCommand: Command = {
	name: 'demo-server',
	summary: 'Run the demo Plex server in the foreground',
	details: ['Prints its address and token, and runs until Ctrl-C. It listens on this machine only.'],
	examples: [
		['reelcat demo-server --port 32499', 'On a port that you know'],
		['reelcat demo-server --movies 50000 --latency 200', 'A large and slow one'],
	],
	flags: {
		port: {
			type: 'number', value: 'N', max: 65_535, help: 'Port (default: a free one)',
		},
		movies: {type: 'number', value: 'N', help: 'How many movies (default 200)'},
		shows: {type: 'number', value: 'N', help: 'How many shows (default 20)'},
		latency: {type: 'number', value: 'MS', help: 'Milliseconds before each answer (default 0)'},
	},
	async run(context) {
		const {flags, io, signal} = context;
		const {startDemoServer} = await import('../demo/server.js');
		const server = await startDemoServer({
			...defined({
				port: flags.number('port'), movies: flags.number('movies'), shows: flags.number('shows'), latencyMs: flags.number('latency'),
			}),
			// Other programs may look at it, and some of them ask for lists as they were asked for in the past.
			requiresSize: false,
		});
		const {url, token} = server;
		await print(context, {url, token}, `PLEX_URL=${url}\nPLEX_TOKEN=${token}\n`);
		io.say('The demo server runs until Ctrl-C.');
		if (!signal.aborted) {
			await once(signal, 'abort');
		}

		await server.close();
		return 0;
	},
};
