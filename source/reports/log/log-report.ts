import {AppError} from '../../base/errors.js';
import {clean} from '../../base/text/clean.js';
import {readLog, type LogText} from '../../log/read-log.js';
import type {ScreenReport} from '../report.js';
import {findRun} from '../run/run-report.js';

/**
The lines of the log of a run. On the command line it is `runs RUN --log`, see `runsReport`.
*/
export const logReport: ScreenReport<{runId: string}, LogText[]> = {
	async load({runId}, sources) {
		const {log} = await findRun(runId, sources);
		if (log === undefined) {
			throw new AppError('not-found', 'This run has no log.', {hint: 'Accepting removals is not logged; its changes show what was removed.'});
		}

		return readLog(sources.logFolder, log);
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
		// A line may be longer than any screen, so it can be opened.
		rows: lines => lines.map(({shown: text}, index) => ({
			id: String(index), cells: [text], opens: {name: 'text', title: `Line ${index + 1}`, text},
		})),
	},
};
