import type {LibraryName} from '../types.js';
import {type QuietHours, quietUntil} from './quiet-hours.js';
import {nextAfter, type Rhythm} from './rhythm.js';

export type ScheduledLibrary = LibraryName & {
	/**
	When it was last looked at as a whole, or tried; a full run counts for both.
	*/
	lastIncrementalAt?: Date | undefined;
	lastFullAt?: Date | undefined;
	rhythm: Rhythm;
	/**
	Never in full when absent.
	*/
	fullRhythm?: Rhythm | undefined;
	isPaused: boolean;
};

type ScheduledMode = 'incremental' | 'full';

type RunPlanOptions = {
	libraries: readonly ScheduledLibrary[];
	now: Date;
	quiet?: QuietHours | undefined;
	/**
	IANA name; that of this process when absent.
	*/
	timeZone?: string | undefined;
};

type RunPlan = {
	/**
	To begin now, in the order of the libraries.
	*/
	due: Array<{library: LibraryName; mode: ScheduledMode}>;
	/**
	What comes after that, by library id. Paused ones are not in it.
	*/
	next: Map<string, {at: Date; mode: ScheduledMode}>;
	/**
	When to ask again. A minute from now at the latest: while a machine sleeps its timers stand still, and somebody may set its clock.
	*/
	wakeAt: Date;
};

const longestWaitMs = 60_000;

/**
What the schedule wants now. Who asks again before the last run of a library is known gets it again: the queue makes one job of both.
*/
export const dueRuns = ({libraries, now, quiet = [], timeZone}: RunPlanOptions): RunPlan => {
	const plan: RunPlan = {due: [], next: new Map(), wakeAt: new Date(now.getTime() + longestWaitMs)};
	for (const library of libraries) {
		if (library.isPaused) {
			continue;
		}

		let next = nextRun(library, {now, quiet, timeZone});
		// In quiet hours it is at their end.
		if (next.at <= now) {
			const {id, title} = library;
			plan.due.push({library: {id, title}, mode: next.mode});
			next = nextRun(asRun(library, next.mode, now), {now, quiet, timeZone});
		}

		plan.next.set(library.id, next);
		plan.wakeAt = earlier(plan.wakeAt, next.at);
	}

	return plan;
};

/**
A full run takes the place of an incremental one at the same time, so that what the quiet hours held back is done once.
*/
const nextRun = (library: ScheduledLibrary, {now, quiet, timeZone}: {now: Date; quiet: QuietHours; timeZone: string | undefined}): {at: Date; mode: ScheduledMode} => {
	const {rhythm, fullRhythm, lastFullAt} = library;
	const whenQuietEnds = (at: Date) => quietUntil(quiet, at, timeZone) ?? at;
	const incrementalAt = whenQuietEnds(nextAfter(rhythm, {lastRunAt: lastLook(library, now), now, timeZone}));
	const fullAt = fullRhythm && whenQuietEnds(nextAfter(fullRhythm, {lastRunAt: lastFullAt, now, timeZone}));
	return fullAt !== undefined && fullAt <= incrementalAt ? {at: fullAt, mode: 'full'} : {at: incrementalAt, mode: 'incremental'};
};

/**
The latest that is not still to come.
*/
const lastLook = ({lastIncrementalAt, lastFullAt}: ScheduledLibrary, now: Date): Date | undefined => [lastIncrementalAt, lastFullAt]
	.filter(at => at !== undefined && at <= now)
	.toSorted((left, right) => left!.getTime() - right!.getTime())
	.at(-1);

const asRun = (library: ScheduledLibrary, mode: ScheduledMode, now: Date): ScheduledLibrary => ({
	...library,
	lastIncrementalAt: now,
	...(mode === 'full' && {lastFullAt: now}),
});

const earlier = (left: Date, right: Date) => left < right ? left : right;
