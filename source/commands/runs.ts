import {AppError} from '../base/errors.js';
import {loadRuns, matchRuns, type ListedRun} from '../history/runs.js';
import {readLog, shownLine} from '../log/read-log.js';
import {logFolder} from '../app/run-engine.js';
import {runText} from '../reports/run-text.js';
import {runsJson} from '../reports/runs-json.js';
import {idLengthOf, runsTable} from '../reports/runs-table.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import {tableWidth, type Command, type CommandContext} from './command.js';
import {withStore} from './open-reading.js';

const defaultLimit = 20;

export const runsCommand: Command = {
	name: 'runs',
	summary: 'List what was imported and synced, and when',
	arguments: '[RUN]',
	details: [
		'With RUN, the beginning of an id or "latest", everything about one run: its libraries, notes and problems. The newest 500 runs are remembered.',
		'A run that was killed is listed as interrupted. With --log and --json the log comes as it is in the file, one JSON object per line.',
	],
	flags: {
		limit: {type: 'number', value: 'N', help: `At most N runs (default ${defaultLimit})`},
		log: {type: 'boolean', help: 'Print the log of RUN'},
	},
	async run(context) {
		const {input, flags} = context;
		const [name] = input;
		const isLog = flags.boolean('log') === true;
		if (input.length > 1 || (isLog && name === undefined)) {
			throw new AppError('usage', isLog ? 'Name the run whose log is wanted.' : 'Name one run, or none.', {hint: 'For instance: reelcat runs latest --log'});
		}

		const runs = await readRuns(context);
		if (name === undefined) {
			await printRuns(context, runs);
		} else {
			const run = pick(runs, name);
			await (isLog ? printLog(context, run) : printRun(context, run));
		}

		return 0;
	},
};

/**
Who writes is asked before the records are read, and a run may begin or end in between. So one that seems to be interrupted must seem so twice: it was there before the second look at the lock.
*/
const readRuns = async (context: CommandContext): Promise<ListedRun[]> => {
	let doubted: string | undefined;
	for (;;) {
		const runs = await withStore(context, loadRuns);
		const [newest] = runs;
		if (newest?.status !== 'interrupted' || newest.id === doubted) {
			return runs;
		}

		doubted = newest.id;
	}
};

const printRuns = async ({io, flags}: CommandContext, runs: readonly ListedRun[]) => {
	const listed = runs.slice(0, flags.number('limit') ?? defaultLimit);
	if (flags.boolean('json') === true) {
		await io.out(jsonLine(runsJson(listed)));
	} else if (runs.length === 0) {
		io.say('Nothing was imported yet, or not since runs are remembered.');
	} else {
		await io.out(runsTable(listed, {idLength: idLengthOf(runs), ...tableWidth(io)}).map(line => `${line}\n`).join(''));
	}
};

const printRun = async ({io, flags}: CommandContext, run: ListedRun) => {
	await io.out(flags.boolean('json') === true ? jsonLine(runsJson([run])) : `${runText(run).join('\n')}\n`);
};

const printLog = async ({session, io, flags}: CommandContext, run: ListedRun) => {
	if (run.log === undefined) {
		throw new AppError('not-found', `The run ${run.id} has no log.`, {hint: 'Accepting removals is not logged: "reelcat diff" tells what was removed.'});
	}

	const isRaw = flags.boolean('json') === true;
	for await (const line of readLog(logFolder(session), run.log)) {
		await io.out(`${isRaw ? line : clean(shownLine(line))}\n`);
	}
};

/**
@throws AppError 'not-found' or 'usage'
*/
const pick = (runs: readonly ListedRun[], name: string): ListedRun => {
	const found = matchRuns(runs, name);
	if (found.length > 1) {
		throw new AppError('usage', `${found.length} runs have an id that begins with "${clean(name)}".`, {hint: `Say more of it: ${found.slice(0, 5).map(({id}) => id).join(', ')}.`});
	}

	const [run] = found;
	if (run === undefined) {
		throw new AppError('not-found', name === 'latest' ? 'No run is remembered yet.' : `There is no run "${clean(name)}".`, {hint: '"reelcat runs" lists the newest ones.'});
	}

	return run;
};
