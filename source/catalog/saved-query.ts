/**
A query that a person keeps under a name. Inside any query, `@name` stands for it.
*/
export type SavedQuery = {
	name: string;
	query: string;
	/**
	The daemon tells what enters and leaves its result.
	*/
	standing?: boolean | undefined;
};

export const savedNamePattern = /^[a-z][\-0-9a-z]{0,39}$/v;

/**
So many are kept.
*/
export const mostSaved = 500;
