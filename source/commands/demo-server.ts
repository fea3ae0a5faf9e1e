import {once} from 'node:events';
import {defined} from '../catalog/values.js';
import {print, type CommandContext} from './command.js';

export const runDemoServerCommand = async (context: CommandContext): Promise<number> => {
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
};
