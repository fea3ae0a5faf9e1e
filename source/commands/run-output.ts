import {sizeOf} from '../base/terminal-size.js';
import {progressBars} from '../reports/results/progress-bars.js';
import {createTextProgress} from '../reports/results/text-progress.js';
import {initialProgress, reduceProgress} from '../sync/progress.js';
import type {SyncEvent} from '../sync/events.js';
import type {TextTone} from '../base/text/style.js';
import type {CommandIo} from './command.js';
import {createLiveLines} from './live-lines.js';

type RunOutput = {
	/**
	The `io` of the run: what is said with it appears above the bars.
	*/
	io: CommandIo;
	onEvent: (event: SyncEvent) => void;
	/**
	Prints what is for stdout and was not printed on the way. The bars are gone by then.
	*/
	end: () => Promise<void>;
};

const tones: Readonly<Partial<Record<SyncEvent['type'], TextTone>>> = {
	problem: 'bad', 'request-retried': 'warn', 'removals-held': 'warn', 'pace-changed': 'dim', 'run-started': 'dim',
};

const shortestGapMs = 100;

/**
Tells the course of an import or sync: on a terminal with bars, elsewhere with lines on stderr. `dataLines` picks what is for stdout, and returns undefined for an event whose lines (`told`) belong to stderr. Where stdout is a terminal with bars, it appears at once (`isAtOnce`), and otherwise at the end.
*/
export const createRunOutput = (io: CommandIo, dataLines: (event: SyncEvent, told: string[], isAtOnce: boolean) => string[] | undefined): RunOutput => {
	const {
		stderr, stdout, env, isScreenReader,
	} = io;
	const hasBars = stderr.isTTY && env['TERM'] !== 'dumb' && env['TERM'] !== undefined && !isScreenReader;
	const isAtOnce = hasBars && stdout.isTTY;
	const tell = createTextProgress({hasBars});
	const live = createLiveLines(stderr);
	const data: string[] = [];
	let progress = initialProgress;
	let drawnAtMs = -Infinity;
	let timer: NodeJS.Timeout | undefined;

	const draw = () => {
		clearTimeout(timer);
		timer = undefined;
		drawnAtMs = performance.now();
		live.show(progressBars(progress, {
			...sizeOf(stderr), isAscii: io.isAscii, paint: io.paintMessages,
		}));
	};

	// The shell has written to the terminal while we were stopped.
	const comeBack = () => {
		live.leave();
		draw();
	};

	let undo: (() => void) | undefined;
	const begin = () => {
		stderr.on('resize', draw);
		const forget = io.onContinue(comeBack);
		undo = () => {
			stderr.off('resize', draw);
			forget();
		};
	};

	const drawSoon = () => {
		const waitMs = drawnAtMs + shortestGapMs - performance.now();
		if (!progress.isRunning || waitMs <= 0) {
			draw();
		} else {
			timer ??= setTimeout(draw, waitMs).unref();
		}
	};

	const say: CommandIo['say'] = (line, tone) => {
		live.above(() => {
			io.say(line, tone);
		});
	};

	return {
		io: hasBars ? {...io, say} : io,
		onEvent(event) {
			const nowMs = performance.now();
			const told = tell(event, nowMs);
			const lines = dataLines(event, told, isAtOnce);
			if (lines === undefined) {
				for (const line of told) {
					say(line, tones[event.type]);
				}
			} else if (isAtOnce && lines.length > 0) {
				live.above(() => {
					io.log(lines.map(line => `${line}\n`).join(''));
				});
			} else {
				data.push(...lines);
			}

			if (!hasBars) {
				return;
			}

			if (event.type === 'run-started') {
				begin();
			}

			progress = reduceProgress(progress, {event, nowMs});
			drawSoon();
			if (event.type === 'run-finished') {
				undo?.();
			}
		},
		async end() {
			await io.out(data.map(line => `${line}\n`).join(''));
		},
	};
};
