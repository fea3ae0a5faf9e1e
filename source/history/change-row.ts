import type {ItemType, ListKind} from '../catalog/types.js';

/**
A field with its values as text; `undefined` for an empty value.
*/
export type ChangedField = {name: string; before: string | undefined; after: string | undefined};

export type ChangeRow = {
	itemId: string;
	type: ItemType | ListKind;
	title: string;
	at: string;
	runId: string;
	reason: string | undefined;
	fields: ChangedField[];
};
