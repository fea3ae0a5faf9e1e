import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {colorPaint} from '../../source/base/text/style.js';
import {helpText} from '../../source/commands/help.js';
import {parseCommandLine} from '../../source/commands/parse.js';
import {commands} from '../../source/commands/registry.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {runCommand} from '../helpers/run-command.js';

const parse = (...argv: string[]) => parseCommandLine(commands, argv);

test('options may stand before or after the command', t => {
	for (const argv of [['--demo', 'import', 'Films', '--json'], ['import', '--json', 'Films', '--demo']]) {
		const {command, input, flags} = parse(...argv);
		t.is(command.name, 'import');
		t.deepEqual(input, ['Films']);
		t.true(flags.boolean('demo'));
		t.true(flags.boolean('json'));
		t.is(flags.boolean('all'), undefined);
	}
});

test('no command is the app', t => {
	t.is(parse().command.name, '');
	t.is(parse('--demo').command.name, '');
});

test('--no-color is told apart from no word about colour', t => {
	t.false(parse('--no-color').flags.boolean('color'));
	t.is(parse().flags.boolean('color'), undefined);
});

test('a value that is missing or no number is refused with the option in the message', t => {
	t.throws(() => parse('ls', '--limit', 'many'), {message: /--limit needs a whole number/v});
	t.throws(() => parse('ls', '--limit', '-3'), {message: /--limit needs a whole number/v});
	t.throws(() => parse('ls', '--limit', '0'), {message: /--limit needs a whole number from 1 on/v});
	t.throws(() => parse('import', '--token-file'), {message: /--token-file needs one value/v});
});

test('what names another server does not go with --demo', t => {
	for (const option of ['--url', '--token-file']) {
		t.throws(() => parse('ls', option, 'nas', '--demo'), {message: `The option ${option} does not go with --demo, which has a server of its own.`});
		t.notThrows(() => parse('ls', option, 'nas'));
	}
});

test('a token on the command line is refused with the reason', t => {
	const error = t.throws(() => parse('import', '--token', 'canary'));
	t.regex(error.message, /argument lists can be read by everyone/v);
	t.false(error.message.includes('canary'));
});

test('the help names every command and every option', t => {
	const all = helpText(commands);
	for (const command of commands) {
		t.true(all.includes(command.summary), command.name);
		const own = helpText(commands, command);
		for (const flag of Object.values(command.flags ?? {})) {
			t.true(own.includes(flag.help), `${command.name}: ${flag.help}`);
		}
	}
});

test('help fits 100 columns but for the sentences of a command', t => {
	const wide = helpText(commands).split('\n').filter(line => line.length > 100);
	t.deepEqual(wide, []);
});

test('an option that one command takes several times is one value for another', t => {
	t.deepEqual(parse('--watch', '--library', 'Films', '--library', 'Series').flags.strings('library'), ['Films', 'Series']);
	t.deepEqual(parse('--watch', '--library', 'Films').flags.strings('library'), ['Films']);
	t.deepEqual(parse('--watch').flags.strings('library'), []);
	t.is(parse('ls', '--library', 'Films').flags.string('library'), 'Films');
	t.throws(() => parse('ls', '--library', 'Films', '--library', 'Series'), {message: /--library needs one value/v});
});

test('a command or option with letters wrong is answered with the one that was meant', t => {
	const hintOf = (...argv: string[]) => t.throws<AppError>(() => parse(...argv), {instanceOf: AppError}).hint;
	t.is(hintOf('search', 'nosferatu'), 'Did you mean "reelcat ls"? "reelcat --help" lists the commands.');
	t.is(hintOf('serve'), 'Did you mean "reelcat --watch --api"? "reelcat --help" lists the commands.');
	t.is(hintOf('snyc'), 'Did you mean "sync"? "reelcat --help" lists the commands.');
	t.regex(hintOf('frobnicate')!, /^There is: login, /v);
	t.is(hintOf('sync', '--ful'), 'Did you mean "--full"? "reelcat sync --help" lists the options.');
	t.is(hintOf('ls', '--tokenfile', 'x'), 'Did you mean "--token-file"? "reelcat ls --help" lists the options.');
	t.is(hintOf('ls', '-has:hdr'), '"reelcat ls --help" lists the options. A query that begins with a minus stands behind --, for instance -- "-genre:drama".');
	t.is(hintOf('ls', '--hdrr'), '"reelcat ls --help" lists the options.');
	// The option of another command would be refused next.
	t.is(hintOf('logout', '--limitt'), '"reelcat logout --help" lists the options.');
});

test('each example of the help is a command line that its command takes', t => {
	for (const {name, examples} of commands) {
		for (const [line] of examples) {
			const [words] = /reelcat\b(?<words>[^\)>\|]*)/v.exec(line)!.slice(1);
			const argv = words!.matchAll(/"(?<quoted>[^"]*)"|\S+/gv).map(({0: word, groups}) => groups?.['quoted'] ?? word).toArray();
			const {command, input} = parse(...argv);
			t.is(command.name, name, line);
			t.true(input.length === 0 || command.arguments !== undefined, line);
		}
	}
});

test('"help COMMAND" says what "COMMAND --help" says', async t => {
	const store = createMemoryStore();
	const {stdout, exitCode} = await runCommand(store, ['help', 'sync']);
	t.is(exitCode, 0);
	t.is(stdout, helpText(commands, commands.find(({name}) => name === 'sync')));
	t.is((await runCommand(store, ['help'])).stdout, helpText(commands));
	const error = await t.throwsAsync<AppError>(runCommand(store, ['help', 'snyc']), {instanceOf: AppError});
	t.is(error.code, 'usage');
	t.regex(error.hint!, /^Did you mean "sync"\?/v);
});

test('the help has its colours only when it is asked to', t => {
	const sync = commands.find(({name}) => name === 'sync');
	t.regex(helpText(commands, sync, colorPaint), /\u{1B}\[1mExamples/v); // eslint-disable-line no-control-regex, regexp/no-control-character -- it looks for escape sequences
	t.is(stripVTControlCharacters(helpText(commands, sync, colorPaint)), helpText(commands, sync));
	t.is(stripVTControlCharacters(helpText(commands, undefined, colorPaint)), helpText(commands));
});
