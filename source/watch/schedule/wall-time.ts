const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/**
How far the clocks on the wall are ahead of UTC at an instant, in milliseconds. Without an IANA name, those where this process runs.
*/
export const offsetMs = (atMs: number, timeZone?: string): number => {
	const parts = formatOf(timeZone).formatToParts(atMs);
	const [year, month, day, hour, minute, second] = fields.map(field => Number(parts.find(({type}) => type === field)?.value)) as [number, number, number, number, number, number];
	return Date.UTC(year, month - 1, day, hour, minute, second) - (Math.floor(atMs / 1000) * 1000);
};

/**
Milliseconds since the wall clock showed midnight: what it shows, not how long the day has lasted.
*/
export const wallMs = (atMs: number, timeZone?: string): number => modulo(atMs + offsetMs(atMs, timeZone), 86_400_000);

/**
The first instant after `fromMs` and up to `toMs` at which the clocks are changed, `undefined` when they are not. For spans of a day or so, in which that happens once at most.
*/
export const clockChange = (fromMs: number, toMs: number, timeZone?: string): number | undefined => {
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

/**
@throws RangeError for a time zone that does not exist
*/
const formatOf = (timeZone?: string): Intl.DateTimeFormat => {
	const known = formats.get(timeZone);
	if (known !== undefined) {
		return known;
	}

	const format = new Intl.DateTimeFormat('en', {
		timeZone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23',
		year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
	});
	formats.set(timeZone, format);
	return format;
};

const fields = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

const modulo = (value: number, divisor: number) => ((value % divisor) + divisor) % divisor;
