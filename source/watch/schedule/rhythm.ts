import {Cron} from 'croner';
import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {durationForms, durationText, parseDuration} from './duration.js';

/**
How often something is done: a fixed time after the last run, or at times of the wall clock.
*/
export type Rhythm =
	| {kind: 'every'; everyMs: number}
	/**
	`expression` has five fields or is a nickname such as `@daily`. The caller's time zone counts when there is none here.
	*/
	| {kind: 'cron'; expression: string; timeZone?: string | undefined};

const shortestMs = 30_000;
const forms = `${durationForms}, or a cron expression of five fields such as "0 3 * * SUN"`;

/**
@throws AppError 'usage' for what is neither a duration nor a cron expression, and for one that never comes

@example
```
parseRhythm('15m', '--interval'); //=> {kind: 'every', everyMs: 900_000}
parseRhythm('0 3 * * SUN', '--full-every'); //=> {kind: 'cron', expression: '0 3 * * SUN'}
```
*/
export const parseRhythm = (text: string, optionName: string): Rhythm => {
	const trimmed = text.trim();
	if (!/[\s@]/v.test(trimmed)) {
		return {kind: 'every', everyMs: parseDuration(trimmed, optionName, {minMs: shortestMs, forms})};
	}

	const expression = trimmed.replaceAll(/\s+/gv, ' ');
	const fault = cronFault(expression);
	if (fault !== undefined) {
		throw new AppError('usage', `${optionName} does not understand "${clean(text)}": ${fault}`, {
			hint: `It takes ${forms}.`,
		});
	}

	return {kind: 'cron', expression};
};

/**
Writes a rhythm as a person would. `parseRhythm` reads it back.
*/
export const rhythmText = (rhythm: Rhythm): string => rhythm.kind === 'every' ? durationText(rhythm.everyMs) : rhythm.expression;

/**
Returns when the next run is due, never before `now`, however many runs were missed. Without a last run, or with one in the future (the clock was set back), the run is due now.

A time of day that daylight saving skips comes at the end of the gap. A time of day that comes twice counts once. With `*` or a step in its minutes or hours, an expression is no time of day, and goes on at its pace. `timeZone` is an IANA name; the time zone of this process when absent.
*/
export const nextAfter = (rhythm: Rhythm, {lastRunAt, now, timeZone}: {lastRunAt?: Date | undefined; now: Date; timeZone?: string | undefined}): Date => {
	const lastMs = lastRunAt?.getTime() ?? NaN;
	// The comparison also fails for NaN.
	if (!(lastMs <= now.getTime())) {
		return now;
	}

	const dueMs = rhythm.kind === 'every'
		? lastMs + rhythm.everyMs
		: cronOf(rhythm.expression, rhythm.timeZone ?? timeZone).nextRun(new Date(lastMs))?.getTime() ?? Infinity;
	return dueMs === Infinity ? lastDay : new Date(Math.max(dueMs, now.getTime()));
};

const lastDay = new Date('9999-12-31T00:00:00Z');

const cronOf = (expression: string, timeZone?: string) => new Cron(expression, {
	mode: '5-part',
	// As cron takes them: croner otherwise leaves out what a list of hours has in the gap of spring, and does it twice in autumn.
	fixedTimeRule: 'no-wildcard',
	paused: true,
	...(timeZone !== undefined && {timezone: timeZone}),
});

const cronFault = (expression: string): string | undefined => {
	// croner replaces ? with the current time, so each restart would move it.
	if (expression.includes('?')) {
		return 'write * in place of ?.';
	}

	try {
		return cronOf(expression, 'UTC').nextRun(new Date('2000-01-01T00:00:00Z')) === null ? 'this day never comes.' : undefined;
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) {
			return faultText(expression, error);
		}

		throw error;
	}
};

const faultText = (expression: string, {message}: Error) => {
	const fields = expression.split(' ').length;
	return fields === 5 || expression.startsWith('@')
		? `${clean(message).replace(/^\w+:\s*/v, '').replace(/\.?$/v, '')}.`
		: `a cron expression has 5 fields, this one has ${fields}.`;
};
