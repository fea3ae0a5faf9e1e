import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';

/**
Minutes since midnight on the wall clock, from `fromMinute` up to but without `toMinute`. A `toMinute` that is not after `fromMinute` is on the next day.
*/
type QuietSpan = {fromMinute: number; toMinute: number};

/**
Spans in the order of the day. They do not touch each other and never cover the whole day.
*/
export type QuietHours = readonly QuietSpan[];

const dayMinutes = 1440;
const form = /^(?<fromHour>[01]?\d|2[0-3]):(?<fromMinute>[0-5]\d)\s*-\s*(?<toHour>[01]?\d|2[0-3]|24(?=:00)):(?<toMinute>[0-5]\d)$/v;
const hint = 'It takes hours such as 18:00-23:30 or 22:00-06:00, several of them separated by commas.';

/**
@throws AppError 'usage'

@example
```
parseQuietHours('22:00-06:00', '--quiet-hours'); //=> [{fromMinute: 1320, toMinute: 360}]
```
*/
export const parseQuietHours = (text: string, optionName: string): QuietHours => {
	const minutes = Array.from({length: dayMinutes}, () => false);
	for (const part of text.split(',')) {
		const {fromMinute, toMinute} = parseSpan(part.trim(), optionName);
		for (let minute = fromMinute; minute !== toMinute; minute = (minute + 1) % dayMinutes) {
			minutes[minute] = true;
		}
	}

	if (minutes.every(Boolean)) {
		throw new AppError('usage', `${optionName} leaves no time of the day in which anything may run.`, {hint});
	}

	return spansOf(minutes);
};

/**
Writes quiet hours so that `parseQuietHours` reads them back.
*/
export const quietHoursText = (quiet: QuietHours): string => quiet
	.map(({fromMinute, toMinute}) => `${timeOfDay(fromMinute)}-${timeOfDay(toMinute)}`)
	.join(',');

/**
Returns the end of the quiet hours that `now` is in, or `undefined` outside of them. The wall clock decides: an hour that daylight saving skips shortens them, and an hour that comes twice is quiet twice.

`timeZone` is an IANA name; the time zone of this process when absent.
*/
export const quietUntil = (quiet: QuietHours, now: Date, timeZone?: string): Date | undefined => {
	let atMs = now.getTime();
	// Each step leads to the end of a span or to an earlier change of the clocks, so there are three or four.
	for (let step = 0; step < 16; step++) {
		const untilMs = spanEnd(quiet, atMs, timeZone);
		if (untilMs === undefined) {
			break;
		}

		atMs = clockChange(atMs, untilMs, timeZone) ?? untilMs;
	}

	return atMs === now.getTime() ? undefined : new Date(atMs);
};

/**
Returns the end of the span that an instant is in, if the clocks are not changed before.
*/
const spanEnd = (quiet: QuietHours, atMs: number, timeZone?: string): number | undefined => {
	if (quiet.length === 0) {
		return undefined;
	}

	const sinceMidnightMs = wallMs(atMs, timeZone);
	const minute = Math.floor(sinceMidnightMs / 60_000);
	const span = quiet.find(({fromMinute, toMinute}) => fromMinute < toMinute
		? minute >= fromMinute && minute < toMinute
		: minute >= fromMinute || minute < toMinute);
	if (span === undefined) {
		return undefined;
	}

	const days = span.toMinute > minute ? 0 : dayMinutes;
	return atMs + ((span.toMinute + days) * 60_000) - sinceMidnightMs;
};

const parseSpan = (text: string, optionName: string): QuietSpan => {
	const groups = form.exec(text)?.groups;
	if (groups === undefined) {
		throw new AppError('usage', `${optionName} does not understand "${clean(text)}".`, {hint});
	}

	const fromMinute = (Number(groups['fromHour']) * 60) + Number(groups['fromMinute']);
	const toMinute = ((Number(groups['toHour']) * 60) + Number(groups['toMinute'])) % dayMinutes;
	if (fromMinute === toMinute) {
		throw new AppError('usage', `${optionName} cannot begin and end at the same time: ${clean(text)}.`, {hint});
	}

	return {fromMinute, toMinute};
};

const spansOf = (minutes: readonly boolean[]): QuietSpan[] => {
	const spans: QuietSpan[] = [];
	for (const [fromMinute, isQuiet] of minutes.entries()) {
		if (!isQuiet || minutes.at(fromMinute - 1)) {
			continue;
		}

		let toMinute = fromMinute;
		while (minutes.at(toMinute)) {
			toMinute = (toMinute + 1) % dayMinutes;
		}

		spans.push({fromMinute, toMinute});
	}

	return spans;
};

const timeOfDay = (minute: number) => [Math.floor(minute / 60), minute % 60].map(part => String(part).padStart(2, '0')).join(':');

/**
Returns how far the wall clock is ahead of UTC at an instant, in milliseconds.
*/
const offsetMs = (atMs: number, timeZone?: string): number => {
	const parts = formatOf(timeZone).formatToParts(atMs);
	const [year, month, day, hour, minute, second] = fields.map(field => Number(parts.find(({type}) => type === field)?.value)) as [number, number, number, number, number, number];
	return Date.UTC(year, month - 1, day, hour, minute, second) - (Math.floor(atMs / 1000) * 1000);
};

/**
Returns the time of day that the wall clock shows, in milliseconds. It is not how long the day has lasted.
*/
const wallMs = (atMs: number, timeZone?: string): number => {
	const dayMs = dayMinutes * 60_000;
	return (((atMs + offsetMs(atMs, timeZone)) % dayMs) + dayMs) % dayMs;
};

/**
Returns the first instant after `fromMs` and up to `toMs` at which the clocks are changed, or `undefined`. The span must be so short (about a day) that this happens at most once.
*/
const clockChange = (fromMs: number, toMs: number, timeZone?: string): number | undefined => {
	const before = offsetMs(fromMs, timeZone);
	if (offsetMs(toMs, timeZone) === before) {
		return undefined;
	}

	let [low, high] = [Math.floor(fromMs / 1000), Math.ceil(toMs / 1000)];
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (offsetMs(middle * 1000, timeZone) === before) {
			low = middle;
		} else {
			high = middle;
		}
	}

	return high * 1000;
};

const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/**
@throws RangeError for a time zone that does not exist
*/
const formatOf = (timeZone?: string): Intl.DateTimeFormat => {
	const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', {
		timeZone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23',
		year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
	});
	formats.set(timeZone, format);
	return format;
};

const fields = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
