import {setTimeout as delay} from 'node:timers/promises';

// How often one who stands by looks whether it may write.
const freeMs = 1000;

/**
Resolves when this process seems to be free to write, or when the signal aborts.
*/
export const untilFree = async (isFree: () => Promise<boolean>, signal: AbortSignal): Promise<void> => {
	while (!signal.aborted) {
		await delay(freeMs, undefined, {signal}).catch(() => undefined);
		// Where the files or the database are away, nobody knows who writes.
		if (await isFree().catch(() => false)) {
			return;
		}
	}
};
