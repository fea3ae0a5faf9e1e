import {sql} from 'kysely';
import {nextTurn} from '../../../base/turns.js';
import type {AskedField} from '../../../query/language/asked-fields.js';
import type {TextTest} from '../../../query/language/plan.js';
import {textTester} from '../../../query/language/text-tests.js';
import type {Asking, RowCondition} from './asking.js';
import {containingWords, readOrdered, storedWords} from './stored-texts.js';

export type NameKind = 'person' | 'tag' | 'language';

/**
What the values of a list are.
*/
export const nameKindOf = ({kind, lists}: Pick<AskedField, 'kind' | 'lists'>): NameKind => kind === 'language' ? 'language' : (lists.some(list => peopleLists.has(list)) ? 'person' : 'tag');

export const peopleLists: ReadonlySet<string> = new Set(['directors', 'writers', 'producers', 'cast']);

const namesPerPage = 5000;

/**
All that is in pages of a statement, by the ids in it.
*/
export async function * inPages<Row extends {id: string}>(page: (after: string, limit: number) => Promise<readonly Row[]>, {signal}: Pick<Asking, 'signal'>): AsyncGenerator<readonly Row[]> {
	let after = '';
	for (;;) {
		signal?.throwIfAborted();
		const rows = await page(after, namesPerPage);
		yield rows;
		if (rows.length < namesPerPage) {
			return;
		}

		after = rows.at(-1)!.id;
		await nextTurn();
	}
}

/**
The ids of the people or tags whose names pass one of the tests, or the languages. Whole words and whole names are looked for in the database; anything else is judged here, name by name.
*/
export const matchingNames = async (tests: readonly TextTest[], also: (value: string) => readonly string[], kind: NameKind, asking: Asking): Promise<string[]> => {
	const ids = new Set<string>();
	const judged: TextTest[] = [];
	for (const test of tests) {
		if (test.kind !== 'words' && test.kind !== 'equal') {
			judged.push(test);
			continue;
		}

		for (const id of await namesWith(test.kind === 'equal' ? sql`words = ${storedWords(test.text)}` : sql`words LIKE ${containingWords(test.text)}`, kind, asking)) {
			ids.add(id);
		}
	}

	if (judged.length > 0) {
		const isFound = textTester(judged, also);
		for await (const names of inPages(async (after, limit) => asking.db.selectFrom('list_names').select(['id', 'name']).where('kind', '=', kind).where('id', '>', after).orderBy('id').limit(limit).execute(), asking)) {
			for (const {id, name} of names) {
				if (isFound(readOrdered(name))) {
					ids.add(kind === 'language' ? readOrdered(name) : id);
				}
			}
		}
	}

	return [...ids];
};

/**
The ids of the names for which a condition on `list_names` holds.
*/
export const namesWith = async (condition: RowCondition, kind: NameKind, {db}: Asking): Promise<string[]> => {
	const {rows} = await sql<{id: string}>`SELECT id FROM list_names WHERE kind = ${kind} AND ${condition}`.execute(db);
	return rows.map(({id}) => id);
};
