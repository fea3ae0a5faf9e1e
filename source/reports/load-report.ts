import {instantOf} from '../catalog/instant.js';
import {AppError} from '../base/errors.js';
import {loadChanges, loadTimeline, type Period} from '../history/load-changes.js';
import {loadHeld, loadShowTitles, lostItems} from '../history/lost-items.js';
import {loadRuns, type ListedRun} from '../history/runs.js';
import {readLog, shownLine} from '../log/read-log.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {plural} from '../base/text/format.js';
import {nextTurn} from '../base/turns.js';
import {byLibrary} from './changes-text.js';
import type {ReportQuestion, ReportRow} from './report-row.js';
import {
	changesRows,
	heldRows,
	logRows,
	runRows,
	runsRows,
	timelineRows,
} from './report-rows.js';

export type ReportOptions = {
	store: CatalogStore;
	logFolder: string;
	/**
	Since when this process imports or syncs; undefined while it does not.
	*/
	runningSince: string | undefined;
	now: () => Date;
};

/**
The rows of a report, from a catalogue that is loaded.

@throws AppError `not-found` for a run or a log that is not there any more.
*/
export const loadReport = async (question: ReportQuestion, options: ReportOptions): Promise<ReportRow[]> => {
	const {store, logFolder} = options;
	switch (question.name) {
		case 'changes': {
			return changesReport(question, options);
		}

		case 'timeline': {
			const {rows, begun} = await loadTimeline(store, question.itemId);
			const [record] = await store.getMany([question.itemId]);
			const item = record?.kind === 'item' ? record : undefined;
			return timelineRows(rows, {item, begunAt: begun.get(item?.libraryId ?? rows[0]?.libraryId ?? '')});
		}

		case 'runs': {
			const runs = await listRuns(options);
			return runs.length === 0 ? [sentence('Nothing was imported yet, or not since runs are remembered.')] : runsRows(runs);
		}

		case 'run': {
			return runRows(await findRun(question.runId, options));
		}

		case 'log': {
			const {log} = await findRun(question.runId, options);
			if (log === undefined) {
				throw new AppError('not-found', 'This run has no log.', {hint: 'Accepting removals is not logged; its changes tell what was removed.'});
			}

			const lines: string[] = [];
			for await (const line of readLog(logFolder, log)) {
				lines.push(shownLine(line));
			}

			return logRows(lines);
		}

		case 'held': {
			return heldReport(store);
		}
	}
};

const dayMs = 86_400_000;

const changesReport = async (question: Extract<ReportQuestion, {name: 'changes'}>, options: ReportOptions): Promise<ReportRow[]> => {
	const {store, now} = options;
	const {groups, notes} = await loadChanges(store, await periodOf(question, options, now().getTime()), {});
	const {libraries} = store.header();
	const rows: ReportRow[] = [];
	for (const portion of changesRows(byLibrary(groups, notes, id => libraries.find(library => library.id === id)?.title))) {
		for (const row of portion) {
			rows.push(row);
		}

		await nextTurn();
	}

	return groups.length > 0 ? rows : [sentence('days' in question ? `Nothing has changed in ${plural(question.days, 'day')}, as far as the syncs have seen.` : 'This run found no changes.'), ...rows];
};

const periodOf = async (question: Extract<ReportQuestion, {name: 'changes'}>, options: ReportOptions, nowMs: number): Promise<Period> => {
	const until = instantOf(new Date(nowMs + 1000));
	if ('days' in question) {
		return {since: instantOf(new Date(nowMs - (question.days * dayMs))), until};
	}

	const {runId} = question;
	const runs = await listRuns(options);
	// A sync that found nothing leaves no record, and an old record may be gone; the history has what there was.
	const since = runs.find(({id}) => id === runId)?.startedAt ?? instantOf(new Date(nowMs - (365 * dayMs)));
	return {since, until, runId};
};

const listRuns = async ({store, runningSince}: ReportOptions) => loadRuns(store, runningSince === undefined ? {} : {writerSince: runningSince});

const findRun = async (runId: string, options: ReportOptions): Promise<ListedRun> => {
	const runs = await listRuns(options);
	const run = runs.find(({id}) => id === runId);
	if (run === undefined) {
		throw new AppError('not-found', 'This run is not remembered any more.', {hint: 'The newest 500 runs are. Their changes stay in the history: press C.'});
	}

	return run;
};

const heldReport = async (store: CatalogStore): Promise<ReportRow[]> => {
	const losses = await loadHeld(store);
	const items = lostItems(losses, {}, await loadShowTitles(store, losses));
	const {libraries} = store.header();
	return items.length === 0
		? [sentence('Nothing is held: what is gone from the server was removed, or nothing is gone.')]
		: heldRows(items, id => libraries.find(library => library.id === id)?.title);
};

const sentence = (text: string): ReportRow => ({id: 'sentence', cells: [text], isHeading: true});
