import {EventEmitter} from 'node:events';
import test from 'ava';
import {exitCodes} from '../../source/commands/exit-codes.js';
import {listenForSignals} from '../../source/commands/signals.js';

const startProcess = () => {
	const ends: Array<number | undefined> = [];
	const process = Object.assign(new EventEmitter(), {
		stdin: {}, stdout: {}, stderr: {}, exit(code?: number) {
			ends.push(code);
		},
	});
	return {
		ends,
		stopping: listenForSignals(process as unknown as NodeJS.Process),
		send(name: NodeJS.Signals) {
			process.emit(name, name);
		},
	};
};

test('the first signal ends the work in order, and the second at once', t => {
	const {ends, stopping, send} = startProcess();
	send('SIGTERM');
	t.true(stopping.signal.aborted);
	t.deepEqual(ends, []);
	send('SIGINT');
	t.deepEqual(ends, [exitCodes.terminated.code]);
});

test('work that is ending already is not cut off by the first signal', t => {
	const {ends, stopping, send} = startProcess();
	stopping.stop(exitCodes.unwritable.code);
	stopping.stop(exitCodes.failed.code);
	t.true(stopping.signal.aborted);
	send('SIGTERM');
	t.deepEqual(ends, []);
	t.is(stopping.exitCode(), exitCodes.unwritable.code);
	send('SIGTERM');
	t.deepEqual(ends, [exitCodes.unwritable.code]);
});
