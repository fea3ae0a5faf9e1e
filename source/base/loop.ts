/**
Turns run one at a time. A kick asks for a turn, and a kick that comes during a turn is answered by another turn after it.
*/
type Loop = {
	/**
	Asks for a turn. If none is under way, it begins at once.
	*/
	kick: () => void;
	/**
	Kicks, and resolves when the turn that answers this kick has ended.

	@throws What the turn throws, and `onError` is not told then; an error if the loop is stopped before
	*/
	turn: () => Promise<void>;
	// Resolves when no turn is under way and none is asked for.
	idle: () => Promise<void>;
	// Resolves when the turn under way has ended. No further turn begins.
	stop: () => Promise<void>;
};

/**
Ends the process with an error that nobody expects, as any bug does.
*/
const throwBug = (error: unknown): void => {
	queueMicrotask(() => {
		throw error;
	});
};

/**
@example
```
const loop = createLoop(async () => {
	for (const message of waiting.splice(0)) {
		await send(message);
	}
});
waiting.push(message);
loop.kick();
```
*/
export const createLoop = (takeTurn: () => Promise<void>, onError: (error: unknown) => void = throwBug): Loop => {
	let running: Promise<void> = Promise.resolve();
	let isRunning = false;
	let waiters: PromiseWithResolvers<void> | undefined;
	let isKicked = false;
	let isStopped = false;

	const run = async () => {
		isRunning = true;
		// eslint-disable-next-line no-unmodified-loop-condition -- a turn may be stopped while it is waited for
		while (isKicked && !isStopped) {
			const answered = waiters;
			waiters = undefined;
			isKicked = false;
			try {
				await takeTurn();
				answered?.resolve();
			} catch (error) {
				(answered?.reject ?? onError)(error);
			}
		}

		isRunning = false;
		waiters?.reject(new Error('The loop was stopped.'));
	};

	const kick = () => {
		isKicked = true;
		// A kick may come from within a turn, before `run` has returned.
		if (!isRunning && !isStopped) {
			running = run();
		}
	};

	return {
		kick,
		async turn() {
			waiters ??= Promise.withResolvers();
			const {promise} = waiters;
			kick();
			if (isStopped && !isRunning) {
				waiters.reject(new Error('The loop was stopped.'));
			}

			return promise;
		},
		async idle() {
			await running;
		},
		async stop() {
			isStopped = true;
			await running;
		},
	};
};
