import test from 'ava';
import xterm from '@xterm/headless';
import {createLiveLines} from '../../source/commands/live-lines.js';

const open = (columns = 20, rows = 8) => {
	const terminal = new xterm.Terminal({
		cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 100,
	});
	const stream = {
		columns,
		rows,
		write(text: string) {
			terminal.write(text);
			return true;
		},
	};
	const lines = async () => {
		await new Promise<void>(resolve => {
			terminal.write('', resolve);
		});
		const {active} = terminal.buffer;
		const all = Array.from({length: active.length}, (_, row) => active.getLine(row)!.translateToString(true));
		return all.slice(0, all.findLastIndex(line => line !== '') + 1);
	};

	return {
		live: createLiveLines(stream),
		print(text: string) {
			terminal.write(`${text}\n`);
		},
		resize(wanted: number) {
			terminal.resize(wanted, rows);
			stream.columns = wanted;
		},
		lines,
	};
};

test('lines are written anew in place, and vanish at the end', async t => {
	const {live, print, lines} = open();
	print('before');
	live.show(['one 10 %', 'two']);
	live.show(['one 100 %', 'two 5 %']);
	t.deepEqual(await lines(), ['before', 'one 100 %', 'two 5 %']);
	live.show(['two 9 %']);
	t.deepEqual(await lines(), ['before', 'two 9 %']);
	live.show([]);
	t.deepEqual(await lines(), ['before']);
});

test('what is printed stays above, also when the terminal scrolls', async t => {
	const {live, print, lines} = open();
	live.show(['bar one', 'bar two']);
	const said = Array.from({length: 12}, (_, index) => `message ${index}`);
	for (const message of said) {
		live.above(() => {
			print(message);
		});
	}

	t.deepEqual(await lines(), [...said, 'bar one', 'bar two']);
});

test('a terminal that has become narrower shows the lines once', async t => {
	const {live, print, resize, lines} = open();
	print('before');
	live.show(['a bar of 18 cells.', 'another bar']);
	resize(10);
	live.show(['short bar', 'another']);
	t.deepEqual(await lines(), ['before', 'short bar', 'another']);
});

test('after another program has written, the lines begin below it', async t => {
	const {live, print, lines} = open();
	live.show(['bar 1']);
	print('$ fg');
	live.leave();
	live.show(['bar 2']);
	t.deepEqual(await lines(), ['bar 1', '$ fg', 'bar 2']);
});
