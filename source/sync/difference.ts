/**
One difference between catalogue and server. `unreadable` means that the server could not deliver the item, so it could not be compared.
*/
export type Difference = {
	kind: 'missing' | 'extra' | 'different' | 'unreadable' | 'library-gone';
	libraryId: string;
	ratingKey: string | undefined;
	itemId: string | undefined;
	title: string | undefined;
	fields: string[];
};
