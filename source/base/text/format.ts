/**
@example
```
formatCount(1234567); //=> '1,234,567'
```
*/
export const formatCount = (count: number): string => grouped(count, '');

const oneDecimal = (value: number): string => {
	const tenths = Math.round(value * 10);
	return grouped(Math.trunc(tenths / 10), `.${tenths % 10}`);
};

// The same as `Intl.NumberFormat` for English. To make one of these takes a quarter of the start of node itself.
const grouped = (whole: number, end: string): string => {
	const digits = String(whole);
	const first = digits.startsWith('-') ? 1 : 0;
	let text = end;
	let place = digits.length;
	for (; place > first + 3; place -= 3) {
		text = `,${digits.slice(place - 3, place)}${text}`;
	}

	return digits.slice(0, place) + text;
};

/**
@example
```
plural(1, 'item'); //=> '1 item'
plural(1200, 'library', 'libraries'); //=> '1,200 libraries'
```
*/
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;

const byteUnits = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/**
Formats in decimal units, as disks are sold and Plex shows sizes: 1 GB is 1,000,000,000 bytes.

@example
```
formatBytes(20_512_000_000); //=> '20.5 GB'
```
*/
export const formatBytes = (bytes: number): string => {
	if (bytes < 1000) {
		return `${Math.round(bytes)} B`;
	}

	let value = bytes / 1000;
	let unit = 0;
	// 999.95 would be shown as 1,000.0
	while (value >= 999.95 && unit < byteUnits.length - 1) {
		value /= 1000;
		unit++;
	}

	return `${oneDecimal(value)} ${byteUnits[unit]!}`;
};

export const padTwo = (part: number) => String(part).padStart(2, '0');

/**
Formats to the minute from one minute on, since nobody plans by the second.

@example
```
formatDurationMs(6_720_000); //=> '1 h 52 min'
formatDurationMs(42_000); //=> '42 s'
```
*/
export const formatDurationMs = (durationMs: number): string => {
	const seconds = Math.round(durationMs / 1000);
	if (seconds < 60) {
		return `${seconds} s`;
	}

	const minutes = Math.round(durationMs / 60_000);
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	if (hours === 0) {
		return `${rest} min`;
	}

	return rest === 0 ? `${formatCount(hours)} h` : `${formatCount(hours)} h ${rest} min`;
};

/**
Formats for a column, where every cell counts.

@example
```
formatShortDuration(6_720_000); //=> '1h 52m'
```
*/
export const formatShortDuration = (durationMs: number): string => {
	const minutes = Math.max(1, Math.round(durationMs / 60_000));
	const hours = Math.floor(minutes / 60);
	return hours === 0 ? `${minutes}m` : `${hours}h ${padTwo(minutes % 60)}m`;
};

/**
Formats to the second, for running clocks.

@example
```
formatClock(6_723_000); //=> '1:52:03'
formatClock(63_000); //=> '1:03'
```
*/
export const formatClock = (durationMs: number): string => {
	const seconds = Math.round(durationMs / 1000);
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);
	return hours === 0 ? `${minutes}:${padTwo(seconds % 60)}` : `${hours}:${padTwo(minutes % 60)}:${padTwo(seconds % 60)}`;
};

export const formatRate = (perSecond: number): string => `${perSecond < 9.95 ? oneDecimal(perSecond) : formatCount(Math.round(perSecond))}/s`;

/**
Formats a channel count as it is written on a box.

@example
```
formatChannels(6); //=> '5.1'
```
*/
export const formatChannels = (channels: number): string => channelNames.get(channels) ?? `${channels} ch`;

const channelNames = new Map([[1, 'mono'], [2, 'stereo'], [6, '5.1'], [7, '6.1'], [8, '7.1']]);

/**
Reads what `formatChannels` writes; undefined for any other text.
*/
export const readChannels = (text: string): number | undefined => channelNames.entries().find(([, name]) => name === text.toLowerCase())?.[0];

/**
Formats a bit rate.

@example
```
formatBitrate(8200); //=> '8.2 Mbps'
```
*/
export const formatBitrate = (kbps: number): string => kbps < 1000 ? `${kbps} kbps` : `${(kbps / 1000).toFixed(1)} Mbps`;

/**
Formats the day of an ISO 8601 instant in the time zone of this process. Any other text comes back unchanged.

@example
```
formatDate('2024-05-01T23:30:00Z'); //=> '2024-05-02' in Berlin
```
*/
export const formatDate = (instant: string): string => withDate(instant, dayOf);

/**
Does the same as `formatDate`, to the minute.
*/
export const formatInstant = (instant: string): string =>
	withDate(instant, date => `${dayOf(date)} ${padTwo(date.getHours())}:${padTwo(date.getMinutes())}`);

const dayOf = (date: Date) => `${String(date.getFullYear()).padStart(4, '0')}-${padTwo(date.getMonth() + 1)}-${padTwo(date.getDate())}`;

const withDate = (instant: string, format: (date: Date) => string) => {
	const date = new Date(instant);
	return Number.isNaN(date.getTime()) ? instant : format(date);
};

/**
Formats ascending numbers, and joins runs of them.

@example
```
formatNumbers([3, 4, 5, 9]); //=> '3–5, 9'
```
*/
export const formatNumbers = (numbers: readonly number[]): string => {
	const runs: Array<{first: number; last: number}> = [];
	for (const number of numbers) {
		const run = runs.at(-1);
		if (run !== undefined && number === run.last + 1) {
			run.last = number;
		} else {
			runs.push({first: number, last: number});
		}
	}

	return runs.map(({first, last}) => first === last ? String(first) : `${first}–${last}`).join(', ');
};
