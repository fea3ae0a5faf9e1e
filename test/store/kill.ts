import test from 'ava';
import {killOnce} from '../helpers/store-kill.js';
import {temporaryFolder} from '../helpers/store-records.js';

test('after SIGKILL at any instant every acknowledged commit is there, whole, and the catalogue is in order', async t => {
	const runs = 25;
	// Each lane is a catalogue of its own that is killed again and again.
	const lane = async (count: number) => {
		const folder = await temporaryFolder(t);
		let busy = 0;
		for (let run = 0, last = 0; run < count; run++) {
			const {wasBusy, problems, lastDone} = await killOnce(folder, last);
			t.deepEqual(problems, []);
			last = lastDone;
			busy += wasBusy ? 1 : 0;
		}

		return busy;
	};

	const [one, two] = await Promise.all([lane(13), lane(runs - 13)]);
	t.true(one + two >= runs * 0.2, `only ${one + two} of ${runs} kills landed in the middle of work`);
});
