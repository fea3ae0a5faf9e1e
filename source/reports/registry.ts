import type * as z from 'zod';
import type {QueryWorld} from '../query/language/query-source.js';
import type {CatalogIndex} from '../query/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {pastMatcher} from '../history/past-matches.js';
import {loadRuns} from '../history/runs.js';
import {changesReport} from './changes/changes-report.js';
import {heldReport} from './held/held-report.js';
import {itemReport} from './item/item-report.js';
import {itemsReport} from './items/items-report.js';
import {collectionsReport, membersReport, playlistsReport} from './lists/lists-report.js';
import {logReport} from './log/log-report.js';
import {lostReport} from './lost/lost-report.js';
import type {CatalogSources, ScreenReport} from './report.js';
import type {ReportRow} from './report-row.js';
import {runReport} from './run/run-report.js';
import {runsReport} from './runs/runs-report.js';
import {timelineReport} from './timeline/timeline-report.js';
import {verifyReport} from './verify/verify-report.js';

/**
Every report. Those with `screen` are screens of the same name; `commands.ts` has those that are commands.
*/
const reports = {
	runs: runsReport,
	run: runReport,
	log: logReport,
	items: itemsReport,
	item: itemReport,
	collections: collectionsReport,
	playlists: playlistsReport,
	members: membersReport,
	changes: changesReport,
	timeline: timelineReport,
	lost: lostReport,
	held: heldReport,
	verify: verifyReport,
};

type Reports = typeof reports;

export type ReportName = {[Name in keyof Reports]: Reports[Name] extends {screen: unknown} ? Name : never}[keyof Reports];

type QuestionOf<Asked> = Asked extends {load: (question: infer Question, sources: never) => unknown} ? Question : never;

/**
The question of a report screen.
*/
export type ReportQuestion = {[Name in ReportName]: {name: Name} & QuestionOf<Reports[Name]>}[ReportName];

/**
The screen of a report. It shows only the columns with `screen`.
*/
export const reportScreenOf = (name: ReportName): ScreenReport<never, never>['screen'] => reports[name].screen;

export const reportNames = Object.keys(reports).filter((name): name is ReportName => 'screen' in reports[name as keyof Reports]);

/**
The schemas of what `--json` prints, by the name of the command.
*/
export const reportSchemas: ReadonlyMap<string, z.ZodType> = new Map([
	['runs', runsReport.schema],
	['collections', collectionsReport.schema],
	['playlists', playlistsReport.schema],
	['diff', changesReport.schema],
	['lost', lostReport.schema],
	['verify', verifyReport.schema],
].filter((entry): entry is [string, z.ZodType] => entry[1] !== undefined));

export type ScreenSources = {
	/**
	Its records are loaded.
	*/
	store: CatalogStore;
	/**
	Of the app; it stays as it is.
	*/
	index: CatalogIndex;
	queryWorld: () => QueryWorld;
	signal: AbortSignal;
	logFolder: string;
	/**
	The instant since which this process imports or syncs; undefined while it does not.
	*/
	runningSince: string | undefined;
	now: () => Date;
};

/**
Loads the rows of a report screen.

@throws {QueryError}
@throws AppError 'not-found' for a run or a log that no longer exists
*/
export const loadReport = async ({name, ...question}: ReportQuestion, {store, index, queryWorld, signal, logFolder, runningSince, now}: ScreenSources): Promise<ReportRow[]> => {
	const sources: CatalogSources = {
		store: async () => store,
		runs: async () => loadRuns(store, runningSince === undefined ? {} : {writerSince: runningSince}),
		logFolder,
		async matcher(query, until) {
			return pastMatcher(query, {
				index: async () => index, store: async () => store, queryWorld: async () => queryWorld(), signal,
			}, until);
		},
		now,
	};
	// The question fits the report of that name, but TypeScript cannot see it.
	const report = reports[name] as unknown as ScreenReport<typeof question, unknown>;
	return report.screen.rows(await report.load(question, sources));
};
