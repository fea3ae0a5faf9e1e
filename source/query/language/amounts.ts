import {sub} from 'date-fns/sub';
import {readAge, readDaysAgo} from '../../base/text/moments.js';
import {resolutionRank} from '../../catalog/quality.js';
import type {AskedKind} from '../../catalog/fields/asked.js';

/**
What an amount means. Comparisons use `low` and `high`: a month begins and ends. `is` is what a value may be to count as this one: 50GB is also what is shown as 50 GB. An age (`isAge`) grows backwards in time.
*/
export type Amount = {low: number; high: number; is: readonly [number, number]; isAge?: true};

export type AmountKind = Extract<AskedKind, 'number' | 'bytes' | 'duration' | 'bitrate' | 'resolution' | 'moment' | 'day'>;

const dateForms = 'a date such as 2024, 2024-05, 2024-05-01 or today, or an age such as <30d or >1y';

/**
How values of a kind are written, for errors.
*/
export const amountForms: Record<AmountKind, string> = {
	number: 'a number',
	bytes: 'a size with its unit such as 50GB, 700MB or 50GiB',
	duration: 'a length such as 90m, 1h30 or 2h',
	bitrate: 'a bit rate such as 8Mbps or 800kbps',
	resolution: 'a resolution such as sd, 720p, 1080p, 2160p or 4K',
	moment: dateForms,
	day: dateForms,
};

const point = (value: number): Amount => ({low: value, high: value, is: [value, value]});

const plain = /^-?\d{1,15}(?:\.\d{1,6})?$/v;
const withUnit = /^(?<amount>\d{1,9}(?:\.(?<decimals>\d{1,6}))?)(?<unit>[a-z]{1,4})$/iv;

const byteUnits = new Map([
	['b', 1], ['k', 1e3], ['kb', 1e3], ['m', 1e6], ['mb', 1e6], ['g', 1e9], ['gb', 1e9], ['t', 1e12], ['tb', 1e12], ['kib', 2 ** 10], ['mib', 2 ** 20], ['gib', 2 ** 30], ['tib', 2 ** 40],
]);
const bitrateUnits = new Map([['kbps', 1], ['k', 1], ['mbps', 1000], ['m', 1000]]);
const durationUnits = new Map([['s', 1000], ['min', 60_000], ['m', 60_000], ['h', 3_600_000]]);

const readUnit = (text: string, units: ReadonlyMap<string, number>): Amount | undefined => {
	const {amount, decimals = '', unit = ''} = withUnit.exec(text)?.groups ?? {};
	const factor = units.get(unit.toLowerCase());
	if (amount === undefined || factor === undefined) {
		return undefined;
	}

	const value = Number(amount) * factor;
	const half = factor / (10 ** decimals.length) / 2;
	return {low: value, high: value, is: factor === 1 && decimals === '' ? [value, value] : [value - half, value + half]};
};

const hours = /^(?<hours>\d{1,4})h(?<minutes>\d{1,2})m?$/iv;

const readDuration = (text: string): Amount | undefined => {
	const groups = hours.exec(text)?.groups;
	return readUnit(groups === undefined ? text : `${(Number(groups['hours']) * 60) + Number(groups['minutes'])}m`, durationUnits);
};

const namedResolutions: ReadonlyMap<string, readonly [low: number, high: number]> = new Map([['sd', [0, 719]], ['hd', [720, 1080]], ['fhd', [1080, 1080]], ['fullhd', [1080, 1080]], ['uhd', [2160, 2160]]]);
const linesForm = /^(?<lines>\d{3,4})[ip]?$/iv;

const readResolution = (text: string): Amount | undefined => {
	const named = namedResolutions.get(text.toLowerCase());
	if (named !== undefined) {
		return {low: named[0], high: named[1], is: named};
	}

	const lines = linesForm.exec(text)?.groups?.['lines'];
	const rank = lines === undefined ? (/^[248]k$/iv.test(text) ? resolutionRank(text.toLowerCase()) : undefined) : Number(lines);
	return rank === undefined ? undefined : point(rank);
};

const calendar = /^(?<year>[1-9]\d{3})(?:-(?<month>0[1-9]|1[0-2])(?:-(?<day>0[1-9]|[12]\d|3[01]))?)?$/v;
const decade = /^(?<year>[1-9]\d{2}0)s$/v;
const dayMs = 86_400_000;

/**
The number of a day since 1970.
*/
export const dayNumber = (date: string): number | undefined => {
	const ms = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
	return Number.isNaN(ms) ? undefined : ms / dayMs;
};

/**
The seconds of an instant since 1970.
*/
export const momentSeconds = (instant: string): number | undefined => {
	const ms = Date.parse(instant);
	return Number.isNaN(ms) ? undefined : ms / 1000;
};

// A minute and a month begin alike.
const minutes = /\d\s?m$/iv;

const readPast = (text: string, kind: 'moment' | 'day', now: Date): Amount | undefined => {
	const age = minutes.test(text) ? undefined : readAge(text);
	if (age === undefined) {
		return undefined;
	}

	const moment = sub(now, age);
	const value = kind === 'moment' ? moment.getTime() / 1000 : Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / dayMs;
	return Number.isNaN(value) ? undefined : {...point(value), isAge: true};
};

type DateParts = [year: number, month: number, day: number];

/**
The first day of what a date means, and the day behind its last one. Months count from 0.
*/
const readDays = (text: string, now: Date): readonly [from: DateParts, to: DateParts] | undefined => {
	const ago = readDaysAgo(text, now);
	if (ago !== undefined) {
		const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate() - ago];
		return [[year, month, day], [year, month, day + 1]];
	}

	const start = Number(decade.exec(text)?.groups!['year']);
	if (!Number.isNaN(start)) {
		return [[start, 0, 1], [start + 10, 0, 1]];
	}

	const groups = calendar.exec(text)?.groups;
	if (groups === undefined) {
		return undefined;
	}

	const [year, month, day] = [groups['year'], groups['month'], groups['day']].map(part => part === undefined ? undefined : Number(part));
	const from: DateParts = [year!, (month ?? 1) - 1, day ?? 1];
	const to: DateParts = day === undefined ? (month === undefined ? [year! + 1, 0, 1] : [year!, month, 1]) : [year!, month! - 1, day + 1];
	// There is no 31 April.
	return new Date(Date.UTC(...from)).getUTCDate() === from[2] ? [from, to] : undefined;
};

const readDate = (text: string, kind: 'moment' | 'day', now: Date): Amount | undefined => {
	const days = readDays(text, now);
	if (days === undefined) {
		return readPast(text, kind, now);
	}

	const startOf = (from: DateParts) => kind === 'moment' ? new Date(...from).getTime() / 1000 : Date.UTC(...from) / dayMs;
	const [low, high] = [startOf(days[0]), startOf(days[1]) - 1];
	return {low, high, is: [low, high]};
};

/**
The years of a decade such as 1980s.
*/
const readDecade = (text: string): Amount | undefined => {
	const year = Number(decade.exec(text)?.groups!['year']);
	return Number.isNaN(year) ? undefined : {low: year, high: year + 9, is: [year, year + 9]};
};

/**
Reads an amount; undefined if it is none of this kind. A number without a unit counts where `isUnitNamed`: the name of the field says it. `isYear` says that the numbers are years.
*/
export const readAmount = (text: string, kind: AmountKind, {now, isUnitNamed, isYear}: {now: Date; isUnitNamed: boolean; isYear: boolean}): Amount | undefined => {
	if (kind === 'number' || (isUnitNamed && plain.test(text))) {
		return plain.test(text) ? point(Number(text)) : (isYear ? readDecade(text) : undefined);
	}

	switch (kind) {
		case 'bytes': {
			return readUnit(text, byteUnits);
		}

		case 'bitrate': {
			return readUnit(text, bitrateUnits);
		}

		case 'duration': {
			return readDuration(text);
		}

		case 'resolution': {
			return readResolution(text);
		}

		case 'moment':
		case 'day': {
			return readDate(text, kind, now);
		}
	}
};
