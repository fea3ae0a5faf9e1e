import test from 'ava';
import {createKillWorld, type KillPhase} from '../helpers/sync-kill.js';

const phases: ReadonlyArray<[KillPhase, number]> = [['first import', 7], ['sync', 6], ['rewrite', 6], ['migration', 6]];

for (const [phase, kills] of phases) {
	test(`killed at any instant of a ${phase}, the catalogue opens whole and the next sync ends where an undisturbed one does`, async t => {
		const world = await createKillWorld(Math.random);
		let busy = 0;
		try {
			for (let kill = 0; kill < kills; kill++) {
				busy += await world.killOnce(phase) ? 1 : 0;
			}
		} finally {
			await world.close();
		}

		// Otherwise this would prove nothing.
		t.true(busy >= kills / 4, `${busy} of ${kills} kills met a process at work`);
	});
}
