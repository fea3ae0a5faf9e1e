import {defined} from '../catalog/values.js';
import type {Library, SyncMode, SyncState} from '../catalog/types.js';
import type {Section} from '../plex/types.js';
import {isMadeAnew} from './identification.js';

/**
The longest time between two comparisons of each kind. When the stamps of the section change, a sweep follows at once.
*/
export type SyncPace = {
	/**
	Finds what the stamps of a section do not show, such as watched marks.
	*/
	lookEveryMs: number;
	/**
	Finds what no stamp of an item shows, such as a replaced file.
	*/
	sweepEveryMs: number;
	/**
	Finds what only full rows show, such as a collection.
	*/
	fullEveryMs: number;
	/**
	The details of every item are read again within this many days.
	*/
	auditDays: number;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const defaultPace: SyncPace = {
	lookEveryMs: hourMs,
	sweepEveryMs: dayMs,
	fullEveryMs: 7 * dayMs,
	auditDays: 50,
};

export const paceOf = (fullSyncDays: number | undefined): SyncPace => fullSyncDays === undefined ? defaultPace : {...defaultPace, fullEveryMs: fullSyncDays * dayMs};

export type LibraryPlan = {
	mode: SyncMode;
	reason: string;
	auditShares: ReadonlySet<number>;
	/**
	A look asks for rows with a stamp after this moment, by the server's clock.
	*/
	sinceSeconds: number | undefined;
	/**
	Whether everything is committed together at the end, or each group of batches as soon as it is read.
	*/
	commits: 'library' | 'batches';
	/**
	Only these items are read, because the server mentioned them or they failed before.
	*/
	ratingKeys?: readonly string[];
};

export type PlanOptions = {
	pace: SyncPace;
	now: Date;
	isFull: boolean;
	viewer: string | undefined;
};

/**
Clocks differ, and a stamp may be older than the moment at which it appears. [PKC] takes 300 seconds, too.
*/
const overlapSeconds = 300;

const noShares: ReadonlySet<number> = new Set();

export const planLibrary = (library: Library | undefined, section: Section, options: PlanOptions): LibraryPlan => {
	const state = library?.sync;
	if (state === undefined) {
		return planImport(library, options.pace);
	}

	if (state.areDetailsOld === true) {
		return {...planImport(library, options.pace), reason: 'Its details were read by an older reelcat, or it was repaired.'};
	}

	const {mode, reason} = chooseMode(state, section, {...options, isAnew: isMadeAnew(library!, section)});
	return {
		mode,
		reason,
		commits: 'library',
		auditShares: mode === 'skip' || mode === 'look' ? noShares : dueShares(state, options),
		sinceSeconds: state.cursorSeconds === undefined ? undefined : Math.max(0, state.cursorSeconds - overlapSeconds),
	};
};

/**
Plans to read everything, or only the items that failed before. What an import committed before it was cut short is not read again. If the library was in step, all details are read.
*/
export const planImport = (library: Library | undefined, {auditDays}: Pick<SyncPace, 'auditDays'>, ratingKeys?: readonly string[]): LibraryPlan => ({
	mode: ratingKeys === undefined ? 'import' : 'retry',
	reason: 'It has not been imported completely yet.',
	commits: 'batches',
	auditShares: library?.sync === undefined ? noShares : new Set(Array.from({length: auditDays}, (_, share) => share)),
	sinceSeconds: undefined,
	...(ratingKeys !== undefined && {ratingKeys}),
});

/**
Plans to read only these items of an imported library, and what is above and below them.
*/
export const planTouch = (ratingKeys: readonly string[]): LibraryPlan => ({
	mode: 'touch', reason: 'The server says that something has changed.', commits: 'library', auditShares: noShares, sinceSeconds: undefined, ratingKeys,
});

const chooseMode = (state: SyncState, section: Section, {pace, now, isFull, viewer, isAnew}: PlanOptions & {isAnew: boolean}): {mode: SyncMode; reason: string} => {
	// A clock that was set back must not put off a check for years.
	const isDue = (at: string, everyMs: number) => Math.abs(now.getTime() - Date.parse(at)) >= everyMs;
	if (isFull) {
		return {mode: 'full', reason: 'A full sync was asked for.'};
	}

	if (isDue(state.fullAt, pace.fullEveryMs)) {
		return {mode: 'full', reason: 'The last full sync was too long ago.'};
	}

	if (isAnew) {
		return {mode: 'full', reason: 'It was made anew on the server.'};
	}

	if (state.goneSince !== undefined) {
		return {mode: 'full', reason: 'The server has it again.'};
	}

	if (state.viewer !== viewer) {
		return {mode: 'sweep', reason: 'The token belongs to another user than last time.'};
	}

	const moved = movedStamp(state, section);
	if (moved !== undefined) {
		return {mode: 'sweep', reason: moved};
	}

	if (isDue(state.sweptAt, pace.sweepEveryMs)) {
		return {mode: 'sweep', reason: 'The last comparison of all items was too long ago.'};
	}

	return isDue(state.lookedAt, pace.lookEveryMs)
		? {mode: 'look', reason: 'Its stamps have not changed; asking what was watched or edited since.'}
		: {mode: 'skip', reason: 'Nothing has changed.'};
};

/**
Compares stamps for equality only: `contentChangedAt` is a counter, and may run backwards after a restored backup.
*/
const movedStamp = ({stamps}: SyncState, section: Section): string | undefined => {
	if (section.contentChangedAt === undefined || stamps.contentChangedAt === undefined) {
		return 'The server does not say whether it has changed.';
	}

	if (section.contentChangedAt !== stamps.contentChangedAt) {
		return 'The server says that it has changed.';
	}

	if (section.scannedAt !== stamps.scannedAt) {
		return 'The server has scanned it since.';
	}

	return section.updatedAt === stamps.updatedAt ? undefined : 'Its settings have changed.';
};

export const stampsOf = ({contentChangedAt, scannedAt, updatedAt}: Section): SyncState['stamps'] => defined({contentChangedAt, scannedAt, updatedAt});

export const dayOf = (now: Date): number => Math.floor(now.getTime() / dayMs);

/**
The share of the audit that an item belongs to. It never changes, and all shares are about equal in size.
*/
export const auditShare = (itemId: string, {auditDays}: Pick<SyncPace, 'auditDays'>): number => {
	let sum = 0;
	for (let index = 0; index < itemId.length; index++) {
		// eslint-disable-next-line unicorn/prefer-code-point -- ids are ASCII
		sum = ((sum * 31) + itemId.charCodeAt(index)) % 1_000_003;
	}

	return sum % auditDays;
};

/**
One share for each day since the last audit, including today, so that a sync makes up for days without one.
*/
const dueShares = ({auditedDay}: SyncState, {pace: {auditDays}, now}: PlanOptions): ReadonlySet<number> => {
	const today = dayOf(now);
	const first = Math.max(Math.min(auditedDay, today) + 1, today - auditDays + 1);
	return new Set(Array.from({length: today - first + 1}, (_, index) => (first + index) % auditDays));
};
