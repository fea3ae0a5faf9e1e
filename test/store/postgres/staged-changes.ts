import test from 'ava';
import {emptyHeader} from '../../../source/store/catalog-data.js';
import {recordLine} from '../../../source/store/record-line.js';
import {stageChanges, type StoredLine} from '../../../source/store/postgres/staged-changes.js';
import {person} from '../../helpers/store-records.js';

const stored = (id: string): StoredLine => ({
	id, kind: 'person', type: undefined, libraryId: undefined, line: recordLine({...person(id), thumb: '/picture'}),
});

test('what another process puts while it is asked for is no longer taken as absent', async t => {
	const answers = [Promise.withResolvers<StoredLine[]>(), Promise.withResolvers<StoredLine[]>()];
	let asked = 0;
	const staged = stageChanges({header: emptyHeader, linesOf: async () => answers[asked++]!.promise});
	const putting = staged.upsert([person('p1'), person('p2')]);
	staged.outdate(['p1']);
	answers[0]!.resolve([]);
	await putting;
	answers[1]!.resolve([stored('p1')]);
	const {puts, before} = (await staged.changes())!;
	t.deepEqual(before.keys().toArray(), ['p1']);
	// It has the picture that is there already.
	t.deepEqual(puts.keys().toArray(), ['p2']);
});

test('when everything may have changed, all is asked for again', async t => {
	let there: StoredLine[] = [];
	const staged = stageChanges({header: emptyHeader, linesOf: async () => there});
	await staged.upsert([person('p1')]);
	there = [stored('p1')];
	staged.outdate();
	t.is(await staged.changes(), undefined);
});

test('after a failure, the same is asked for again', async t => {
	let isFailing = true;
	const staged = stageChanges({
		header: emptyHeader,
		async linesOf() {
			if (isFailing) {
				throw new Error('The connection broke off.');
			}

			return [stored('p1')];
		},
	});
	await t.throwsAsync(staged.upsert([person('p1')]));
	isFailing = false;
	t.deepEqual(await staged.upsert([person('p1')]), {inserted: [], updated: ['p1'], unchanged: []});
});
