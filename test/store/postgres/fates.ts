import test from 'ava';
import fc from 'fast-check';
import {openPostgresCatalog} from '../../../source/store/postgres/postgres-catalog.js';
import {readKnowledge} from '../../../source/sync/knowledge.js';
import {commits, createCommitter, told} from '../../helpers/alike-items.js';
import {startPostgres} from '../../helpers/postgres-server.js';
import {temporaryFolder} from '../../helpers/store-records.js';
import {modelSteps, playModel} from '../../helpers/sync-model.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

for (const isTouched of [false, true]) {
	test(`whatever happens on the server, after each sync the tables have what a fresh import gives${isTouched ? ', also when items are touched before' : ''}`, async t => {
		const folder = await temporaryFolder(t);
		await t.notThrowsAsync(fc.assert(fc.asyncProperty(modelSteps(6), async steps => {
			// As a command opens it: the server is claimed when it has answered, and nothing of another one may be written.
			const store = await openPostgresCatalog({folder, login: {address: server.address()}, writesFor: async () => []});
			try {
				await playModel(steps, {isTouched, openStore: async () => store});
			} finally {
				await store.close();
			}
		}), {numRuns: 3, endOnFailure: true, includeErrorInReport: true}));
	});
}

test('what is looked up is what reading all items finds', async t => {
	const folder = await temporaryFolder(t);
	await fc.assert(fc.asyncProperty(commits, async committed => {
		const store = await openPostgresCatalog({folder, login: {address: server.address()}});
		try {
			const put = createCommitter(store);
			for (const drawn of committed) {
				await put(drawn);
			}

			t.deepEqual(await told(readKnowledge(store)), await told(readKnowledge({...store, lookup: undefined})));
		} finally {
			await store.close();
		}
	}), {numRuns: 20});
});
