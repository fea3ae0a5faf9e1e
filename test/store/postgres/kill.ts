import test from 'ava';
import {killOnce} from '../../helpers/store-kill.js';
import {startPostgres} from '../../helpers/postgres-server.js';

const server = await startPostgres();
test.after.always(async () => {
	await server.close();
});

test('after SIGKILL of the writer at any instant every acknowledged commit is in the tables, whole, and the next one writes', async t => {
	const runs = 8;
	const {text} = server.address();
	let busy = 0;
	for (let run = 0, last = 0; run < runs; run++) {
		const {wasBusy, problems, lastDone} = await killOnce(text, last);
		t.deepEqual(problems, []);
		last = lastDone;
		busy += wasBusy ? 1 : 0;
	}

	t.true(busy >= runs * 0.2, `only ${busy} of ${runs} kills landed in the middle of work`);
});
