import {itemTypes} from '../catalog/kinds.js';
import type {Flag} from '../base/flags.js';

export const libraryFlag: Flag = {type: 'string', value: 'LIBRARY', help: 'One library only: title, key or uuid; Films@Barn where several servers have it'};
export const typeFlag: Flag = {
	type: 'string', value: 'TYPE', values: itemTypes, help: 'movie, show, season or episode',
};

export const textForms = ['table', 'csv'] as const;

/**
The flag of a report that can also be printed as CSV.
*/
export const formatFlag: Flag = {
	type: 'string', value: 'FORMAT', values: textForms, help: 'table or csv (default table)',
};

export const allForms = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;

/**
The flag of a report that can be printed in all forms.
*/
export const anyFormatFlag: Flag = {
	type: 'string', value: 'FORMAT', values: allForms, help: 'table, json, ndjson, csv or tsv (default table)',
};

/**
How many rows a list has at most, where `--limit` does not say it.
*/
export const defaultLimit = 20;
