import type {Duration} from 'date-fns';
import {isValid} from 'date-fns/isValid';
import {parseISO} from 'date-fns/parseISO';
import {sub} from 'date-fns/sub';
import {padTwo} from './format.js';

const age = /^(?<amount>\d{1,6})\s?(?:(?<short>[dhmwy]|mo)|(?<long>min|minute|hour|day|week|month|year)s?(?: ago)?)$/v;
const units = new Map([['m', 'minute'], ['min', 'minute'], ['h', 'hour'], ['d', 'day'], ['w', 'week'], ['mo', 'month'], ['y', 'year']]);

/**
Reads an age such as `7d`, `2weeks` or `2 weeks ago`.
*/
export const readAge = (text: string): Duration | undefined => {
	const {amount, short = '', long = short} = age.exec(text.toLowerCase())?.groups ?? {};
	return amount === undefined ? undefined : {[`${units.get(long) ?? long}s`]: Number(amount)};
};

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const weekday = new RegExp(`^(?:last )?(?<name>${weekdays.join('|')})$`, 'v');

/**
How many days ago a day was that has a name: `today`, `yesterday`, or the last one of a weekday before today.
*/
export const readDaysAgo = (text: string, now: Date): number | undefined => {
	const name = text.toLowerCase();
	const asked = weekdays.indexOf(weekday.exec(name)?.groups?.['name'] ?? '');
	if (asked !== -1) {
		return ((now.getDay() - asked + 6) % 7) + 1;
	}

	return name === 'today' ? 0 : (name === 'yesterday' ? 1 : undefined);
};

const day = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?(?:Z|[+\-]\d{2}:?\d{2})?)?$/v;

export const momentForms = 'a duration such as 90m, 12h, 7d, 4w, 6mo or 1y, a date such as 2026-05-01 or 2026-05-01T18:30, or a day such as yesterday or friday';

/**
Reads a moment that a person names: an age, or a date or the name of a day, which are in the local time zone if they name none. Returns an instant to the second, as the catalogue writes them, and `undefined` for any other text.

@example
```
readMoment('7d', new Date('2026-05-08T10:00:00Z')); //=> '2026-05-01T10:00:00Z'
```
*/
export const readMoment = (text: string, now: Date): string | undefined => {
	const [duration, daysAgo] = [readAge(text), readDaysAgo(text, now)];
	const named = daysAgo === undefined ? (day.test(text) ? parseISO(text) : undefined) : new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
	const date = duration === undefined ? named : sub(now, duration);
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
