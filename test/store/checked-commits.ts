import test from 'ava';
import fc from 'fast-check';
import {allSteps} from '../../source/base/columns/cells.js';
import {
	applyChangeSet,
	type CatalogData,
	countsAfter,
	emptyCatalog,
} from '../../source/store/catalog-data.js';
import {checkCatalog} from '../../source/store/check-catalog.js';
import {createCheckedCommits} from '../../source/store/checked-commits.js';
import {itemTypes} from '../../source/catalog/kinds.js';
import type {CatalogRecord, Library} from '../../source/catalog/types.js';
import {isAppError} from '../../source/base/errors.js';
import {
	collection,
	file,
	item,
	library,
	lineOf,
	person,
	server,
	tag,
} from '../helpers/store-records.js';

// As a backup does, which reads all lines anyway.
const requireWhole = async ({ofBackup}: Pick<ReturnType<typeof createCheckedCommits>, 'ofBackup'>, {table}: Pick<CatalogData, 'table'>) => {
	const {take, end} = await ofBackup();
	for (const line of take === undefined ? [] : table.lines()) {
		take!(line);
	}

	end();
};

const createCatalog = () => {
	const data = emptyCatalog();
	const checked = createCheckedCommits(() => data);
	checked.loaded({isWhole: false});
	let readings = 0;
	const {lines} = data.table;
	data.table.lines = () => {
		readings++;
		return lines();
	};

	return {
		data,
		readings: () => readings,
		async commit({puts = [], removes = [], libraries = [library()]}: {puts?: CatalogRecord[]; removes?: string[]; libraries?: Library[]}) {
			const check = await checked.begin();
			for (const record of puts) {
				check.put(record);
			}

			for (const _ of removes) {
				check.remove();
			}

			for (const entry of libraries) {
				check.putLibrary(entry);
			}

			const last = new Map(puts.map(record => [record.id, lineOf(record)]));
			const kept = last.entries().filter(([id]) => !removes.includes(id)).map(([, line]) => line).toArray();
			const gone = removes.filter(id => data.table.line(id) !== undefined);
			applyChangeSet(data, {
				revision: data.header.revision + 1,
				after: data.header.revision,
				puts: kept, removes: gone, servers: [server], libraries, events: [], counts: allSteps(countsAfter(data.table, kept, gone, libraries.map(({id}) => id))),
			});
			check.committed();
		},
		async isWhole() {
			try {
				await requireWhole(checked, data);
				return true;
			} catch (error) {
				if (!isAppError(error, 'damaged')) {
					throw error;
				}

				return false;
			}
		},
	};
};

test('a catalogue that was filled by commits is known to be whole without reading it again', async t => {
	const {commit, isWhole, readings} = createCatalog();
	await commit({});
	await commit({puts: [person('p1'), tag('t1'), file('f1')]});
	// An episode that comes before its season and its show, in one commit.
	await commit({
		puts: [
			item('i3', {
				type: 'episode', showId: 'i1', seasonId: 'i2', cast: [{personId: 'p1'}], genres: ['t1'],
			}),
			item('i2', {type: 'season', showId: 'i1'}),
			item('i1', {type: 'show'}),
		],
	});
	await commit({puts: [item('i1', {type: 'show', title: 'Another title'}), collection('c1', ['i1'])]});
	t.true(await isWhole());
	t.is(readings(), 0);
});

test('after a removal everything is read, and from then on it is known again', async t => {
	const {commit, isWhole, readings} = createCatalog();
	await commit({puts: [person('p1'), item('i1', {cast: [{personId: 'p1'}]}), item('i2')]});
	await commit({removes: ['i2']});
	t.true(await isWhole());
	t.is(readings(), 1);
	await commit({puts: [item('i2')]});
	t.true(await isWhole());
	t.is(readings(), 1);
	await commit({removes: ['p1']});
	t.false(await isWhole());
});

test('a transaction that began before everything was checked is not taken as checked', async t => {
	const data = emptyCatalog();
	const checked = createCheckedCommits(() => data);
	const check = await checked.begin();
	check.put(item('i1', {genres: ['t9']}));
	checked.loaded({isWhole: false});
	const line = lineOf(item('i1', {genres: ['t9']}));
	applyChangeSet(data, {
		revision: 1, after: 0, puts: [line], removes: [], servers: [server], libraries: [library()], events: [], counts: allSteps(countsAfter(data.table, [line], [], ['lib'])),
	});
	check.committed();
	await t.throwsAsync(requireWhole(checked, data), {message: /not whole/v});
});

const ids = fc.constantFrom('i1', 'i2', 'i3', 'x1', 'x2');
const records: fc.Arbitrary<CatalogRecord> = fc.oneof(
	ids.map(id => person(id)),
	ids.map(id => tag(id)),
	ids.map(id => file(id)),
	fc.tuple(ids, fc.array(ids, {maxLength: 2})).map(([id, items]) => collection(id, items)),
	fc.tuple(ids, ids, ids, fc.constantFrom(...itemTypes), fc.constantFrom('lib', 'other')).map(([id, showId, personId, type, libraryId]) => item(id, {
		type, libraryId, cast: [{personId}], ...type !== 'movie' && type !== 'show' && {showId},
	})),
	ids.map(id => ({...item(id), year: 1.5})),
);

test('it never says of a catalogue that it is whole which a check of everything would refuse', async t => {
	await fc.assert(fc.asyncProperty(
		fc.array(fc.record({
			puts: fc.array(records, {maxLength: 4}),
			removes: fc.array(ids, {maxLength: 1, size: 'xsmall'}),
			libraries: fc.constantFrom<Library[]>([library()], [library(), library('other')], [{...library(), serverId: 'nobody'}]),
		}), {maxLength: 6}),
		async commits => {
			const catalog = createCatalog();
			for (const commit of commits) {
				await catalog.commit(commit);
				const {problems} = await checkCatalog(catalog.data);
				t.is(await catalog.isWhole(), problems.length === 0, problems.join('\n'));
			}
		},
	), {numRuns: 300});
});
