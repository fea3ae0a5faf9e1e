import test from 'ava';
import type {Run} from '../../source/catalog/types.js';
import {listRuns, matchRuns} from '../../source/history/runs.js';
import {runLibrary, runRecord} from '../helpers/run-records.js';

const nobody = {writers: []};

const since = (startedAt: string) => ({writers: [{startedAt}]});
const running = (id: string, startedAt: string) => runRecord(id, startedAt, {status: 'running'});

test('the newest run comes first, and within a second the one that was stored last', t => {
	const runs = [runRecord('r2', '2026-05-02T10:00:00Z'), runRecord('r1', '2026-05-01T10:00:00Z'), runRecord('r3', '2026-05-02T10:00:00Z')];
	t.deepEqual(listRuns(runs, nobody).map(({id}) => id), ['r3', 'r2', 'r1']);
});

test('totals, changes and held removals are those of all libraries', t => {
	const [run] = listRuns([runRecord('r1', '2026-05-01T10:00:00Z', {
		libraries: [
			runLibrary({
				expected: 10, imported: 3, unchanged: 6, failed: 1, changes: {added: 2, upgraded: 1}, held: 30,
			}),
			runLibrary({
				id: 'shows', expected: 5, unchanged: 4, skipped: 1, changes: {added: 1}, held: 2,
			}),
		],
	})], nobody);
	t.deepEqual(run!.totals, {
		expected: 15, imported: 3, unchanged: 10, failed: 1, skipped: 1,
	});
	t.deepEqual(run!.changes, {added: 3, upgraded: 1});
	t.is(run!.held, 32);
});

test('a run that says running is interrupted when no process writes', t => {
	t.is(listRuns([running('r1', '2026-05-01T10:00:00Z')], nobody)[0]!.status, 'interrupted');
});

test('a run is running while the process writes that began it, even within its first second', t => {
	const runs = [running('r1', '2026-05-01T10:00:00Z')];
	t.is(listRuns(runs, since('2026-05-01T09:59:00.000Z'))[0]!.status, 'running');
	t.is(listRuns(runs, since('2026-05-01T10:00:00.700Z'))[0]!.status, 'running');
});

test('a run that a later process did not begin is interrupted, though that process writes', t => {
	t.is(listRuns([running('r1', '2026-05-01T10:00:00Z')], since('2026-05-01T10:00:01.000Z'))[0]!.status, 'interrupted');
});

test('only the newest run can be running: one after it means that it was interrupted', t => {
	const runs = [running('r1', '2026-05-01T10:00:00Z'), running('r2', '2026-05-01T11:00:00Z')];
	t.deepEqual(listRuns(runs, since('2026-05-01T09:00:00Z')).map(({status}) => status), ['running', 'interrupted']);
});

test('of several processes that write for servers of their own, each may be at its newest run', t => {
	const of = (id: string, startedAt: string, libraryId: string, status: Run['status'] = 'running') => runRecord(id, startedAt, {status, libraries: [runLibrary({id: libraryId})]});
	const runs = [
		of('a1', '2026-05-01T10:00:00Z', 'films-of-a'), of('b1', '2026-05-01T10:01:00Z', 'films-of-b'), of('a2', '2026-05-01T10:02:00Z', 'films-of-a'), of('c1', '2026-05-01T10:03:00Z', 'films-of-c'),
	];
	const libraries = ['a', 'b', 'c'].map(id => ({id: `films-of-${id}`, serverId: id}));
	const writers = ['a', 'b'].map(id => ({startedAt: '2026-05-01T09:00:00Z', servers: [{id, name: id}]}));
	t.deepEqual(listRuns(runs, {writers, libraries}).map(({id, status}) => [id, status]), [['c1', 'interrupted'], ['a2', 'running'], ['b1', 'running'], ['a1', 'interrupted']]);
});

test('a run that has ended keeps its status, whoever writes', t => {
	const statuses = ['done', 'partly', 'failed', 'cancelled'] as const;
	const runs = statuses.map((status, index) => runRecord(`r${index}`, '2026-05-01T10:00:00Z', {status}));
	t.deepEqual(listRuns(runs, nobody).map(({status}) => status), statuses.toReversed());
});

test('a run is meant by the beginning of its id, or as the latest', t => {
	const runs = [{id: 'r0ab2'}, {id: 'r0ab1'}, {id: 'r9'}];
	t.deepEqual(matchRuns(runs, 'latest'), [{id: 'r0ab2'}]);
	t.deepEqual(matchRuns(runs, 'r9'), [{id: 'r9'}]);
	t.deepEqual(matchRuns(runs, 'r0ab'), [{id: 'r0ab2'}, {id: 'r0ab1'}]);
	t.deepEqual(matchRuns(runs, 'x'), []);
	t.deepEqual(matchRuns(runs, ''), []);
	t.deepEqual(matchRuns([], 'latest'), []);
});
