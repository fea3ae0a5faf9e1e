import * as z from 'zod';
import type {Clock} from '../../base/clock.js';
import {formatDurationMs} from '../../base/text/format.js';
import {alertKinds} from '../kinds.js';
import type {Alert} from '../types.js';
import type {AlertFacts, AlertLimits} from './alert-facts.js';
import {findings, knownKinds, type Finding} from './findings.js';

const openSchema = z.object({
	kind: z.enum(alertKinds),
	subject: z.string(),
	since: z.iso.datetime(),
	message: z.string(),
	hint: z.string().optional(),
	/**
	The `mark` of the finding that raised the alert.
	*/
	mark: z.string().optional(),
});

/**
What is remembered from one judgement to the next. It is saved, so that a restart raises no alert again.
*/
export const alertStateSchema = z.object({
	/**
	The start of the process that judged last. A new process measures the absence of the server from its own start.
	*/
	startedAt: z.string().optional(),
	judgedAt: z.iso.datetime().optional(),
	awaySince: z.iso.datetime().optional(),
	/**
	How long the server has been seen to be away. It is added up from judgement to judgement, because a machine that slept has not looked.
	*/
	awayMs: z.number().nonnegative(),
	open: z.array(openSchema),
});

export type AlertState = z.infer<typeof alertStateSchema>;
type OpenAlert = z.infer<typeof openSchema>;

export const noAlerts: AlertState = {awayMs: 0, open: []};

/**
What is wrong now, oldest first.
*/
export const openAlerts = ({open}: AlertState): Alert[] => open.map(({kind, subject, since, message, hint}) => ({
	kind, subject, since, message, ...(hint !== undefined && {hint}),
}));

export type RecoveredAlert = Alert & {
	endedAt: string;
	lastedMs: number;
};

export type Judged = {
	state: AlertState;
	raised: Alert[];
	recovered: RecoveredAlert[];
};

/**
Compares the facts with the open alerts and returns what has become wrong and what is over. The same facts again return nothing.

Call it about once a minute: time between two calls counts for five minutes at most.
*/
export const judgeAlerts = (state: AlertState, facts: AlertFacts, now: Date, limits: AlertLimits): Judged => {
	const timed = timeAway(state, facts, now, limits);
	const found = findings(facts, {isAway: timed.awaySince !== undefined, awayMs: timed.awayMs}, limits);
	const byKey = new Map(found.map(finding => [keyOf(finding), finding]));
	const known = knownKinds(facts);
	const kept: OpenAlert[] = [];
	const recovered: RecoveredAlert[] = [];
	for (const alert of timed.open) {
		const finding = byKey.get(keyOf(alert));
		if (finding === undefined ? known.has(alert.kind) : isOver(alert, finding)) {
			recovered.push(recover(alert, finding, now));
		} else {
			kept.push(alert);
		}
	}

	const told = new Set(timed.open.map(alert => keyOf(alert)));
	const raised = found.filter(finding => finding.verdict === 'wrong' && !told.has(keyOf(finding))).map(finding => raise(finding, timed, now));
	return {
		state: {...timed, open: [...kept, ...raised]},
		raised: raised.map(({mark: _, ...alert}) => alert),
		recovered,
	};
};

export const keyOf = ({kind, subject}: Pick<Alert, 'kind' | 'subject'>): string => JSON.stringify([kind, subject]);

const timeAway = (state: AlertState, {server, token, startedAt}: AlertFacts, now: Date, {unreachableMs}: AlertLimits): AlertState => {
	const isSameProcess = state.startedAt === startedAt;
	const judged = {startedAt, judgedAt: now.toISOString(), open: state.open};
	const before = {
		...isSameProcess && state.awaySince !== undefined && {awaySince: state.awaySince},
		awayMs: isSameProcess ? state.awayMs : 0,
	};
	if (server === undefined) {
		return {...judged, ...before};
	}

	// A server that refuses a token can be reached.
	if (token === 'refused' || server.isReachable) {
		return {...judged, awayMs: 0};
	}

	const sinceMs = isSameProcess && state.judgedAt !== undefined ? now.getTime() - Date.parse(state.judgedAt) : 0;
	const stepMs = Math.min(Math.max(0, sinceMs), Math.max(60_000, Math.min(5 * 60_000, unreachableMs / 2)));
	return {
		...judged,
		awaySince: before.awaySince ?? judged.judgedAt,
		awayMs: before.awaySince === undefined ? 0 : before.awayMs + stepMs,
	};
};

const isOver = (alert: OpenAlert, {verdict, mark}: Finding) => verdict === 'right' && (alert.mark === undefined || alert.mark !== mark);

const raise = ({kind, subject, message, hint, mark}: Finding, {awaySince}: AlertState, now: Date): OpenAlert => ({
	kind,
	subject,
	since: kind === 'unreachable' ? awaySince ?? now.toISOString() : now.toISOString(),
	message,
	hint,
	...(mark !== undefined && {mark}),
});

const recover = ({kind, subject, since, message}: OpenAlert, finding: Finding | undefined, now: Date): RecoveredAlert => {
	// The clock may have been set back since.
	const lastedMs = Math.max(0, now.getTime() - Date.parse(since));
	return {
		kind,
		subject,
		since,
		message: finding === undefined
			? `This is no longer watched: ${message}`
			: `${finding.over}, after ${formatDurationMs(lastedMs)}.`,
		endedAt: now.toISOString(),
		lastedMs,
	};
};

export type Alarm = {
	judge: (facts: AlertFacts) => Promise<Pick<Judged, 'raised' | 'recovered'>>;
	alerts: () => Alert[];
};

/**
An alarm that remembers alerts in memory only.
*/
export const createAlarm = (clock: Clock, limits: AlertLimits): Alarm => {
	let state = noAlerts;
	return {
		async judge(facts) {
			const judged = judgeAlerts(state, facts, clock.now(), limits);
			({state} = judged);
			return judged;
		},
		alerts: () => openAlerts(state),
	};
};
