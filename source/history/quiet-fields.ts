const quiet: ReadonlySet<string> = new Set([
	'ratingKey', 'updatedAt', 'addedAt', 'images', 'lockedFields', 'fingerprints', 'firstSeenAt', 'missingSince', 'placeholder',
]);

/**
Stamps and marks that move along with every change: told only of changes that consist of nothing else.
*/
export const isQuietField = (name: string): boolean => quiet.has(name);
