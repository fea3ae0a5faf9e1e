import {itemTypes} from '../catalog/kinds.js';
import type {ItemType} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {Flag, ParsedFlags} from '../base/flags.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {momentForms, readMoment} from '../base/text/moments.js';
import {allForms, formatFlag} from './flags.js';
import type {TextForm} from './report.js';

/**
@throws AppError 'usage' with the sentence that `refuse` makes, if the name is none of the values
*/
export const oneOf = <Value extends string>(name: string, values: readonly Value[], refuse: (name: string) => string): Value => {
	const value = values.find(known => known === name);
	if (value === undefined) {
		throw new AppError('usage', refuse(clean(name)), {hint: orNearest(name, values, `There is: ${values.join(', ')}.`)});
	}

	return value;
};

/**
Reads `typeFlag`.

@throws AppError 'usage'
*/
export const readType = (flags: ParsedFlags): ItemType | undefined => {
	const type = flags.string('type');
	return type === undefined ? undefined : oneOf(type, itemTypes, name => `There is no item type "${name}".`);
};

/**
Reads `formatFlag` or `anyFormatFlag`.

@throws AppError 'usage'
*/
export const readFormat = (flags: ParsedFlags, {values = []}: Pick<Flag, 'values'> = formatFlag): TextForm =>
	oneOf(flags.string('format') ?? 'table', allForms.filter(form => values.includes(form)), name => `There is no format "${name}" for this list.`);

/**
Reads a flag that names a moment.

@throws AppError 'usage' if it names none, or one in the future
*/
export const readPastMoment = (flags: ParsedFlags, flag: string, now: Date): string | undefined => {
	const text = flags.string(flag);
	if (text === undefined) {
		return undefined;
	}

	const moment = readMoment(text, now);
	if (moment !== undefined && Date.parse(moment) <= now.getTime()) {
		return moment;
	}

	throw new AppError('usage', moment === undefined ? `--${flag} does not understand "${clean(text)}".` : `--${flag} names a moment in the future.`, {hint: `It takes ${momentForms}.`});
};
