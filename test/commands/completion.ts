import {execFileSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {completionScript, type Shell} from '../../source/commands/completion-scripts.js';
import {shells} from '../../source/commands/words.js';
import {commands} from '../../source/commands/registry.js';
import {exportFormats} from '../../source/export/formats/registry.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {sitDown} from '../helpers/terminal.js';

const isInstalled = (shell: Shell) => {
	try {
		execFileSync(shell, ['-c', 'true']);
		return true;
	} catch {
		return false;
	}
};

const [inBash, inZsh, inFish] = shells.map(shell => isInstalled(shell) ? test : test.skip) as [typeof test, typeof test, typeof test];

const names = commands.map(({name}) => name).filter(Boolean);

// What is written, word by word, and what may come instead of the last word.
const cases: ReadonlyArray<readonly [words: string[], choices: string[]]> = [
	[['sy'], ['sync']],
	[[''], names],
	[['help', 're'], ['refresh', 'restore', 'repair']],
	[['jobs', 're'], ['resume', 'retry']],
	[['completion', ''], ['bash', 'zsh', 'fish']],
	[['ls', '--ty'], ['--type']],
	[['sync', '--ty'], []],
	[['--tok'], ['--token-file']],
	[['ls', '--type', 's'], ['show', 'season']],
	[['--server', 'jobs', 'export', '--format', ''], [...exportFormats]],
	[['--server', 'Attic', 're'], ['refresh', 'restore', 'repair']],
	[['--watch', '--interval', '15m', '--full'], ['--full-every']],
	[['lost', '--format', ''], ['table', 'csv']],
	[['ls', '--library', ''], []],
	[['sync', 'Films', ''], []],
];

const scriptFile = async (t: Parameters<typeof temporaryFolder>[0], shell: Shell) => {
	const file = path.join(await temporaryFolder(t), `reelcat.${shell}`);
	await writeFile(file, completionScript(shell, commands));
	return file;
};

inBash('bash completes commands, their words, options and values', async t => {
	const file = await scriptFile(t, 'bash');
	const script = 'source "$1"; shift; COMP_WORDS=(reelcat "$@"); COMP_CWORD=$#; _reelcat; printf "%s\n" "${COMPREPLY[@]}"'; // eslint-disable-line no-template-curly-in-string -- a shell expands it
	const complete = (words: readonly string[]) => execFileSync('bash', ['-c', script, 'bash', file, ...words], {encoding: 'utf8'})
		.split('\n').filter(Boolean).toSorted();
	for (const [words, choices] of cases) {
		t.deepEqual(complete(words), choices.toSorted(), words.join(' '));
	}

	// Bash divides a word at "=".
	t.deepEqual(complete(['ls', '--type', '=', 'e']), ['episode']);
	t.deepEqual(complete(['--server', '=', 'Attic', 'jobs', 'pa']), ['pause']);
});

for (const [shell, inShell, start] of [['bash', inBash, 'bash --norc --noprofile'], ['zsh', inZsh, 'zsh -f']] as const) {
	inShell(`${shell} completes the names of files behind an option that takes one, also behind its letter`, async t => {
		const file = await scriptFile(t, shell);
		const folder = await temporaryFolder(t);
		await writeFile(path.join(folder, 'weekly-films.csv'), '');
		const person = sitDown(folder, {shell: `exec ${start} -i`, columns: 160});
		t.teardown(() => {
			person.signal('SIGKILL');
		});
		person.type(`PS1='ready> '; ${shell === 'zsh' ? 'autoload -U compinit; compinit -D -u; ' : ''}source '${file}'; clear\r`);
		await person.sees(/^ready> $/mv);
		for (const option of ['--output', '-o']) {
			person.type(`\u{15}reelcat export ${option} week\t`);
			await t.notThrowsAsync(person.sees(`export ${option} weekly-films.csv`));
		}
	});
}

inFish('fish completes commands, their words, options and values', async t => {
	const file = await scriptFile(t, 'fish');
	const home = await temporaryFolder(t);
	for (const [words, choices] of cases) {
		const shown = execFileSync('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, `reelcat ${words.join(' ')}`], {encoding: 'utf8', env: {HOME: home, PATH: '/usr/bin:/bin'}});
		t.deepEqual(shown.split('\n').map(line => line.split('\t', 1)[0]!).filter(Boolean).toSorted(), choices.toSorted(), words.join(' '));
	}
});

inZsh('zsh completes commands, their words, options and values', async t => {
	const file = await scriptFile(t, 'zsh');
	const person = sitDown(await temporaryFolder(t), {shell: 'exec zsh -f -i', columns: 160});
	t.teardown(() => {
		person.signal('SIGKILL');
	});
	person.type(`PS1='ready> '; autoload -U compinit; compinit -D -u; source '${file}'; clear\r`);
	await person.sees(/^ready> $/mv);
	for (const [typed, completed] of [['sy', 'sync '], ['ls --ty', '--type '], ['e', 'episode '], ['--lib', '--library '], ['Films --type=mo', '--type=movie ']] as const) {
		person.type(`${typed === 'sy' || typed.startsWith('ls') ? 'reelcat ' : ''}${typed}\t`);

		await person.sees(completed.trimEnd());
		if (typed === 'sy') {
			person.type('\u{15}');
		}
	}

	person.type('\u{15}reelcat jobs re\t\t');
	t.regex(await person.sees(/retry/v), /resume/v);
});
