import {hash} from 'node:crypto';
import {type AppError, requireAppError} from '../../base/errors.js';
import type {SavedQuery} from '../../catalog/saved-query.js';
import {tryCompile} from '../../query/language/compile.js';
import type {Plan} from '../../query/language/plan.js';
import type {QueryWorld} from '../../query/language/query-source.js';
import {limitFault, savedNamesIn} from '../../query/language/saved.js';
import type {Faults} from '../faults.js';
import type {StandingBook} from './standing-book.js';

/**
A standing query as it is to be judged now.
*/
export type PlannedStanding = {name: string; meaning: string; plan: Plan};

/**
The same, or why it cannot be judged.
*/
export type ReadStanding = PlannedStanding | (Omit<PlannedStanding, 'plan'> & {fault: AppError});

/**
Reads the standing ones among the saved queries.
*/
export const readStanding = async (saved: readonly SavedQuery[], world: QueryWorld): Promise<ReadStanding[]> => {
	const all: ReadStanding[] = [];
	for (const {name, query, standing} of saved) {
		if (standing !== true) {
			continue;
		}

		const plan = await planOf({name, query}, world);
		all.push({name, meaning: meaningOf(name, saved), ...plan});
	}

	return all;
};

const planOf = async ({name, query}: SavedQuery, world: QueryWorld): Promise<{plan: Plan} | {fault: AppError}> => {
	const compiled = await tryCompile(query, world);
	const fault = 'plan' in compiled ? limitFault(name, compiled.plan) : undefined;
	return fault === undefined ? compiled : {fault};
};

/**
The same for two texts only if they and all saved queries that they lead to are the same.
*/
const meaningOf = (name: string, saved: readonly SavedQuery[]): string => {
	const texts = new Map<string, string>();
	const follow = (wanted: string) => {
		const query = saved.find(other => other.name === wanted)?.query;
		if (query === undefined || texts.has(wanted)) {
			return;
		}

		texts.set(wanted, query);
		for (const inner of savedNamesIn(query)) {
			follow(inner);
		}
	};

	follow(name);
	return hash('sha256', JSON.stringify([...texts])).slice(0, 32);
};

/**
Those that can be judged: not such as are wrong, or have a file of a newer reelcat.
*/
export const followable = async (all: readonly ReadStanding[], {book, faults, revision}: {book: StandingBook; faults: Faults; revision: number}): Promise<PlannedStanding[]> => {
	const found: PlannedStanding[] = [];
	for (const query of all) {
		const {name} = query;
		try {
			if ('fault' in query) {
				throw query.fault;
			}

			if (await book.before(query, revision) === undefined) {
				book.fallBehind(name);
			}

			found.push(query);
		} catch (error) {
			requireAppError(error);

			book.fallBehind(name);
			book.setRefused(name, undefined);
			faults.tell(name, `The standing query @${name} cannot be followed. ${error.message}`);
		}
	}

	return found;
};
