import {formatCount} from '../base/text/format.js';
import type {
	HeldReason,
	ImportTotals,
	Item,
	Library,
} from './types.js';

export const sumTotals = (libraries: readonly ImportTotals[]): ImportTotals => {
	const sum: ImportTotals = {
		expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0,
	};
	for (const library of libraries) {
		sum.expected += library.expected;
		sum.imported += library.imported;
		sum.unchanged += library.unchanged;
		sum.failed += library.failed;
		sum.skipped += library.skipped;
	}

	return sum;
};

/**
The instant since when the removal of an item waits to be accepted. Items of a library that has vanished as a whole are not marked one by one.
*/
export const heldSince = ({missingSince, libraryId}: Pick<Item, 'missingSince' | 'libraryId'>, libraries: readonly Library[]): string | undefined => {
	const held = libraries.find(({id}) => id === libraryId)?.sync?.held;
	return missingSince ?? (held?.reason === 'library-gone' ? held.since : undefined);
};

/**
Whether the server no longer lists a library and nothing of it waits to be accepted any more.
*/
export const isGoneForGood = ({sync}: Pick<Library, 'sync'>): boolean => sync?.goneSince !== undefined && sync.held === undefined;

/**
Why removals wait, for people.
*/
export const heldWords: Readonly<Record<HeldReason, string>> = {
	share: 'More than a fifth of the library is gone at once.',
	location: 'All that a folder of the library held is gone at once.',
	show: 'A whole show is gone at once.',
	season: 'A whole season is gone at once.',
	collection: 'A whole collection is gone at once.',
	'library-gone': 'The server no longer lists the library.',
	viewer: 'The token belongs to another user than before, who may not see everything.',
};

export const totalsTerms = ['imported', 'unchanged', 'failed', 'skipped'] as const;

/**
@example
```
totalsEquation({expected: 188, imported: 12, unchanged: 176, failed: 0, skipped: 0}); //=> '188 expected = 12 imported + 176 unchanged + 0 failed + 0 skipped'
```
*/
export const totalsEquation = (totals: ImportTotals): string =>
	`${formatCount(totals.expected)} expected = ${totalsTerms.map(term => `${formatCount(totals[term])} ${term}`).join(' + ')}`;
