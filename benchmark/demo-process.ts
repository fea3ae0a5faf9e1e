import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/**
The demo server runs in its own process, so that its work is not counted as ours.
*/
export const startDemo = async (args: readonly string[]) => {
	const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
	const child = spawn(process.execPath, [cli, 'demo-server', '--json', ...args], {stdio: ['ignore', 'pipe', 'ignore']});
	process.once('exit', () => {
		child.kill();
	});
	const [line] = await once(child.stdout, 'data') as [Uint8Array];
	const {url, token} = JSON.parse(new TextDecoder().decode(line)) as {url: string; token: string};
	return {
		url,
		token,
		stop() {
			child.kill();
		},
	};
};
