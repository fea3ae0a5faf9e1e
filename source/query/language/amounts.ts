import {sub} from 'date-fns/sub';
import {resolutionRank} from '../../catalog/quality.js';
import type {AskedKind} from '../../catalog/fields/asked.js';

/**
What an amount means. Comparisons use `low` and `high`: a month begins and ends. `is` is what a value may be to count as this one: 50GB is also what is shown as 50 GB. An age (`isAge`) grows backwards in time.
*/
export type Amount = {low: number; high: number; is: readonly [number, number]; isAge?: true};

export type AmountKind = Extract<AskedKind, 'number' | 'bytes' | 'duration' | 'bitrate' | 'resolution' | 'moment' | 'day'>;

/**
How values of a kind are written, for errors.
*/
export const amountForms: Record<AmountKind, string> = {
	number: 'a number',
	bytes: 'a size with its unit such as 50GB, 700MB or 50GiB',
	duration: 'a length such as 90m, 1h30 or 2h',
	bitrate: 'a bit rate such as 8Mbps or 800kbps',
	resolution: 'a resolution such as sd, 720p, 1080p, 2160p or 4K',
	moment: 'a date such as 2024, 2024-05 or 2024-05-01, or an age such as <30d or >1y',
	day: 'a date such as 2024, 2024-05 or 2024-05-01, or an age such as <30d or >1y',
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

const sdLines = 719;
const linesForm = /^(?<lines>\d{3,4})[ip]?$/iv;

const readResolution = (text: string): Amount | undefined => {
	if (text.toLowerCase() === 'sd') {
		return {low: 0, high: sdLines, is: [0, sdLines]};
	}

	const lines = linesForm.exec(text)?.groups?.['lines'];
	const rank = lines === undefined ? (/^[248]k$/iv.test(text) ? resolutionRank(text.toLowerCase()) : undefined) : Number(lines);
	return rank === undefined ? undefined : point(rank);
};

const calendar = /^(?<year>[1-9]\d{3})(?:-(?<month>0[1-9]|1[0-2])(?:-(?<day>0[1-9]|[12]\d|3[01]))?)?$/v;
const age = /^(?<amount>\d{1,5})(?<unit>[dhwy]|mo)$/v;
const ageUnits = new Map([['h', 'hours'], ['d', 'days'], ['w', 'weeks'], ['mo', 'months'], ['y', 'years']]);
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

const readDate = (text: string, kind: 'moment' | 'day', now: Date): Amount | undefined => {
	const {amount, unit} = age.exec(text)?.groups ?? {};
	if (amount !== undefined && unit !== undefined) {
		const moment = sub(now, {[ageUnits.get(unit)!]: Number(amount)});
		const value = kind === 'moment' ? moment.getTime() / 1000 : Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / dayMs;
		return Number.isNaN(value) ? undefined : {...point(value), isAge: true};
	}

	const groups = calendar.exec(text)?.groups;
	if (groups === undefined) {
		return undefined;
	}

	const [year, month, day] = [groups['year'], groups['month'], groups['day']].map(part => part === undefined ? undefined : Number(part));
	const startOf = (from: [number, number, number]) => kind === 'moment' ? new Date(...from).getTime() / 1000 : Date.UTC(...from) / dayMs;
	const first: [number, number, number] = [year!, (month ?? 1) - 1, day ?? 1];
	// There is no 31 April.
	if (new Date(Date.UTC(...first)).getUTCDate() !== first[2]) {
		return undefined;
	}

	const next: [number, number, number] = day === undefined ? (month === undefined ? [year! + 1, 0, 1] : [year!, month, 1]) : [year!, month! - 1, day + 1];
	const [low, high] = [startOf(first), startOf(next) - 1];
	return {low, high, is: [low, high]};
};

/**
Reads an amount; undefined if it is none of this kind. A number without a unit counts where `isUnitNamed`: the name of the field says it.
*/
export const readAmount = (text: string, kind: AmountKind, {now, isUnitNamed}: {now: Date; isUnitNamed: boolean}): Amount | undefined => {
	if (kind === 'number' || (isUnitNamed && plain.test(text))) {
		return plain.test(text) ? point(Number(text)) : undefined;
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
