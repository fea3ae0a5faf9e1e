import {Cron} from 'croner';
import * as z from 'zod';
import {quietUntil, type QuietHours} from '../schedule/quiet-hours.js';

/**
When changes are told: so long after the first of them, or at a time of the day.
*/
export type DigestSchedule = {
	rhythm: {everyMs: number} | {hour: number; minute: number};
	quietHours?: QuietHours | undefined;
	/**
	IANA name; that of this process when absent.
	*/
	timeZone?: string | undefined;
};

export const digestStateSchema = z.object({
	/**
	Of the catalogue: what it holds up to here was told, or was there before anybody wanted to know. Absent before the first look.
	*/
	toldRevision: z.int().nonnegative().optional(),
	/**
	When nothing was left to tell, the last time that somebody looked.
	*/
	toldAt: z.iso.datetime().optional(),
	/**
	When the first change was seen that is not told.
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
	When it will be, while there is something to tell.
	*/
	dueAt?: Date;
};

/**
Whether the changes up to a revision of the catalogue are to be told now.
*/
export const planNotices = (state: DigestState, revision: number, now: Date, schedule: DigestSchedule): Plan => {
	const {toldRevision = revision, firstAt} = state;
	// An older catalogue than was told of: somebody has put a backup in its place.
	if (revision <= toldRevision) {
		return {state: {toldRevision: revision, toldAt: now.toISOString()}, isDue: false};
	}

	// The clock may have been put back since.
	const first = firstAt === undefined || Date.parse(firstAt) > now.getTime() ? now : new Date(firstAt);
	const wanted = dueAfter(first, schedule);
	const dueAt = notQuiet(wanted > now ? wanted : now, schedule);
	return {
		state: {...state, toldRevision, firstAt: first.toISOString()},
		isDue: dueAt <= now,
		dueAt,
	};
};

/**
All of it was told.
*/
export const toldUpTo = (revision: number, now: Date): DigestState => ({toldRevision: revision, toldAt: now.toISOString()});

const dueAfter = (first: Date, {rhythm, timeZone}: DigestSchedule): Date => {
	if ('everyMs' in rhythm) {
		return new Date(first.getTime() + rhythm.everyMs);
	}

	const daily = new Cron(`${rhythm.minute} ${rhythm.hour} * * *`, {paused: true, ...(timeZone !== undefined && {timezone: timeZone})});
	return daily.nextRun(first)!;
};

const notQuiet = (at: Date, {quietHours = [], timeZone}: DigestSchedule): Date => quietUntil(quietHours, at, timeZone) ?? at;
