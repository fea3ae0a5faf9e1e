import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {readLog, shownLine} from '../../log/read-log.js';
import type {ScreenReport} from '../report.js';
import {findRun} from '../run/run-report.js';

type LogLine = {
	/**
	As it is in the file.
	*/
	line: string;
	/**
	For a person; not cleaned.
	*/
	shown: string;
};

/**
The log of a run. It belongs to the command `runs`.
*/
export const logReport: ScreenReport<{runId: string}, LogLine[]> = {
	async load({runId}, sources) {
		const {log} = await findRun(runId, sources);
		if (log === undefined) {
			throw new AppError('not-found', 'This run has no log.', {hint: 'Accepting removals is not logged; its changes tell what was removed.'});
		}

		const lines: LogLine[] = [];
		for await (const line of readLog(sources.logFolder, log)) {
			lines.push({line, shown: shownLine(line)});
		}

		return lines;
	},
	text: lines => lines.map(({shown}) => clean(shown)),
	json: lines => lines.map(({line}) => line),
	jsonText: lines => lines.map(({line}) => `${line}\n`).join(''),
	screen: {
		crumb: 'Log',
		keysTitle: 'Log',
		place: 'in a log',
		key: {keys: ['L'], label: 'log', help: 'The log of the run'},
		columns: [{heading: 'Log', cell: (text: string) => text, screen: {width: {share: 1}}}],
		// A line may be longer than any screen: it opens whole.
		rows: lines => lines.map(({shown}, index) => ({
			id: String(index), cells: [shown], opens: {name: 'text', title: `Line ${index + 1}`, text: shown},
		})),
	},
};
