import {AppError} from '../base/errors.js';
import type {PlexClient} from '../plex/types.js';

/**
What a run may take altogether. It grows with the rows that come, so that no library is too large, and a server that keeps a run busy without bringing anything is left.
*/
export type RunBudget = {
	baseMs: number;
	msPerRow: number;
	baseBytes: number;
	bytesPerRow: number;
};

/**
A slow server needs 5 s for the details of 100 items, and an item with its listing is about 10 kB, so each row may cost ten times as much as it should.
*/
const defaultRunBudget: RunBudget = {
	baseMs: 3_600_000, msPerRow: 500, baseBytes: 1_073_741_824, bytesPerRow: 100_000,
};

/**
Longer than a request with all its retries. A computer that slept in between has not used up its time.
*/
const longestStepMs = 900_000;

type BudgetOptions = {budget?: RunBudget | undefined; monotonicMs: () => number};

/**
The same client, whose requests end with an `AppError` once the run has taken more than it may.
*/
export const withRunBudget = (plex: PlexClient, {budget = defaultRunBudget, monotonicMs}: BudgetOptions): PlexClient => {
	const bytesBefore = plex.usage().bytes;
	let seenMs = monotonicMs();
	let spentMs = 0;
	let rows = 0;

	const spend = () => {
		const nowMs = monotonicMs();
		spentMs += Math.min(nowMs - seenMs, longestStepMs);
		seenMs = nowMs;
		if (spentMs > budget.baseMs + (rows * budget.msPerRow)) {
			throw overBudget(`took ${Math.round(spentMs / 60_000)} minutes for ${rows} rows`);
		}

		const bytes = plex.usage().bytes - bytesBefore;
		if (bytes > budget.baseBytes + (rows * budget.bytesPerRow)) {
			throw overBudget(`sent ${Math.round(bytes / 1_048_576)} MiB for ${rows} rows`);
		}
	};

	return {
		...plex,
		async sections(options) {
			spend();
			return plex.sections(options);
		},
		async page(request) {
			spend();
			const page = await plex.page(request);
			rows += page.rows.length;
			return page;
		},
		async list(request) {
			spend();
			const page = await plex.list(request);
			rows += page.rows.length;
			return page;
		},
		async details(ratingKeys, options) {
			spend();
			const found = await plex.details(ratingKeys, options);
			rows += found.length;
			return found;
		},
		async children(ratingKey, options) {
			spend();
			const found = await plex.children(ratingKey, options);
			rows += found.length;
			return found;
		},
	};
};

const overBudget = (what: string) => new AppError('over-budget', `The server ${what}, so the run was ended. What was stored before stays.`, {
	hint: 'The server or the way to it may be ill: look at its load and its log, then run this again. It goes on where it ended.',
});
