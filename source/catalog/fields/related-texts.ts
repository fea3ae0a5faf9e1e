/**
A person or a tag in JSON, which is written once and not for each item that refers to it.
*/
export type RelatedText = {
	/**
	Undefined where there is no such record.
	*/
	readonly name: string | undefined;
	/**
	The person as the export has it; undefined where there is no such person.
	*/
	readonly person: string | undefined;
};

type NamingField = 'genres' | 'countries' | 'studios' | 'collections' | 'labels' | 'directors' | 'writers' | 'producers';

/**
Those to which an item refers, in the order of its ids.
*/
export type RelatedTexts = Readonly<Record<NamingField | 'cast', readonly RelatedText[]>>;
