import {isValid} from 'date-fns/isValid';
import {parseISO} from 'date-fns/parseISO';
import {sub} from 'date-fns/sub';

const duration = /^(?<amount>\d{1,6})(?<unit>[dhmwy]|mo)$/v;
const units = new Map([['m', 'minutes'], ['h', 'hours'], ['d', 'days'], ['w', 'weeks'], ['mo', 'months'], ['y', 'years']]);
const day = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?(?:Z|[+\-]\d{2}:?\d{2})?)?$/v;

export const momentForms = 'A duration such as 90m, 12h, 7d, 4w, 6mo or 1y, or a date such as 2026-05-01 or 2026-05-01T18:30';

/**
Reads a moment that a person typed: how long ago, or a date in the local time zone unless it names another. Gives an instant to the second, as the catalogue writes them, or `undefined` for any other text.

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
