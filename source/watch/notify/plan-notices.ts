import {Cron} from 'croner';
import * as z from 'zod';
import {quietUntil, type QuietHours} from '../schedule/quiet-hours.js';

/**
When changes are told: some time after the first of them, or at a time of the day.
*/
export type DigestSchedule = {
	rhythm: {everyMs: number} | {hour: number; minute: number};
	quietHours?: QuietHours | undefined;
	/**
	An IANA name; the time zone of this process when absent.
	*/
	timeZone?: string | undefined;
};

export const digestStateSchema = z.object({
	/**
	The revision of the catalogue up to which changes were told, or were made before anybody wanted to know. Absent before the first look.
	*/
	toldRevision: z.int().nonnegative().optional(),
	/**
	The last time that nothing was left to tell.
	*/
	toldAt: z.iso.datetime().optional(),
	/**
	When the first of the untold changes was seen.
	*/
	firstAt: z.iso.datetime().optional(),
});

export type DigestState = z.infer<typeof digestStateSchema>;

type Plan = {
	state: DigestState;
	/**
	It is time to tell what came after `state.toldRevision`.
	*/
	isDue: boolean;
	/**
	Absent if there is nothing to tell.
	*/
	dueAt?: Date;
};

/**
Decides when to tell the changes up to a revision of the catalogue.
*/
export const planNotices = (state: DigestState, revision: number, now: Date, schedule: DigestSchedule): Plan => {
	const {toldRevision = revision, firstAt} = state;
	// A lower revision than before means that somebody restored a backup.
	if (revision <= toldRevision) {
		return {state: toldUpTo(revision, now), isDue: false};
	}

	const first = firstAt === undefined ? now : notAfter(firstAt, now);
	const dueAt = noticeDueAt(first, now, schedule);
	return {
		state: {...state, toldRevision, firstAt: first.toISOString()},
		isDue: dueAt <= now,
		dueAt,
	};
};

/**
The clock may have been set back since an instant that was kept.
*/
const notAfter = (instant: string, now: Date): Date => Date.parse(instant) > now.getTime() ? now : new Date(instant);

/**
When to tell something, of which the first was seen at `first`; `now` if it is time.
*/
export const noticeDueAt = (first: Date, now: Date, schedule: DigestSchedule): Date => {
	const wanted = dueAfter(first > now ? now : first, schedule);
	const earliest = wanted > now ? wanted : now;
	return quietUntil(schedule.quietHours ?? [], earliest, schedule.timeZone) ?? earliest;
};

export const toldUpTo = (revision: number, now: Date): DigestState => ({toldRevision: revision, toldAt: now.toISOString()});

const dueAfter = (first: Date, {rhythm, timeZone}: DigestSchedule): Date => {
	if ('everyMs' in rhythm) {
		return new Date(first.getTime() + rhythm.everyMs);
	}

	const daily = new Cron(`${rhythm.minute} ${rhythm.hour} * * *`, {paused: true, ...(timeZone !== undefined && {timezone: timeZone})});
	return daily.nextRun(first)!;
};
