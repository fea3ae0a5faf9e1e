import {once} from 'node:events';
import {createServer, type AddressInfo, type Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import pg from 'pg';
import {showEarlyScreen} from '../../source/ui/output/early-screen.js';
import {createEmulator} from '../helpers/emulator.js';
import {withHousehold, type Household} from '../helpers/household.js';
import {openDatabase} from '../helpers/open-database.js';
import {startPostgres} from '../helpers/postgres-server.js';
import {item, put} from '../helpers/store-records.js';
import {promptShell} from '../helpers/terminal.js';

const isAtPrompt = (screen: string) => screen.trimEnd().endsWith('prompt>');

/**
Somebody in a shell who starts the app over a database that never answers, so that the app is not there for seconds.
*/
const startWithoutAnswer = async (t: ExecutionContext, {sit}: Household) => {
	const sockets: Socket[] = [];
	const database = createServer(socket => {
		sockets.push(socket);
	});
	database.listen(0, '127.0.0.1');
	await once(database, 'listening');
	t.teardown(() => {
		database.close();
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	const {port} = database.address() as AddressInfo;
	const person = sit({shell: promptShell, columns: 100, rows: 30});
	await person.sees(isAtPrompt);
	person.type(`reelcat --store postgres://somebody@127.0.0.1:${port}/films\r`);
	await person.sees(text => text.trim() === 'reelcat');
	await (sockets.length === 0 ? once(database, 'connection') : undefined);
	return person;
};

test('the screen of the app is there before the app is, and whoever ends it then has the shell as it was', withHousehold, async (t, household) => {
	const person = await startWithoutAnswer(t, household);
	t.true(person.isAlternateScreen());
	t.false(person.modes()[25]);
	person.type('\u{3}');
	await person.sees(text => text.includes('was cancelled') && isAtPrompt(text));
	t.false(person.isAlternateScreen());
	t.true(person.modes()[25]);
	person.type('echo "left with $?"\r');
	await person.sees(/left with 130/v);
});

test('Ctrl-Z before the app is there gives the shell back, and fg goes on', withHousehold, async (t, household) => {
	const person = await startWithoutAnswer(t, household);
	person.type('\u{1A}');
	await person.sees(/Stopped/v);
	t.false(person.isAlternateScreen());
	t.true(person.modes()[25]);
	person.type('fg\r');
	await person.sees(text => text.includes('cannot be reached') && isAtPrompt(text));
	t.false(person.isAlternateScreen());
});

test('a terminal that was resized while the app was stopped before it was there is drawn in its new size', withHousehold, async (t, {sit}) => {
	const server = await startPostgres();
	t.teardown(server.close);
	const address = server.address();
	const store = await openDatabase(t, address);
	await put(store, item('i1'));
	await store.close();
	const {host, port, user, database} = address;
	const other = new pg.Client({
		host, port, user, database,
	});
	await other.connect();
	t.teardown(async () => other.end());
	// Whoever opens the catalogue waits for this, for up to a minute.
	await other.query(`BEGIN; LOCK TABLE ${address.schema}.servers`);
	const person = sit({shell: promptShell, columns: 100, rows: 30});
	await person.sees(isAtPrompt);
	person.type(`reelcat --store '${address.text}'\r`);
	await person.sees(text => text.trim() === 'reelcat');
	person.type('\u{1A}');
	await person.sees(/Stopped/v);
	person.resize(70, 20);
	person.type('stty size\r');
	await person.sees('20 70');
	person.type('fg\r');
	await other.query('COMMIT');
	const screen = await person.sees(text => text.includes('? all'));
	t.regex(screen, /^╭─[^╭╮]{67}╮$/mv);
});

test('an error before the app is there is told under the command that was typed', withHousehold, async (t, {sit}) => {
	const person = sit({shell: promptShell, columns: 100, rows: 30});
	await person.sees(isAtPrompt);
	person.type('reelcat --interval 5m\r');
	const screen = await person.sees(text => text.includes('options of the daemon') && isAtPrompt(text));
	t.regex(screen, /--interval 5m\n(?:.|\n)*options of the daemon/v);
	t.true(person.written().includes('[?1049h'));
	t.false(person.isAlternateScreen());
});

test('a sentence stands on the early screen, and the app finds the screen without it', async t => {
	const emulator = createEmulator(40, 5);
	const written: Array<Promise<void>> = [];
	const stdout = {
		write(text: string) {
			written.push(emulator.write(text));
			return true;
		},
	};
	const shown = async () => {
		await Promise.all(written);
		return emulator.text();
	};

	const screen = showEarlyScreen({stdout, onEnd: () => () => undefined});
	screen.say('Something is waited for.');
	t.deepEqual(await shown(), ['reelcat', '', 'Something is waited for.', '', '']);
	t.true(screen.handOver());
	screen.say('Too late.');
	t.deepEqual(await shown(), ['', '', '', '', '']);
});
