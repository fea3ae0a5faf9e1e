import {itemTypes} from '../catalog/schema.js';
import type {ItemType} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {ParsedFlags} from './command.js';

const isItemType = (type: string): type is ItemType => (itemTypes as readonly string[]).includes(type);

/**
What `--type` says.

@throws AppError 'usage'
*/
export const readType = (flags: ParsedFlags): ItemType | undefined => {
	const type = flags.string('type');
	if (type !== undefined && !isItemType(type)) {
		throw new AppError('usage', `There is no item type "${clean(type)}".`, {hint: `There is: ${itemTypes.join(', ')}.`});
	}

	return type;
};
