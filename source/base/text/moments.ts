import {isValid} from 'date-fns/isValid';
import {parseISO} from 'date-fns/parseISO';
import {sub} from 'date-fns/sub';
import {padTwo} from './format.js';

const duration = /^(?<amount>\d{1,6})(?<unit>[dhmwy]|mo)$/v;
const units = new Map([['m', 'minutes'], ['h', 'hours'], ['d', 'days'], ['w', 'weeks'], ['mo', 'months'], ['y', 'years']]);
const day = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?(?:Z|[+\-]\d{2}:?\d{2})?)?$/v;

export const momentForms = 'a duration such as 90m, 12h, 7d, 4w, 6mo or 1y, or a date such as 2026-05-01 or 2026-05-01T18:30';

/**
Reads a moment that a person names: an age, or a date, which is in the local time zone if it names none. Returns an instant to the second, as the catalogue writes them, and `undefined` for any other text.

@example
```
readMoment('7d', new Date('2026-05-08T10:00:00Z')); //=> '2026-05-01T10:00:00Z'
```
*/
export const readMoment = (text: string, now: Date): string | undefined => {
	const {amount, unit} = duration.exec(text)?.groups ?? {};
	const date = amount === undefined || unit === undefined
		? (day.test(text) ? parseISO(text) : undefined)
		: sub(now, {[units.get(unit)!]: Number(amount)});
	return date === undefined || !isValid(date) || date.getUTCFullYear() < 1 ? undefined : `${date.toISOString().slice(0, 19)}Z`;
};

/**
Instants as a dashboard tells them, short enough for a column.
*/
export type Moments = {
	// `3 min ago`, or `14:30` if nothing may move by itself.
	past: (instant: string) => string;
	// `in 12 min` or `due`, or `at 14:30` if nothing may move by itself.
	future: (instant: string) => string;
	// `14:30`, or `01-14 14:30` on another day.
	clock: (instant: string) => string;
};

const minuteMs = 60_000;

/**
Makes times in minutes, hours and days, so that a line changes once a minute at most. Over a slow line (`isStill`) they are times of day, which never change.
*/
export const createMoments = (now: Date, isStill: boolean): Moments => {
	const clock = (instant: string) => {
		const date = new Date(instant);
		if (Number.isNaN(date.getTime())) {
			return instant;
		}

		const time = `${padTwo(date.getHours())}:${padTwo(date.getMinutes())}`;
		return date.toDateString() === now.toDateString() ? time : `${padTwo(date.getMonth() + 1)}-${padTwo(date.getDate())} ${time}`;
	};

	const minutesTo = (instant: string) => (Date.parse(instant) - now.getTime()) / minuteMs;
	return {
		clock,
		past(instant) {
			const minutes = Math.floor(-minutesTo(instant));
			if (isStill || Number.isNaN(minutes)) {
				return clock(instant);
			}

			return minutes < 1 ? 'just now' : `${spell(minutes)} ago`;
		},
		future(instant) {
			const minutes = Math.ceil(minutesTo(instant));
			if (isStill || Number.isNaN(minutes)) {
				return `at ${clock(instant)}`;
			}

			return minutes < 1 ? 'due' : `in ${spell(minutes)}`;
		},
	};
};

const spell = (minutes: number) => {
	if (minutes < 60) {
		return `${minutes} min`;
	}

	return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
};
