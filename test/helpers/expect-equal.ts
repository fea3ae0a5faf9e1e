import {isDeepStrictEqual} from 'node:util';
import type {ExecutionContext} from 'ava';

/**
As `t.deepEqual`, which takes a second for the records of a library or the bytes of a file and is needed only to show where they differ.
*/
export const expectEqual = <Value>(t: ExecutionContext, is: Value, should: Value, message?: string): void => {
	if (isDeepStrictEqual(is, should)) {
		t.pass(message);
	} else {
		t.deepEqual(is, should, message);
		t.fail(message ?? 'They differ in what `t.deepEqual` does not look at.');
	}
};
