import {plural} from '../base/text/format.js';
import type {SyncMode} from '../catalog/types.js';
import type {ImportResult} from './events.js';

/**
How a run ended. `held` means that all was read, but removals or a comparison wait; `nothing`, that there was no library to read.
*/
export type RunOutcome = 'done' | 'held' | 'nothing' | 'partly' | 'failed' | 'cancelled';

type RunFacts = Pick<ImportResult, 'ok' | 'cancelled' | 'libraries' | 'errors'>;

/**
Judges a run by all that its result says, so that no flag alone makes it look better than it was.

A dry run leaves out libraries that were never imported, which is no fault.
*/
export const outcomeOfRun = ({ok, cancelled, libraries, errors}: RunFacts, {isDryRun = false}: {isDryRun?: boolean} = {}): RunOutcome => {
	if (cancelled) {
		return 'cancelled';
	}

	const isExcused = (mode: SyncMode | undefined) => isDryRun && mode === 'import';
	const isShort = libraries.some(({complete, failed, sync}) => failed > 0 || !(complete || isExcused(sync?.mode)));
	if (!ok || isShort || errors.length > 0) {
		return libraries.some(({imported, unchanged, complete}) => imported + unchanged > 0 || complete) ? 'partly' : 'failed';
	}

	if (libraries.length === 0) {
		return 'nothing';
	}

	return heldItems({libraries}) > 0 || libraries.some(({sync}) => (sync?.notes.length ?? 0) > 0) ? 'held' : 'done';
};

export type RunHeadline = {outcome: RunOutcome; text: string};

/**
The one sentence about the end of a run, without its full stop. Every place that tells how a run ended takes its words from here.
*/
export const headlineOf = (result: RunFacts, {command, isDryRun = false}: {command: 'import' | 'retry' | 'sync'; isDryRun?: boolean}): RunHeadline => {
	const outcome = outcomeOfRun(result, {isDryRun});
	const isSync = command === 'sync';
	const problems = result.errors.length === 0 ? 'before everything was read' : `with ${plural(result.errors.length, 'problem')}`;
	const texts: Record<RunOutcome, () => string> = {
		cancelled: () => isDryRun ? 'Cancelled' : 'Cancelled. What was committed is kept',
		failed: () => `Ended ${problems}; nothing new was stored`,
		partly: () => `Ended ${problems}`,
		nothing: () => `There was nothing to ${isSync ? 'sync' : 'import'}`,
		held: () => `${isSync ? 'Synced' : 'Imported'}; ${heldWords(result)}`,
		done: () => isSync ? 'In step' : `${command === 'retry' ? 'Retried' : 'Imported'} without errors`,
	};
	const text = texts[outcome]();
	const dryText = hasGoneWell(outcome) ? 'Nothing was changed, this was a dry run' : `This was a dry run: ${text[0]!.toLowerCase()}${text.slice(1)}`;
	return {outcome, text: isDryRun ? dryText : text};
};

export const hasGoneWell = (outcome: RunOutcome): boolean => ['done', 'held', 'nothing'].includes(outcome);

const heldItems = ({libraries}: Pick<RunFacts, 'libraries'>) => libraries.reduce((sum, {sync}) => sum + (sync?.held ?? 0), 0);

const heldWords = (result: RunFacts): string => {
	const held = heldItems(result);
	return held === 0 ? 'something is left for the next sync' : `${plural(held, 'item is', 'items are')} gone from the server and held`;
};
