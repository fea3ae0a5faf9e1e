import test from 'ava';
import {withHousehold} from '../helpers/household.js';
import {runHere} from '../helpers/run-here.js';

test('a file to restore that is not there, or is a folder, is a wrong command line', withHousehold, async (t, {home}) => {
	for (const [name, reason] of [['nowhere.json.zst', /There is no file \S+nowhere\.json\.zst/v], [home, /is not a file/v]] as const) {
		const {exitCode, stderr} = await runHere(home, ['restore', name, '--yes']);
		t.is(exitCode, 2);
		t.regex(stderr, reason);
		t.regex(stderr, /"reelcat backup --list" lists the backups/v);
	}
});
