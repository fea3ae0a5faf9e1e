import {isDeepStrictEqual} from 'node:util';
import type {ExecutionContext} from 'ava';
import {contentOf} from './catalog-content.js';
import {createRowWorld} from './row-world.js';
import {
	type AnyRow,
	type AnySection,
	episodeRow,
	movieRow,
	seasonRow,
	showRow,
} from './row-server.js';

/**
A sequence of numbers from 0 to below 1 that a seed decides (Lehmer's generator).
*/
const createDice = (seed: number) => {
	let state = (seed * 7919) + 1;
	const roll = () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};

	const below = (end: number) => Math.floor(roll() * end);
	return {
		below,
		isLucky: (chance: number) => roll() < chance,
		pick: <Value>(values: readonly Value[]): Value => values[below(values.length)]!,
	};
};

type Dice = ReturnType<typeof createDice>;

const nest = (depth: number, isList: boolean): unknown => {
	let value: unknown = 1;
	for (let level = 0; level < depth; level++) {
		value = isList ? [value] : {tag: value};
	}

	return value;
};

/**
Values that do not belong where they will stand.
*/
const oddValues: ReadonlyArray<(dice: Dice) => unknown> = [
	() => null,
	() => '',
	() => ' ',
	() => '\0\u{1B}[2J\n\u{2028}',
	() => '\u{D800}',
	() => '__proto__',
	() => 'constructor',
	() => true,
	() => false,
	() => [],
	() => ({}),
	() => [[]],
	() => [null],
	() => 0,
	() => -1,
	() => 0.5,
	() => 1e308,
	() => Number.MAX_SAFE_INTEGER + 2,
	() => -1e15,
	() => '1e999',
	() => '0x10',
	() => '9'.repeat(40),
	() => 'a'.repeat(5000),
	({below}) => nest(below(4000), true),
	({below}) => nest(below(4000), false),
	({below}) => Array.from({length: below(3000)}, (_, index) => ({tag: `Name ${index}`, id: `imdb://tt${index}`})),
	({below}) => Array.from({length: below(300)}, (_, id) => ({id, Part: [{id, file: `/srv/${id % 7}.mkv`}]})),
	({below}) => JSON.parse(`{"__proto__":{"tag":${below(9)}},"constructor":1}`) as unknown,
];

const parentFields = ['parentRatingKey', 'grandparentRatingKey', 'parentKey', 'grandparentKey'];
const telling = [
	'ratingKey', 'type', 'title', 'guid', 'Guid', 'Media', 'Role', 'Genre', 'Rating', 'Image', 'Field', 'index', 'parentIndex', 'year', 'duration', 'addedAt', 'updatedAt', 'deletedAt', 'summary', 'studio', 'Collection', 'Label', 'originallyAvailableAt', 'viewCount', 'lastViewedAt', 'userRating', 'leafCount', 'librarySectionID', 'Director', 'contentRating', 'editionTitle', 'titleSort',
];

type Place = {owner: Record<string, unknown>; name: string};

/**
Every value in a row that may be changed, with those that Plex could have sent.
*/
const placesIn = (value: unknown, depth = 0): Place[] => typeof value !== 'object' || value === null || depth > 6
	? []
	: Object.entries(value).flatMap(([name, inner]) => [{owner: value as Record<string, unknown>, name}, ...placesIn(inner, depth + 1)]);

const mutations: ReadonlyArray<(row: AnyRow, dice: Dice, keys: readonly string[]) => void> = [
	(row, dice) => {
		Reflect.deleteProperty(row, dice.pick(Object.keys(row)));
	},
	(row, dice) => {
		const {owner, name} = dice.pick(placesIn(row));
		owner[name] = dice.pick(oddValues)(dice);
	},
	(row, dice) => {
		row[dice.pick(telling)] = dice.pick(oddValues)(dice);
	},
	(row, dice) => {
		row[dice.pick(telling)] = row[dice.pick(telling)];
	},
	(row, dice, keys) => {
		row[dice.pick(parentFields)] = dice.isLucky(0.2) ? row['ratingKey'] : dice.pick(keys);
	},
	(row, dice) => {
		Reflect.deleteProperty(row, dice.pick(parentFields));
	},
	(row, dice) => {
		row['type'] = dice.pick(['movie', 'show', 'season', 'episode', 'collection', 'constructor', '']);
	},
	(row, dice, keys) => {
		row['ratingKey'] = dice.pick([dice.pick(keys), Number(dice.pick(keys)), '__proto__', 'a/b', '', '007']);
	},
	(row, dice) => {
		row['librarySectionID'] = dice.pick([1, 2, '1', 3, 'x']);
	},
	(row, dice) => {
		const media: unknown[] = Array.isArray(row['Media']) ? row['Media'] : [];
		row['Media'] = dice.pick([[media], [...media, ...media], media[0]]);
	},
];

const wholeRow = (key: number, dice: Dice): readonly [type: string, section: '1' | '2', row: AnyRow] => {
	const ratingKey = String(key);
	const show = String(1000 + dice.below(20));
	const season = String(2000 + dice.below(60));
	const people = Array.from({length: dice.below(4)}, () => ({tag: `Person ${dice.below(40)}`, tagKey: dice.isLucky(0.5) ? `key${dice.below(40)}` : undefined, role: `Role ${dice.below(5)}`}));
	const facts = {
		Role: people, Director: people.slice(1), Genre: [{tag: `Genre ${dice.below(12)}`}], Collection: [{tag: `Set ${dice.below(5)}`}], Rating: [{image: 'imdb://image.rating', type: 'audience', value: dice.below(11)}],
	};
	if (key >= 1000 && key < 2000) {
		return ['2', '1', showRow(ratingKey, facts)];
	}

	if (key >= 2000 && key < 3000) {
		return ['3', '1', seasonRow(ratingKey, show, {index: dice.below(4)})];
	}

	return key < 1000
		? ['1', '2', movieRow(ratingKey, facts)]
		: ['4', '1', episodeRow(ratingKey, season, show, {...facts, index: dice.below(20), parentIndex: dice.below(4)})];
};

/**
Two libraries with so many rows, most of them broken in one to three ways. The same seed gives the same rows.
*/
const mutatedSections = (seed: number, rows: number): AnySection[] => {
	const dice = createDice(seed);
	const share = Math.ceil(rows / 10);
	const keys = [
		...Array.from({length: 2 * share}, (_, index) => 1000 + index),
		...Array.from({length: 2 * share}, (_, index) => 2000 + index),
		...Array.from({length: 3 * share}, (_, index) => 3000 + index),
		...Array.from({length: 3 * share}, (_, index) => 1 + index),
	].slice(0, rows);
	const names = keys.map(String);
	const lists = {
		1: new Map<string, AnyRow[]>(), 2: new Map<string, AnyRow[]>(),
	};
	for (const key of keys) {
		const [type, section, row] = wholeRow(key, dice);
		if (dice.isLucky(0.8)) {
			for (let count = 0; count <= dice.below(3); count++) {
				dice.pick(mutations)(row, dice, names);
			}
		}

		const list = lists[section].get(type) ?? [];
		list.push(row);
		lists[section].set(type, list);
	}

	return [
		{
			key: '1', uuid: 'shows', title: 'Shows', type: 'show', rows: Object.fromEntries(lists[1]),
		},
		{
			key: '2', uuid: 'films', title: 'Films', type: 'movie', rows: Object.fromEntries(lists[2]),
		},
	];
};

/**
Imports mutated rows over real HTTP, imports and syncs them again, and restores a backup.

@returns what is wrong, in sentences; nothing when each row was kept or told, the catalogue passes `verify`, nothing changes the second time, and the backup brings the same back
*/
export const provenRows = async (t: Pick<ExecutionContext, 'teardown'>, {seed, rows}: {seed: number; rows: number}): Promise<string[]> => {
	const world = await createRowWorld(t, mutatedSections(seed, rows));
	const problems: string[] = [];
	const first = await world.import();
	for (const {title, expected, imported, unchanged, failed, skipped, complete} of first.libraries) {
		if (!complete || imported + unchanged + failed + skipped !== expected) {
			problems.push(`${title} is not complete: ${expected} expected, ${imported} imported, ${unchanged} unchanged, ${failed} failed, ${skipped} skipped.`);
		}
	}

	problems.push(...await world.problems());
	const content = await contentOf(world.store);
	for (const [name, again] of [['second import', await world.import()], ['sync', await world.sync()]] as const) {
		for (const {title, imported} of again.libraries) {
			if (imported > 0) {
				problems.push(`The ${name} changed ${imported} items of ${title}.`);
			}
		}
	}

	if (!isDeepStrictEqual(await contentOf(world.store), content)) {
		problems.push('The content is another one after a second import and a sync.');
	}

	problems.push(...await world.problems());
	if (!isDeepStrictEqual(await world.restored(), content)) {
		problems.push('The restored catalogue is another one.');
	}

	return problems;
};
