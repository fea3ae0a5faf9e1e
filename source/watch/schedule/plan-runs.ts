import type {LibraryName} from '../types.js';
import {libraryNameOf} from '../watched.js';
import {type QuietHours, quietUntil} from './quiet-hours.js';
import {nextAfter, type Rhythm} from './rhythm.js';

export type ScheduledLibrary = LibraryName & {
	/**
	The last run over the whole library, or the last attempt. A full run counts for both.
	*/
	lastIncrementalAt?: Date | undefined;
	lastFullAt?: Date | undefined;
	rhythm: Rhythm;
	fullRhythm?: Rhythm | undefined;
	isPaused: boolean;
};

type Run = {at: Date; mode: 'incremental' | 'full'};

type RunPlanOptions = {
	libraries: readonly ScheduledLibrary[];
	now: Date;
	quiet?: QuietHours | undefined;
	/**
	An IANA name; the time zone of this process when absent.
	*/
	timeZone?: string | undefined;
};

type RunPlan = {
	due: Array<{library: LibraryName; mode: Run['mode']}>;
	/**
	The following run of each library that is not paused, by library id.
	*/
	next: Map<string, Run>;
	/**
	When to plan again. It is at most a minute away, because timers stand still while a machine sleeps, and clocks may be set.
	*/
	wakeAt: Date;
};

/**
Returns the runs that are due now. It returns a run again until that run is in `lastIncrementalAt` or `lastFullAt`; the queue merges the two into one job.
*/
export const dueRuns = ({libraries, now, quiet = [], timeZone}: RunPlanOptions): RunPlan => {
	const plan: RunPlan = {due: [], next: new Map(), wakeAt: new Date(now.getTime() + 60_000)};
	for (const library of libraries) {
		if (library.isPaused) {
			continue;
		}

		let next = nextRun(library, {now, quiet, timeZone});
		// `nextRun` never returns a time in the quiet hours.
		if (next.at <= now) {
			plan.due.push({library: libraryNameOf(library), mode: next.mode});
			next = nextRun({...library, lastIncrementalAt: now, ...next.mode === 'full' && {lastFullAt: now}}, {now, quiet, timeZone});
		}

		plan.next.set(library.id, next);
		if (next.at < plan.wakeAt) {
			plan.wakeAt = next.at;
		}
	}

	return plan;
};

/**
A full run replaces an incremental one that is due at the same time, so that one run does all that the quiet hours held back.
*/
const nextRun = (library: ScheduledLibrary, {now, quiet, timeZone}: {now: Date; quiet: QuietHours; timeZone: string | undefined}): Run => {
	const {rhythm, fullRhythm, lastFullAt} = library;
	const whenQuietEnds = (at: Date) => quietUntil(quiet, at, timeZone) ?? at;
	const incrementalAt = whenQuietEnds(nextAfter(rhythm, {lastRunAt: lastLook(library, now), now, timeZone}));
	const fullAt = fullRhythm && whenQuietEnds(nextAfter(fullRhythm, {lastRunAt: lastFullAt, now, timeZone}));
	return fullAt !== undefined && fullAt <= incrementalAt ? {at: fullAt, mode: 'full'} : {at: incrementalAt, mode: 'incremental'};
};

/**
Returns the later of the two instants, without those in the future.
*/
const lastLook = ({lastIncrementalAt, lastFullAt}: ScheduledLibrary, now: Date): Date | undefined => [lastIncrementalAt, lastFullAt]
	.filter(at => at !== undefined && at <= now)
	.toSorted((left, right) => left!.getTime() - right!.getTime())
	.at(-1);

