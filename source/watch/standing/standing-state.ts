/**
What is kept of one standing query between two looks, and over restarts. All sets hold ids of items.
*/
export type StandingState = {
	/**
	The query with all saved queries that it names, as one value: a query that means something else only notes anew.
	*/
	meaning: string;
	/**
	The revision of the catalogue at the last look.
	*/
	revision: number;
	/**
	The libraries whose first import had ended at the last look. What comes with a first import is not told.
	*/
	libraries: ReadonlySet<string>;
	members: ReadonlySet<string>;
	/**
	What no notice has told yet. No item is in both.
	*/
	untold: ResultChange;
	/**
	Another one for each notice, so that the same notice is never sent twice.
	*/
	batch: string;
	/**
	When the first of what is untold was seen, an ISO instant; absent if nothing is untold.
	*/
	since?: string | undefined;
};

export type ResultChange = {came: ReadonlySet<string>; left: ReadonlySet<string>};

export const unchangedResult: ResultChange = {came: new Set(), left: new Set()};

export const isSameResult = ({came, left}: ResultChange): boolean => came.size === 0 && left.size === 0;

/**
What differs where only some items were judged again: `found` are those of them that the query finds now.
*/
export const differenceAmong = (members: ReadonlySet<string>, judged: Iterable<string>, found: ReadonlySet<string>): ResultChange => {
	const came = new Set<string>();
	const left = new Set<string>();
	for (const id of judged) {
		if (found.has(id) !== members.has(id)) {
			(found.has(id) ? came : left).add(id);
		}
	}

	return {came, left};
};

/**
What differs between two results as a whole.
*/
export const differenceBetween = (before: ReadonlySet<string>, after: ReadonlySet<string>): ResultChange => differenceAmong(before, [...before, ...after], after);

/**
Takes over a difference. What came and left again before anybody was told of it is not told. `quiet` are items whose coming is not told either.
*/
export const take = (state: StandingState, {came, left}: ResultChange, {now, quiet = new Set()}: {now: Date; quiet?: ReadonlySet<string>}): StandingState => {
	if (came.size === 0 && left.size === 0) {
		return state;
	}

	const members = new Set(state.members);
	const untold = {came: new Set(state.untold.came), left: new Set(state.untold.left)};
	for (const id of came) {
		members.add(id);
		if (!untold.left.delete(id) && !quiet.has(id)) {
			untold.came.add(id);
		}
	}

	for (const id of left) {
		members.delete(id);
		if (!untold.came.delete(id)) {
			untold.left.add(id);
		}
	}

	return {
		...state, members, untold, since: isSameResult(untold) ? undefined : state.since ?? now.toISOString(),
	};
};

/**
The state when everything is told.
*/
export const toldAll = (state: StandingState, batch: string): StandingState => ({
	...state, untold: unchangedResult, since: undefined, batch,
});
