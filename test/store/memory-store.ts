import test from 'ava';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {countTurns} from '../helpers/count-turns.js';
import {item, library, server} from '../helpers/store-records.js';
import {testConformance} from '../helpers/store-conformance.js';

testConformance('memory', async () => createMemoryStore());

test('others have their turns while a commit of many changes is made', async t => {
	const store = createMemoryStore();
	await store.load();
	const transaction = await store.begin();
	await transaction.putServer(server);
	await transaction.putLibrary(library());
	await transaction.upsert(Array.from({length: 5000}, (_, number) => item(`i${number}`)));
	const turns = await countTurns(async () => transaction.commit());
	t.true(turns > 30, `${turns} turns`);
	t.is((await store.getMany(['i0', 'i4999'])).length, 2);
});
