import type {Clock} from '../base/clock.js';
import type {BackupFacts} from './alerts/alert-facts.js';
import type {BackupCare} from './daemon-options.js';

/**
A check reads a whole backup, so there is this much time between two of them, and before the first.
*/
const pauseMs = 3_600_000;

const roundMs = 7 * 86_400_000;

/**
Checks every backup once a week, one at a time, and a new one within hours.
*/
export const createBackupRounds = ({files, check}: BackupCare, clock: Clock) => {
	const checked = new Map<string, {atMs: number; problems: readonly string[]}>();
	let lookedAtMs = clock.monotonicMs();
	let isChecking = false;
	let known: BackupFacts[] | undefined;

	return {
		isDue: () => !isChecking && clock.monotonicMs() - lookedAtMs >= pauseMs,
		/**
		@returns whether a backup was checked
		@throws {AppError} if the disk fails
		*/
		async checkNext(): Promise<boolean> {
			isChecking = true;
			lookedAtMs = clock.monotonicMs();
			try {
				const there = await files();
				const dueAtMs = (file: string) => (checked.get(file)?.atMs ?? -roundMs) + roundMs;
				const [next] = there.filter(file => dueAtMs(file) <= lookedAtMs).toSorted((left, right) => dueAtMs(left) - dueAtMs(right));
				if (next !== undefined) {
					checked.set(next, {atMs: lookedAtMs, problems: await check(next)});
				}

				for (const file of checked.keys()) {
					if (!there.includes(file)) {
						checked.delete(file);
					}
				}

				known = there.map(file => ({file, problems: checked.get(file)?.problems}));
				return next !== undefined;
			} finally {
				isChecking = false;
			}
		},
		/**
		Undefined until the first look.
		*/
		facts: () => known,
	};
};
