import type {ChangedField, ChangeGroup, ChangeRow} from '../../history/changes.js';
import {clean} from '../../base/text/clean.js';
import {truncate} from '../../base/text/width.js';

const longest = 60;
// Of what came or went, only one side is there.
const oneSided = new Set(['added', 'removed', 'restored']);
// These fields change along with another one that says more.
const secondary = new Set(['last watched', 'rated']);

/**
The change of an item in words, on one line; cleaned.
*/
export const changeWords = ({fields, reason}: ChangeRow, kind: ChangeGroup['kind']): string => {
	const telling = fields.filter(({name}) => !secondary.has(name) && !(name === 'folder' && oneSided.has(kind)));
	const words = (telling.length === 0 ? fields : telling).map(field => fieldWords(field, oneSided.has(kind))).join('; ');
	return [words, ...(reason === undefined ? [] : [`(${reason})`])].filter(part => part !== '').join(' ');
};

const fieldWords = ({name, before, after}: ChangedField, isOneSided: boolean) => isOneSided && (before === undefined || after === undefined)
	? short(before ?? after)
	: `${name} ${short(before)} → ${short(after)}`;

const short = (text = '–') => truncate(clean(text), longest);
