import test from 'ava';
import * as fc from 'fast-check';
import {AppError} from '../../source/base/errors.js';
import type {Flag} from '../../source/base/flags.js';
import {globalFlags, kebab, parseCommandLine} from '../../source/commands/parse.js';
import {commands} from '../../source/commands/registry.js';

const parse = (argv: readonly string[]) => parseCommandLine(commands, argv);

const each = commands.flatMap(({name, flags = {}}) => Object.entries({...globalFlags as Record<string, Flag>, ...flags}).map(([flag, definition]) => ({
	command: name === '' ? [] : [name], flag, option: `--${kebab(flag)}`, definition,
})));

// What each of these options accepts in any case.
const goodValue = ({type, min = 0}: Flag) => type === 'number' ? String(min) : 'example';

const switchFaults = (option: string) => [[option, option], [option, `--no-${option.slice(2)}`], [`${option}=maybe`], [`${option}=true`]];

const {switches = [], others = []} = Object.groupBy(each, ({definition: {type}}) => type === 'boolean' ? 'switches' : 'others');

test('every option without a value is read as it is written', t => {
	for (const {command, flag, option} of switches) {
		t.true(parse([...command, option]).flags.boolean(flag), option);
		t.false(parse([`--no-${kebab(flag)}`, ...command]).flags.boolean(flag), option);
	}
});

test('every option with a value is read as it is written', t => {
	for (const {command, flag, option, definition} of others) {
		const value = goodValue(definition);
		for (const argv of [[...command, option, value], [...command, `${option}=${value}`], [option, value, ...command]]) {
			const {flags, command: {name}} = parse(argv);
			t.is(name, command[0] ?? '');
			t.is(String(flags.number(flag) ?? flags.string(flag)), value, argv.join(' '));
			t.deepEqual(flags.strings(flag).map(String), [value]);
		}
	}
});

test('an empty value, a missing one, a repeated option and a value of a wrong type are refused, with the option, for every option of every command', t => {
	for (const {command, option, definition} of each) {
		const value = goodValue(definition);
		const isFlag = definition.type === 'boolean';
		const wrong = [
			[`${option}=`],
			[`${option}= `],
			...isFlag ? switchFaults(option) : [[option, '']],
			...isFlag || definition.isMultiple === true ? [] : [[option, value, option, value], [`${option}=${value}`, `${option}=${value}`]],
			...isFlag || definition.isValueOptional === true ? [] : [[option], [option, '--demo'].slice(0, option === '--demo' ? 1 : 2)],
			...definition.type === 'number' ? ['x', '-1', '1.5', '1e3', '0x10', '9'.repeat(30), 'NaN', 'Infinity', '٣', ...(definition.min ?? 0) > 0 ? ['0'] : [], ...definition.max === undefined ? [] : [String(definition.max + 1)]].flatMap(text => [[option, text], [`${option}=${text}`]]) : [],
			...isFlag || definition.hasNegation === true ? [] : [[`--no-${option.slice(2)}`]],
		];
		for (const written of wrong) {
			for (const argv of [[...command, ...written], [...written, '--', ...command]]) {
				const error = t.throws<AppError>(() => parse(argv), {instanceOf: AppError, code: 'usage'}, argv.join(' '));
				t.true(error.message.includes(option) || error.message.includes(`--no-${option.slice(2)}`), `${argv.join(' ')}: ${error.message}`);
				t.regex(error.hint!, /lists the options/v);
			}
		}
	}
});

test('an option has the same type wherever it occurs, so that it is read before the command is known', t => {
	for (const [option, all] of Map.groupBy(each, entry => entry.option)) {
		t.is(new Set(all.map(({definition: {type}}) => type)).size, 1, option);
	}
});

test('whatever is written, it is understood or refused in a sentence', t => {
	const piece = fc.oneof(
		fc.constantFrom(...each.flatMap(({option}) => [option, `${option}=`, `${option}=3`, `--no-${option.slice(2)}`])),
		fc.constantFrom(...commands.map(({name}) => name), '--', '-', '-h', '-x', '--=', '---', '--__proto__=1', '--constructor', '--limit.a=3', 'true', 'false', '3', ''),
		fc.string({unit: 'binary'}),
	);
	// What is understood, or the refusal.
	const outcomeOf = (argv: readonly string[]) => {
		try {
			const {command, input, flags} = parse(argv);
			return {words: [command.name, ...input], concurrency: flags.number('concurrency') ?? 1};
		} catch (error) {
			return {isRefusal: error instanceof AppError && error.code === 'usage', error};
		}
	};

	fc.assert(fc.property(fc.array(piece, {maxLength: 6}), argv => {
		const {words = [''], concurrency = 1, isRefusal = true, error} = outcomeOf(argv);
		t.true(isRefusal, String(error));
		t.true(words.every(text => text === '' || argv.includes(text)));
		t.true(concurrency >= 1);
	}), {numRuns: 2000});
});

test('what stands behind an option without a value is an argument', t => {
	t.deepEqual(parse(['ls', '--json', 'true']).input, ['true']);
	t.is(parse(['verify', '--server', '--json']).flags.string('server'), '');
	t.true(parse(['verify', '--server', '--json']).flags.boolean('json'));
	t.deepEqual(parse(['ls', '--', '--json']).input, ['--json']);
});

test('a host name of the API is a name, without a port or a path', t => {
	for (const name of ['nas.local', 'NAS', '192.0.2.7', '::1', '[::1]', 'bücher.example', 'my_host']) {
		t.deepEqual(parse(['--watch', '--api-host', name]).flags.strings('apiHost'), [name]);
	}

	for (const name of ['a/b', 'nas:80', 'http://nas', 'a b', 'a,b', '.', 'a..b']) {
		t.throws(() => parse(['--watch', '--api-host', 'nas', '--api-host', name]), {message: /--api-host needs a host name/v}, `called ${name}`);
	}
});
