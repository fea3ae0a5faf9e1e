import test from 'ava';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {findAmong} from '../../../source/query/among.js';
import {compileQuery} from '../../../source/query/language/compile.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {item, put, temporaryFolder} from '../../helpers/store-records.js';
import {world} from '../../query/_asked-library.js';
import {standingLaw} from '../../watch/standing/_standing-law.js';

const server = await startPostgres();
test.after.always(server.close);

test('over a database a standing query knows and tells the same without an index', async t => {
	const folder = await temporaryFolder(t);
	await standingLaw(t, async () => {
		const store = await openPostgresCatalog({folder, login: {address: server.address()}});
		t.truthy(store.answers);
		return store;
	}, 10);
});

test('what a query says of the episodes below a show is found by SQL, also of what is right below it', async t => {
	const store = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address: server.address()}});
	t.teardown(async () => store.close());
	await put(
		store,
		item('i1', {type: 'show'}),
		item('i2', {type: 'season', showId: 'i1'}),
		item('i3', {
			type: 'episode', title: 'Ferry', showId: 'i1', seasonId: 'i2',
		}),
		item('i4', {type: 'show'}),
		item('i5', {type: 'episode', title: 'Ferry', showId: 'i4'}),
		item('i6', {type: 'show'}),
	);
	const children = await Promise.all(['i1', 'i2', 'i4', 'i6', 'i9'].map(async id => store.answers!.children(id)));
	t.deepEqual(children.map(ids => ids.toSorted()), [['i2', 'i3'], ['i3'], ['i5'], [], []]);
	const find = await findAmong(['i1', 'i2', 'i4', 'i6'], {store, index: async () => store.answers!, isBelowAsked: true});
	t.deepEqual(await find(await compileQuery('any(title:ferry)', world)), new Set(['i1', 'i2', 'i4']));
});
