import {itemSchema} from '../schema.js';
import type {Item} from '../types.js';
import {exportedShape} from './exported.js';
import {fieldList} from './field.js';
import {askedOnlyFields} from './item-asked-fields.js';
import {contentFields} from './item-content-fields.js';
import {extraFields} from './item-extra-fields.js';
import {identityFields} from './item-identity-fields.js';
import {libraryFields} from './item-library-fields.js';

/**
All fields of an item. Details, lists, sorting, filters, changes, exports and `docs/fields.md` are made of these rows.
*/
export const itemFields = {
	...identityFields, ...contentFields, ...libraryFields, ...extraFields, ...askedOnlyFields,
};

export const itemFieldList = fieldList<Item>(itemFields);
export const exportedItemShape = () => exportedShape(itemFields, itemSchema().shape);
