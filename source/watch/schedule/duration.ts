import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';

const units = [
	['d', 86_400_000],
	['h', 3_600_000],
	['m', 60_000],
	['s', 1000],
] as const;

const weekMs = 7 * 86_400_000;
const form = /^(?:(?<w>\d{1,4})w)?(?:(?<d>\d{1,5})d)?(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,7})m)?(?:(?<s>\d{1,8})s)?$/v;

export const durationForms = 'a duration such as 90s, 15m, 2h, 1h30m, 7d or 2w';

/**
Reads a length of time that a person wrote, with the greater units first. `optionName` is the name that the person knows: `--interval`, `interval of Films`.

@throws AppError 'usage'

@example
```
parseDuration('1h30m', '--interval'); //=> 5_400_000
```
*/
export const parseDuration = (text: string, optionName: string, {minMs = 1000, maxMs = 366 * 86_400_000, forms = durationForms}: {minMs?: number; maxMs?: number; forms?: string} = {}): number => {
	const groups = form.exec(text.trim())?.groups;
	const amounts = Object.values(groups ?? {}).filter(amount => amount !== undefined);
	if (groups === undefined || amounts.length === 0) {
		throw new AppError('usage', `${optionName} does not understand "${clean(text)}".`, {hint: `It takes ${forms}.`});
	}

	const durationMs = units.reduce((sum, [unit, unitMs]) => sum + (Number(groups[unit] ?? 0) * unitMs), Number(groups['w'] ?? 0) * weekMs);
	if (durationMs < minMs || durationMs > maxMs) {
		throw new AppError('usage', `${optionName} cannot be ${clean(text.trim())}.`, {
			hint: `It takes from ${durationText(minMs)} to ${durationText(maxMs)}.`,
		});
	}

	return durationMs;
};

/**
Writes a duration as a person would, to the second. `parseDuration` reads it back.

@example
```
durationText(5_400_000); //=> '1h30m'
```
*/
export const durationText = (durationMs: number): string => {
	let restMs = Math.round(durationMs / 1000) * 1000;
	let text = '';
	for (const [unit, unitMs] of units) {
		const amount = Math.floor(restMs / unitMs);
		restMs -= amount * unitMs;
		text += amount === 0 ? '' : `${amount}${unit}`;
	}

	return text === '' ? '0s' : text;
};
