/**
Runs the app in real terminals, makes random steps, and compares what the terminal shows with a repaint: there must be no difference. `npm run check:terminals [-- NAME ...]`; with `--posters`, the steps go through the wall of posters as well. Absent programs are skipped and named.

The programs are installed by hand. On Debian: apt-get install tmux screen mosh xvfb xdotool imagemagick xterm rxvt-unicode stterm mlterm kitty alacritty konsole xfce4-terminal foot weston. tmux and screen are asked for their text, mosh is read by an emulator, and of the others, which run under Xvfb, pictures are compared.
*/
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {createScreenWorld} from '../test/helpers/screen-world.js';
import {cleanEnv, cliFile} from '../test/helpers/terminal.js';
import {
	openTerminal,
	terminals,
	whyAbsent,
	type OpenTerminal,
} from './real-terminals/terminals.js';

const {values: {steps: stepsText, posters: hasPosters}, positionals: wanted} = parseArgs({allowPositionals: true, options: {steps: {type: 'string', default: '300'}, posters: {type: 'boolean', default: false}}});
const steps = Number(stepsText);
const compareEvery = 15;

// Nothing here quits, imports or changes what is stored.
const keys = ['j', 'j', 'j', 'k', '5j', '3k', '\u{4}', '\u{15}', 'G', 'gg', 'l', 'l', 'h', 'p', 'J', 'K', 'S', '?', 's', 't', 'C', 'H', 'M', 'l', 'h', ...hasPosters ? ['v', 'v', 'v', 'l', 'j'] : []];

const createDice = (seed: number) => {
	let state = seed;
	return (below: number) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
};

/**
What the terminal shows once it has not changed for a second.
*/
const settled = async ({look}: OpenTerminal): Promise<string> => {
	let before: string | undefined;
	let same = 0;
	for (let turn = 0; turn < 100; turn++) {
		await sleep(350);
		const now = await look();
		same = now === before ? same + 1 : 0;
		before = now;
		if (same === 3) {
			return now;
		}
	}

	throw new Error('The screen does not come to rest.');
};

const differences = async (terminal: OpenTerminal): Promise<number[]> => {
	const roll = createDice(20_261_128);
	const differing: number[] = [];
	await settled(terminal);
	for (let step = 1; step <= steps; step++) {
		await terminal.type(keys[roll(keys.length)]!);
		await sleep(20);
		if (step % compareEvery > 0 && step < steps) {
			continue;
		}

		await settled(terminal);
		// A key takes messages away, as that of the repaint would.
		await terminal.type('j');
		const shown = await settled(terminal);
		await terminal.type('\u{C}');
		if (!terminal.isSame(await settled(terminal), shown)) {
			differing.push(step);
		}
	}

	return differing;
};

const world = await createScreenWorld();
let areAllSame = true;
try {
	const chosen = terminals.filter(({name}) => wanted.length === 0 || wanted.includes(name));
	for (const kind of chosen) {
		const reason = await whyAbsent(kind);
		if (reason !== undefined) {
			console.log(`${kind.name}: skipped, ${reason}`);
			continue;
		}

		const {home, env, remove} = await world.enter('full');
		let terminal: OpenTerminal | undefined;
		try {
			terminal = await openTerminal(kind, [process.execPath, cliFile], {env: cleanEnv(home, env), home});
			const differing = await differences(terminal);
			areAllSame &&= differing.length === 0;
			console.log(`${kind.name}: ${differing.length === 0 ? 'no difference' : `differs after step ${differing.join(', ')}`}; ${steps} steps, ${Math.ceil(steps / compareEvery)} comparisons`);
		} catch (error) {
			areAllSame = false;
			console.log(`${kind.name}: failed, ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			await terminal?.close();
			await remove();
		}
	}
} finally {
	await world.close();
}

process.exitCode = areAllSame ? 0 : 1;
