import test from 'ava';
import {createBackupRounds} from '../../source/watch/backup-rounds.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const hourMs = 3_600_000;

test('every backup is checked once a week, one an hour and one at a time, a new one at its turn', async t => {
	const clock = createVirtualClock();
	let files = ['c', 'b', 'a'];
	const checked: string[] = [];
	const rounds = createBackupRounds({
		files: async () => files,
		async check(file) {
			t.false(rounds.isDue());
			checked.push(file);
			return file === 'b' ? ['It is damaged.'] : [];
		},
	}, clock);
	const pass = async (hours: number) => {
		for (let hour = 0; hour < hours; hour++) {
			await clock.advance(hourMs);
			if (rounds.isDue()) {
				await rounds.checkNext();
			}
		}
	};

	t.false(rounds.isDue());
	t.is(rounds.facts(), undefined);
	await pass(1);
	t.deepEqual(rounds.facts(), [{file: 'c', problems: []}, {file: 'b', problems: undefined}, {file: 'a', problems: undefined}]);
	t.false(rounds.isDue());
	await pass(4);
	t.deepEqual(checked, ['c', 'b', 'a']);
	t.deepEqual(rounds.facts()![1], {file: 'b', problems: ['It is damaged.']});
	files = ['d', 'c', 'b'];
	await pass(1);
	t.deepEqual(checked, ['c', 'b', 'a', 'd']);
	t.deepEqual(rounds.facts()!.map(({file}) => file), ['d', 'c', 'b']);
	await pass(7 * 24);
	t.deepEqual(checked, ['c', 'b', 'a', 'd', 'c', 'b', 'd']);
});
