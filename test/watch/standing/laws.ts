import test from 'ava';
import {createMemoryStore} from '../../../source/store/memory-store.js';
import {standingLaw} from './_standing-law.js';

test('after any changes and restarts, a standing query knows what a look at everything finds, and has told the difference once', async t => {
	await standingLaw(t, async () => {
		const memory = createMemoryStore();
		await memory.load();
		return {...memory, kept: () => undefined};
	}, 40);
});
