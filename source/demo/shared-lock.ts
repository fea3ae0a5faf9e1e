/**
One lock that all who need it take in turns, each for so short a time that they seem to share it.
*/
export type SharedLock = {
	/**
	Resolves when the lock was had for so long in all.

	@throws when the signal aborts
	*/
	use: (workMs: number, signal: AbortSignal) => Promise<void>;
};

type Turn = {leftMs: number; end: () => void};

const doneMs = 0.001;

export const createSharedLock = (now: () => number = () => performance.now()): SharedLock => {
	const turns = new Set<Turn>();
	let atMs = now();
	let timer: NodeJS.Timeout | undefined;

	const nextMs = () => Math.min(...[...turns].map(({leftMs}) => leftMs)) * turns.size;

	const give = (shareMs: number) => {
		for (const turn of turns) {
			turn.leftMs -= shareMs;
			if (!(turn.leftMs <= doneMs)) {
				continue;
			}

			turns.delete(turn);
			turn.end();
		}
	};

	/**
	Give each its share of the time that has passed; when one is done, the others' shares grow.
	*/
	const advance = () => {
		const nowMs = now();
		while (turns.size > 0 && atMs < nowMs) {
			const stepMs = Math.min(nowMs - atMs, nextMs());
			atMs += stepMs;
			give(stepMs / turns.size);
		}

		atMs = nowMs;
	};

	const arm = () => {
		clearTimeout(timer);
		timer = turns.size === 0
			? undefined
			: setTimeout(() => {
				advance();
				arm();
			}, Math.ceil(nextMs()));
	};

	return {
		async use(workMs, signal) {
			signal.throwIfAborted();
			if (workMs <= doneMs) {
				return;
			}

			advance();
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			const turn = {leftMs: workMs, end: resolve};
			const giveUp = () => {
				turns.delete(turn);
				arm();
				reject(signal.reason as Error);
			};

			turns.add(turn);
			signal.addEventListener('abort', giveUp);
			arm();
			try {
				await promise;
			} finally {
				signal.removeEventListener('abort', giveUp);
			}
		},
	};
};
