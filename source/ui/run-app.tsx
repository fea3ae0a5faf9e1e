import {setImmediate} from 'node:timers/promises';
import {render, type Instance} from 'ink';
import {createObservable} from '../base/observable.js';
import {oneByOne} from '../base/one-by-one.js';
import {sizeOf} from '../base/terminal-size.js';
import {App, type AppProps} from './app.js';
import {createController} from './controller.js';
import {
	noDecoder,
	pictureMode,
	shouldAsk,
	type PictureMode,
} from './graphics/picture-kind.js';
import {picturesDecided} from './graphics/reduce.js';
import {pictureById} from './graphics/state.js';
import {
	canHaveKitty,
	kittyQuestion,
	questionsTo,
	readAnswers,
} from './graphics/terminal-answers.js';
import {initialState} from './initial-state.js';
import type {UiMessage} from './messages.js';
import {withoutMouse} from './input/mouse-input.js';
import {askingStdin, type AskingStdin} from './output/ask-terminal.js';
import {clipboardSequence, type ClipboardWay} from './output/clipboard.js';
import {leanStdout, type LeanOptions} from './output/lean-stdout.js';
import {createMouseMode} from './output/mouse-mode.js';
import {reduceUi} from './reducer.js';
import type {UiServices} from './services.js';
import {createTheme, type ThemeOptions} from './theme.js';
import type {UiState} from './ui-state.js';

export type AppOptions = ThemeOptions & LeanOptions & {
	stdin: NodeJS.ReadStream;
	stdout: NodeJS.WriteStream;
	stderr?: NodeJS.WriteStream;
	clipboard?: ClipboardWay;
	env?: NodeJS.ProcessEnv;
	isScreenReader: boolean;
	/**
	Over SSH: fewer frames, and nothing that moves by itself.
	*/
	isSlowLink: boolean;
	/**
	Stops this process, and resolves once it goes on. The terminal is released before and taken again after.
	*/
	suspend: () => void | Promise<void>;
	/**
	Reads the size of the terminal again. Node.js hears of a new size by a signal only, which may have been lost.
	*/
	readSize?: () => Promise<void>;
	/**
	Registers a function that releases the terminal, so that the report of a bug can be seen; text on the alternate screen is lost when it closes. Returns a function that unregisters it.
	*/
	onBug?: (restore: () => void) => () => void;
	/**
	Aborted when the process must end, as on SIGTERM. The terminal is then restored and `runApp` resolves with the exit code of the signal.
	*/
	signal?: AbortSignal;
	now?: () => Date;
	minuteMs?: number;
};

export type AppExit = {
	/**
	0 after q, 130 after Ctrl-C, or the number that `signal` was aborted with.
	*/
	exitCode: number;
};

/**
Runs the full-screen app until the user leaves it. An import that still runs has then been told to stop; the caller closes what the services hold.

The terminal is restored in every case.

@throws what a component, a service or a reducer threw that is not an `AppError`: a bug
*/
export const runApp = async (services: UiServices, options: AppOptions): Promise<AppExit> => {
	const {
		stdin, stdout, stderr, clipboard = 'none', isScreenReader, isSlowLink, signal, minuteMs, now = () => new Date(),
	} = options;
	const store = createStore(services, options);
	const ready = Promise.withResolvers<void>();
	const mouse = createMouseMode(stdout);
	let app: Parameters<AppProps['onReady']>[0] | undefined;
	let instance: Instance | undefined;
	const forgetBug = options.onBug?.(() => {
		instance?.unmount();
	});

	const quit = (exitCode: number) => {
		app?.exit({exitCode} satisfies AppExit);
	};

	const fail = (error: unknown) => {
		app?.exit(error instanceof Error ? error : new Error(String(error)));
	};

	const inOneRelease = oneRelease();
	const controller = createController({
		services,
		store,
		quit,
		fail,
		tabMs: isSlowLink ? 1000 : 400,
		suspend: inOneRelease(async () => {
			await mouse.lend(async () => {
				await app?.suspendTerminal(async () => {
					await options.suspend();
					// It goes on in the background only to end. The terminal is the shell's.
					await (signal?.aborted === true ? Promise.withResolvers<never>().promise : undefined);
				});
			});
			const {columns, rows} = sizeOf(stdout);
			controller.resize(columns, rows);
		}),
		repaint: inOneRelease(async () => {
			await options.readSize?.();
			// To release the terminal and take it again draws every line again, and sets all modes of a terminal that has forgotten them, or is another one, as behind dtach.
			await mouse.lend(async () => app?.suspendTerminal(() => undefined));
		}),
		copy(text) {
			if (clipboard !== 'none') {
				// It changes nothing on the screen, so it goes past the frames.
				stdout.write(clipboardSequence(text, clipboard));
			}

			return clipboard;
		},
	});

	const asking = askingStdin(stdin);
	const decidePictures = async () => {
		// Only then Ink reads the keyboard, and with it the answers.
		await ready.promise;
		await tellPictures(services.pictures, options, {
			ask: asking.ask,
			onNoKitty: () => lean?.doubt(),
			tell(mode) {
				controller.tell(picturesDecided(mode));
			},
		});
	};

	let askAgain: NodeJS.Timeout | undefined;
	const onResize = () => {
		const {columns, rows} = sizeOf(stdout);
		controller.resize(columns, rows);
		clearTimeout(askAgain);
		// Another font is another size of cells, and a sixel has a size in pixels.
		if (store.get().pictures.mode.kind === 'sixel') {
			askAgain = setTimeout(() => {
				void decidePictures();
			}, 300);
		}
	};

	const onAbort = () => {
		services.cancelImport();
		quit(typeof signal?.reason === 'number' ? signal.reason : 1);
	};

	// For a screen reader Ink writes lines, not frames.
	const lean = isScreenReader ? undefined : leanStdout(stdout, options, id => pictureById(store.get(), id));
	const themeOf: AppProps['themeOf'] = name => createTheme({...options, name});

	try {
		// Ink does this only after its first frame. Whoever types at once, perhaps a token, would see it echoed.
		stdin.setRawMode(true);
		// Ink listens later, so it hears of a new size when the layout for it is there, and paints nothing in the old one.
		stdout.on('resize', onResize);
		instance = render(
			<App
				store={store}
				index={services.index}
				themeOf={themeOf}
				isStill={isSlowLink}
				isScreenReader={isScreenReader}
				now={now}
				minuteMs={minuteMs}
				onKeys={controller.press}
				onPaste={controller.paste}
				takeMouse={mouse.take}
				onReady={readyApp => {
					app = readyApp;
					ready.resolve();
				}}
			/>,
			{
				stdin: isScreenReader ? stdin : withoutMouse(asking.stdin, controller.point),
				stdout: lean?.stdout ?? stdout,
				...stderr && {stderr},
				alternateScreen: !isScreenReader,
				interactive: true,
				isScreenReaderEnabled: isScreenReader,
				exitOnCtrlC: false,
				patchConsole: false,
				// The store already coalesces news. With fewer frames a second, Ink draws later after each change, and a key that comes soon after another one waits for that.
				maxFps: isSlowLink ? 10 : 1000,
			},
		);
		// The first frame shows what is known already; only then is anything read.
		await setImmediate();
		signal?.addEventListener('abort', onAbort, {once: true});
		if (signal?.aborted === true) {
			onAbort();
		} else {
			controller.start();
			void decidePictures();
		}

		const exit = await instance.waitUntilExit();
		return isExit(exit) ? exit : {exitCode: 0};
	} finally {
		forgetBug?.();
		lean?.stop();
		signal?.removeEventListener('abort', onAbort);
		stdout.off('resize', onResize);
		clearTimeout(askAgain);
		controller.stop();
		instance?.cleanup();
		stdin.setRawMode(false);
	}
};

/**
Ink takes it for a bug if the terminal is to be released again before it is back, so one release waits for the other. What is asked for again meanwhile is done once.
*/
const oneRelease = () => {
	const {inTurn} = oneByOne();
	return (release: () => Promise<void>) => {
		let isAsked = false;
		return async () => {
			if (isAsked) {
				return;
			}

			isAsked = true;
			try {
				await inTurn(release);
			} finally {
				isAsked = false;
			}
		};
	};
};

const createStore = (services: UiServices, {stdout, isSlowLink}: Pick<AppOptions, 'stdout' | 'isSlowLink'>) =>
	createObservable<UiState, UiMessage>(initialState(services, sizeOf(stdout)), reduceUi, {
		intervalMs: isSlowLink ? 100 : 33,
		// A frame costs as much as a batch of an import, and nobody reads more than seven a second.
		isNews: ({isNews}) => isNews === true,
		newsMs: isSlowLink ? 200 : 150,
	});

/**
Tells how pictures are shown on this terminal, which is asked where the setting leaves it open. A terminal that answers late, as one in a browser or on a busy machine, is told of once more.
*/
const tellPictures = async (pictures: UiServices['pictures'], options: AppOptions, {ask, onNoKitty, tell}: Pick<AskingStdin, 'ask'> & {onNoKitty: () => void; tell: (mode: PictureMode) => void}) => {
	const {env = {}, stdout} = options;
	const surroundings = {...options, env};
	const canDecode = pictures?.canDecode() === true;
	if (!canDecode || !shouldAsk(pictures.setting, surroundings)) {
		tell(canDecode ? pictureMode(pictures.setting, surroundings, undefined) : noDecoder);
		return;
	}

	const {setting} = pictures;
	const tellFrom = (answers: string) => {
		tell(pictureMode(setting, surroundings, readAnswers(answers, stdout)));
	};

	// Who set a kind may sit behind a long line.
	const timeoutMs = setting === 'auto' ? 100 : 2000;
	const askForKitty = async (known: string) => {
		const onLate = (late: string) => {
			tellFrom(known + late);
		};

		const isAsked = canHaveKitty(known);
		const answers = isAsked ? await ask(stdout, {questions: kittyQuestion, timeoutMs, onLate}) : '';
		// Terminology tells its version, and prints the question for kitty graphics.
		if (isAsked && !readAnswers(answers, stdout).hasKitty) {
			onNoKitty();
		}

		tellFrom(known + answers);
	};

	await askForKitty(await ask(stdout, {
		questions: questionsTo(env),
		timeoutMs,
		onLate(late) {
			void askForKitty(late);
		},
	}));
};

const isExit = (value: unknown): value is AppExit => typeof value === 'object' && value !== null && 'exitCode' in value;
