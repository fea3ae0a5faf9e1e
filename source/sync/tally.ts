import type {Item, ImportTotals, ItemType} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import type {Normalize, NormalizedItem} from '../plex/types.js';
import {quote} from '../plex/wire.js';
import {noTotals, type Problem, type Report} from './events.js';

export type Counted = {
	imported: number;
	unchanged: number;
	lastTitle: string | undefined;
};

/**
Of one library; what is left out of more items is not told one by one.
*/
const mostDoubts = 100;

/**
Counts the items of one library so that `expected = imported + unchanged + failed + skipped` holds at the end, whatever happens.
*/
export const createTally = (library: {id: string; title: string}, report: Report) => {
	const totals = {...noTotals};
	const problems: Problem[] = [];
	const doubted = new Set<string | undefined>();
	const add = ({imported, unchanged}: Pick<Counted, 'imported' | 'unchanged'>) => {
		totals.imported += imported;
		totals.unchanged += unchanged;
	};

	return {
		totals: (): ImportTotals => ({...totals}),
		problems: (): Problem[] => [...problems],
		expect(count: number): void {
			totals.expected += count;
			report({type: 'library-counted', libraryId: library.id, expected: totals.expected});
		},
		commit(committed: Counted & {revision: number}): void {
			add(committed);
			report({type: 'items-committed', libraryId: library.id, ...committed});
		},
		/**
		Like `commit`, for items that needed no commit.
		*/
		count({imported, unchanged}: Pick<Counted, 'imported' | 'unchanged'>): void {
			add({imported, unchanged});
			report({
				type: 'items-compared', libraryId: library.id, imported, unchanged,
			});
		},
		fail(fault: Omit<Problem, 'library'>, count = 1): void {
			totals.failed += count;
			const problem = {library, ...fault};
			problems.push(problem);
			report({type: 'problem', problem, failed: count});
		},
		/**
		Tells once of an item what was left out of it. It counts as imported.
		*/
		doubt({item: {ratingKey, title}, junk}: Pick<NormalizedItem, 'item' | 'junk'>): void {
			if (junk.length === 0 || doubted.has(ratingKey) || doubted.size > mostDoubts) {
				return;
			}

			doubted.add(ratingKey);
			const text = doubted.size > mostDoubts
				? `More items of ${quote(library.title)} have values that cannot be right. They are left out as well.`
				: `${quote(title)} (ratingKey ${ratingKey ?? ''}): the server says ${junk.join(' and ')}. That cannot be right, so it is left out.`;
			report({type: 'remark', text});
		},
		skip(count: number, reason: string): void {
			totals.skipped += count;
			report({
				type: 'items-skipped', libraryId: library.id, count, reason,
			});
		},
		open: (): number => totals.expected - totals.imported - totals.unchanged - totals.failed - totals.skipped,
	};
};

export type Tally = ReturnType<typeof createTally>;

/**
Counts everything that was announced but not reached because of a fault, so that the sum is right.
*/
export const closeBooks = (tally: Tally, fault: AppError, whyCancelled: string) => {
	const open = tally.open();
	if (fault.code !== 'cancelled') {
		tally.fail(problemFrom(fault, isStoreFault(fault) ? 'save' : 'list'), Math.max(0, open));
	} else if (open > 0) {
		tally.skip(open, whyCancelled);
	}
};

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
The fault comes from the disk or the catalogue, not from the server, so nothing more can be kept.
*/
export const isStoreFault = ({code}: AppError): boolean => ['disk-full', 'not-writable', 'locked'].includes(code);

/**
If nothing can be kept, or the run may take no more, the other libraries would only fail one by one.
*/
export const isEndOfRun = (fault: AppError): boolean => isStoreFault(fault) || fault.code === 'over-budget';

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

export const doubtfulList = (type: ItemType, doubt: string): Omit<Problem, 'library'> =>
	problemFrom(new AppError('malformed', `The list of type ${type} cannot be taken as complete: ${doubt}.`, {
		hint: 'A proxy in front of the server may change its answers, so use the address of the server itself.',
	}), 'list');

export const unkeyedRow = (normalized: ReturnType<Normalize>, itemType: ItemType): Omit<Problem, 'library'> => normalized.ok
	? problemFrom(new AppError('malformed', `The server listed a ${itemType} without a ratingKey.`), 'list', {title: normalized.value.item.title})
	: {stage: 'list', ...normalized.problem};

export const otherType = ({ratingKey, title, type}: Pick<Item, 'ratingKey' | 'title' | 'type'>, listedType: ItemType): Omit<Problem, 'library'> => ({
	...problemFrom(new AppError('malformed', `The server lists this item as a ${listedType}, but says of it that it is a ${type}.`, {
		hint: 'The other items are kept. Let Plex refresh the metadata of this item, or of its library, and import again.',
	}), 'normalize'),
	ratingKey,
	title,
});

export const cutItem = ({item: {ratingKey, title}, cut}: Pick<NormalizedItem, 'item' | 'cut'>): Omit<Problem, 'library'> => ({
	ratingKey,
	title,
	stage: 'normalize',
	code: 'too-large',
	message: `The server sent more of this item than reelcat reads of one (${cut.slice(0, 5).map(name => quote(name)).join(', ')}). It is kept with what fits.`,
	hint: 'Look at this item in Plex; it is probably broken. docs/catalogue.md says how much of an item is read.',
});

export const vanishedItem = () => new AppError('not-found', 'The server listed this item, but no longer has it or does not show it to this token.', {
	hint: 'It was probably removed meanwhile. Run the import again to be sure.',
});
