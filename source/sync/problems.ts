import type {ItemType} from '../catalog/types.js';
import {AppError, errorMessage} from '../base/errors.js';
import type {Normalize} from '../plex/types.js';
import type {Problem} from './events.js';

const defaultHint = 'Try again with r on the import screen, or run the import once more.';

export const problemFrom = (
	error: AppError,
	stage: Problem['stage'],
	{ratingKey, title}: {ratingKey?: string; title?: string} = {},
): Omit<Problem, 'library'> => ({
	ratingKey,
	title,
	stage,
	code: error.code,
	message: error.message,
	hint: error.hint ?? defaultHint,
});

/**
The fault is one of the disk or the catalogue, not of the server: nothing more can be kept.
*/
export const isStoreFault = ({code}: AppError): boolean => ['disk-full', 'not-writable', 'locked'].includes(code);

/**
@throws anything but an `AppError`: that is a bug, and must not be taken for a fault of the server
*/
export const requireAppError = (error: unknown): AppError => {
	if (error instanceof AppError) {
		return error;
	}

	throw error instanceof Error ? error : new Error(errorMessage(error));
};

export const lostRow = (position: number, type: ItemType, error: AppError): Omit<Problem, 'library'> =>
	({...problemFrom(error, 'list'), message: `Row ${position + 1} of the ${type} list could not be read. ${error.message}`});

export const shortList = (type: ItemType, announced: number, received: number): Omit<Problem, 'library'> => ({
	ratingKey: undefined,
	title: undefined,
	stage: 'list',
	code: 'malformed',
	message: `The server announced ${announced} rows of type ${type} but listed only ${received}.`,
	hint: 'The library probably changed while it was read. Run the import again.',
});

export const unkeyedRow = (normalized: ReturnType<Normalize>, itemType: ItemType): Omit<Problem, 'library'> => normalized.ok
	? problemFrom(new AppError('malformed', `The server listed a ${itemType} without a ratingKey.`), 'list', {title: normalized.value.item.title})
	: {stage: 'list', ...normalized.problem};

export const vanishedItem = () => new AppError('not-found', 'The server listed this item, but no longer has it or does not show it to this token.', {
	hint: 'It was probably removed meanwhile. Run the import again to be sure.',
});
