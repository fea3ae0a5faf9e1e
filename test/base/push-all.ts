import test from 'ava';
import {pushAll} from '../../source/base/push-all.js';

test('more values than a call can have arguments are appended in their order', t => {
	const list = [-1];
	pushAll(list, Array.from({length: 200_000}, (_, number) => number));
	t.is(list.length, 200_001);
	t.deepEqual([list[0], list[1], list.at(-1)], [-1, 0, 199_999]);
});
