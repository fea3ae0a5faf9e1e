/**
How the values of a field are written in a query. `names` are those of people and tags, `choice` is one of few words, `id` a number at a provider, `moment` a time and `day` a date.
*/
export type AskedKind = 'text' | 'names' | 'choice' | 'number' | 'bytes' | 'duration' | 'bitrate' | 'resolution' | 'moment' | 'day' | 'flag' | 'language' | 'id' | 'library' | 'server' | 'show';

/**
Values that many items share, of which an item may have several. Those of one block lie together in the index.
*/
export const listBlocks = ['tags', 'languages', 'ids', 'people'] as const;

export type ListBlock = typeof listBlocks[number];

/**
See `asked` of a field.
*/
export type AskedFacet<Source, Summary> = {
	names?: readonly string[];
	/**
	By default what the type of the field says.
	*/
	kind?: AskedKind;
	/**
	Other words for a value.
	*/
	also?: (value: string) => readonly string[];
	/**
	All values that there are.
	*/
	values?: readonly string[];
	/**
	Ids of people and tags, languages, or numbers at a provider.
	*/
	list?: {block: ListBlock; of: (source: Source) => readonly string[] | readonly number[]};
	/**
	A field that speaks of the lists of several others.
	*/
	lists?: readonly string[];
	of?: (summary: Summary) => number | undefined;
};
