import {quote} from '../quote.js';
import type {RowProblem} from '../types.js';
import {
	asRecords,
	isRecord,
	readRatingKey,
	readString,
	readTitle,
} from '../wire.js';

const hint = 'The other items are kept. Let Plex refresh the metadata of this item, or of its library, and import again.';

/**
Why a row cannot be kept. Without a title, its guid or file serves to find it.
*/
export const rowProblem = (row: unknown): RowProblem => ({
	ratingKey: readRatingKey(row),
	title: readTitle(row) ?? readOtherName(row),
	code: 'malformed',
	message: explain(row),
	hint,
});

const explain = (row: unknown): string => {
	if (!isRecord(row)) {
		return `The server sent ${describe(row)} where an item should be.`;
	}

	const type = readString(row['type']);
	if (readRatingKey(row) === undefined) {
		return `The server sent ${type === undefined ? 'an item' : `an item of the type ${quote(type)}`} without a usable ratingKey.`;
	}

	return type === undefined
		? 'The server does not say of what type the item is.'
		: `The item is of the type ${quote(type)}, which is neither a movie nor a show, season or episode.`;
};

const describe = (value: unknown) => {
	if (value === null) {
		return 'nothing';
	}

	return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
};

const readOtherName = (row: unknown): string | undefined => {
	if (!isRecord(row)) {
		return undefined;
	}

	const [media] = asRecords<'Part'>(row['Media']);
	const [part] = asRecords<'file'>(media?.Part);
	return readString(part?.file) ?? readString(row['guid']) ?? readString(row['key']);
};
