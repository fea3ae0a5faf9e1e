import {PassThrough} from 'node:stream';
import test from 'ava';
import {askLine, askSecret} from '../../source/commands/ask.js';
import type {CommandIo} from '../../source/commands/command.js';

const sitDown = ({isTTY}: {isTTY: boolean}) => {
	const [stdin, stderr] = [new PassThrough(), new PassThrough()];
	const raw: boolean[] = [];
	const terminal = Object.assign(stdin, {
		isTTY,
		setRawMode(isRaw: boolean) {
			raw.push(isRaw);
		},
	});
	return {
		io: {stdin: terminal, stderr} as unknown as CommandIo, type: (text: string) => stdin.write(text), end: () => stdin.end(), shown: () => String(stderr.read() ?? ''), raw,
	};
};

test('a secret is not shown while it is typed, and the terminal is as it was afterwards', async t => {
	const {io, type, shown, raw} = sitDown({isTTY: true});
	const answer = askSecret('Password: ', {io, signal: new AbortController().signal});
	type('canary\r');
	t.is(await answer, 'canary');
	t.is(shown(), 'Password: \n');
	t.deepEqual(raw, [true, false]);
});

test('Ctrl-C at the question for a secret cancels it', async t => {
	const {io, type, raw} = sitDown({isTTY: true});
	const answer = askSecret('Password: ', {io, signal: new AbortController().signal});
	type('can\u{3}');
	await t.throwsAsync(answer, {code: 'cancelled'});
	t.deepEqual(raw, [true, false]);
});

test('without a terminal a secret is the first line, and nothing is asked', async t => {
	const {io, type, shown} = sitDown({isTTY: false});
	const answer = askSecret('Password: ', {io, signal: new AbortController().signal});
	type('canary\nmore\n');
	t.is(await answer, 'canary');
	t.is(shown(), '');
});

for (const [name, asks] of Object.entries({askLine, askSecret})) {
	test(`${name}: an input that ends is an empty answer, and a signal cancels`, async t => {
		const ending = sitDown({isTTY: true});
		const answer = asks('Well? ', {io: ending.io, signal: new AbortController().signal});
		ending.end();
		t.is(await answer, '');

		const stopped = new AbortController();
		const cancelled = asks('Well? ', {io: sitDown({isTTY: true}).io, signal: stopped.signal});
		stopped.abort();
		await t.throwsAsync(cancelled, {code: 'cancelled'});
	});
}
