/**
A query made ready: what its fields are, what its values mean and what time it is have been looked up. It is plain data and says nothing of how it is answered.
*/
export type Plan = {
	where: QueryCondition;
	sort: readonly PlanSort[];
	limit: number | undefined;
	/**
	The folded words and phrases that must occur, by which the best matches come first.
	*/
	words: readonly string[];
};

export type PlanSort = {field: string; isDescending: boolean};

/**
`field` is a name of the field table. `below` speaks of the episodes of a show or season, and `all` asks for at least one. Texts of `word`, `phrase` and `tests` are folded. With `isExact`, no slip of the fingers is forgiven in this word, even where others are.
*/
export type QueryCondition =
	| {kind: 'always' | 'never'}
	| {kind: 'and' | 'or'; terms: readonly QueryCondition[]}
	| {kind: 'not'; term: QueryCondition}
	| {kind: 'below'; quantifier: 'any' | 'all'; term: QueryCondition}
	| {kind: 'word'; word: string; isExact?: true}
	| {kind: 'phrase'; phrase: string}
	| {kind: 'known'; field: string}
	| {kind: 'range'; field: string; ranges: readonly Range[]}
	| {kind: 'text'; field: string; tests: readonly TextTest[]}
	| {kind: 'flag'; field: string};

/**
From `min` to `max`, with both unless they are open.
*/
export type Range = {min: number; max: number; isMinOpen: boolean; isMaxOpen: boolean};

/**
`words`: they occur in this order, as whole words. `equal`: it is the whole text. `choice`: it is the text or another word for it, whatever stands between letters. `is`: exactly this text; of a show and a library it is the id. `language`: a language as it is kept of a track; with a region only this one.
*/
export type TextTest =
	| {kind: 'words' | 'equal' | 'choice' | 'is'; text: string}
	| {kind: 'regex'; source: string; isFolded: boolean}
	| {kind: 'language'; code: string | undefined; name: string};

/**
The ids that are asked for.
*/
export const askedIds = (tests: readonly TextTest[]): string[] => tests.flatMap(test => test.kind === 'is' ? [test.text] : []);

export const isInRange = (value: number, {min, max, isMinOpen, isMaxOpen}: Range): boolean => (isMinOpen ? value > min : value >= min) && (isMaxOpen ? value < max : value <= max);
