import {randomUUID} from 'node:crypto';
import type {Clock} from '../../base/clock.js';
import {requireAppError} from '../../base/errors.js';
import {createLoop} from '../../base/loop.js';
import {nextTurn} from '../../base/turns.js';
import {formatCount} from '../../base/text/format.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import type {SavedQuery} from '../../catalog/saved-query.js';
import {savedWorld, type QueryWorld} from '../../query/language/query-source.js';
import type {CatalogIndex} from '../../query/types.js';
import {createFaults} from '../faults.js';
import {standingNotice, standingNoticeId, type Notice} from '../notify/notice.js';
import {
	judgeAll,
	judgeFew,
	type JudgedFew,
	type StandingAnswers,
} from './judge.js';
import {followable, readStanding, type PlannedStanding} from './read-standing.js';
import {createSeenChanges, type SeenChanges} from './seen-changes.js';
import {createStandingBook} from './standing-book.js';
import type {StandingFiles} from './standing-files.js';
import {describeDifference} from './standing-notice.js';
import {differenceAmong, differenceBetween, toldAll} from './standing-state.js';
import {createTakeOver} from './take-over.js';

/**
What tells notices to people.
*/
export type StandingTeller = {
	/**
	Resolves when the notices are saved.
	*/
	tell: (notices: readonly Notice[]) => Promise<void>;
	/**
	Whether a notice was told, or is about to be.
	*/
	isKnown: (noticeId: string) => boolean;
	/**
	When to tell what was first seen at an instant.
	*/
	dueAt: (first: Date) => Date;
};

export type StandingOptions = {
	files: StandingFiles;
	store: Pick<CatalogStore, 'header' | 'getMany' | 'subscribe'>;
	/**
	An index of what is committed. It is asked for only if there is a standing query.
	*/
	index: () => Promise<CatalogIndex>;
	/**
	Answer instead of the index; then each change lets all standing queries be asked of everything.
	*/
	answers?: StandingAnswers | undefined;
	saved: () => readonly SavedQuery[];
	/**
	Without saved queries: these are `saved`.
	*/
	queryWorld: () => Omit<QueryWorld, 'saved' | 'savedNames'>;
	teller: () => Promise<StandingTeller>;
	clock: Clock;
	newBatch?: () => string;
	onNote: (level: 'info' | 'warn', text: string) => void;
	onLook?: ((look: Look) => void) | undefined;
	/**
	A query that finds more items is not followed.
	*/
	mostMembers?: number;
};

/**
How much work a look was: items judged one by one, and queries that were asked of everything.
*/
export type Look = {judged: number; whole: number};

/**
The standing queries: what enters and leaves their results is noted in the news at once, and told as notices when the digest would be.
*/
export type StandingQueries = {
	/**
	A hint that something may have been committed, or that time has passed. Call it about once a minute and after each job.
	*/
	look: () => void;
	/**
	Resolves when the look under way has ended.
	*/
	idle: () => Promise<void>;
	close: () => Promise<void>;
};

/**
An age such as `added:<30d` lets items enter and leave as time passes.
*/
const wholeEveryMs = 86_400_000;

/**
Timers stand still while a machine sleeps, so none runs longer than this.
*/
const longestNapMs = 60_000;

/**
The file of a query is written as a whole, so its result must not be huge.
*/
const defaultMostMembers = 100_000;

export const createStandingQueries = (options: StandingOptions): StandingQueries => {
	const {files, store, clock, teller, answers, onNote, onLook, newBatch = randomUUID, mostMembers = defaultMostMembers} = options;
	const faults = createFaults(onNote);
	const book = createStandingBook({
		files,
		newBatch,
		faults,
		async isTold(batch) {
			const {isKnown} = await teller();
			return isKnown(standingNoticeId(batch));
		},
	});
	const takeOver = createTakeOver({
		book, store, clock, newBatch, onNote,
	});
	const seen = createSeenChanges();
	const closing = new AbortController();
	const {signal} = closing;
	let index: CatalogIndex | undefined;
	let wholeAtMs = -Infinity;
	let cancelTimer: (() => void) | undefined;

	const unsubscribe = store.subscribe(change => {
		seen.add(change, index);
	});

	const sources = () => ({index: answers ?? index!, store, signal});

	const judgeWhole = async (query: PlannedStanding, revision: number) => {
		const {name, meaning, plan} = query;
		const members = await judgeAll(plan, sources());
		if (members.size > mostMembers) {
			book.fallBehind(name);
			book.setRefused(name, meaning);
			faults.tell(name, `@${name} finds more than ${formatCount(mostMembers)} items, so it is not followed. Narrow it down.`);
			return;
		}

		faults.clear(name);
		book.setRefused(name, undefined);
		const before = await book.before(query, revision);
		await (before === undefined
			? takeOver.anew(query, members, revision)
			: takeOver.differing(name, {before, difference: differenceBetween(before.members, members), revision}));
	};

	const judge = async (queries: readonly PlannedStanding[], changes: SeenChanges, revision: number) => {
		const nowMs = clock.now().getTime();
		const isDayOver = nowMs < wholeAtMs || nowMs - wholeAtMs >= wholeEveryMs;
		const isWhole = changes.isWhole || isDayOver;
		// Without an index every change lets all be asked, and what finds too much must not be asked so often.
		const isRefusedAsked = answers === undefined ? isWhole : isDayOver;
		const upToDate = isWhole ? [] : queries.filter(({name}) => !book.isBehind(name));
		const few: JudgedFew | undefined = await judgeFew(upToDate, changes, sources());
		let whole = 0;
		for (const query of isRefusedAsked ? queries : queries.filter(query => !book.isRefused(query))) {
			await nextTurn();
			const before = upToDate.includes(query) ? await book.before(query, revision) : undefined;
			if (few === undefined || before === undefined) {
				whole++;
				await judgeWhole(query, revision);
			} else if (few.ids.size > 0) {
				const difference = differenceAmong(before.members, few.ids, await few.find(query.plan));
				await takeOver.differing(query.name, {before, difference, revision});
			}
		}

		wholeAtMs = isRefusedAsked ? nowMs : wholeAtMs;
		onLook?.({judged: few?.ids.size ?? 0, whole});
	};

	/**
	Tells what is due, and returns in how many milliseconds the rest will be.
	*/
	const tellDue = async (): Promise<number> => {
		const {tell, dueAt} = await teller();
		const now = clock.now();
		let waitMs = Infinity;
		for (const [name, state] of book.states()) {
			const due = state.since === undefined ? undefined : dueAt(new Date(state.since));
			if (due === undefined || due > now) {
				waitMs = Math.min(waitMs, due === undefined ? Infinity : due.getTime() - now.getTime());
				continue;
			}

			const difference = await describeDifference(state.untold, store);
			// First the notice, then that it was told: a crash in between is recognised by the id of the notice.
			await tell([standingNotice(name, difference, {batch: state.batch, now})]);
			await book.keep(name, toldAll(state, newBatch()));
		}

		return waitMs;
	};

	const loop = createLoop(async () => {
		cancelTimer?.();
		const saved = options.saved();
		const wanted = new Set(saved.filter(({standing}) => standing === true).map(({name}) => name));
		await book.keepOnly(wanted);
		if (wanted.size === 0) {
			// Without an index, commits are not followed.
			index = undefined;
			seen.miss();
			return;
		}

		// Before the index, so that it has all of them.
		const changes = seen.take();
		index = answers === undefined ? await options.index() : undefined;
		const {revision} = store.header();
		const queries = await followable(await readStanding(saved, {...options.queryWorld(), ...savedWorld(() => saved)}), {book, faults, revision});
		await judge(queries, changes, revision);
		const waitMs = await tellDue();
		faults.clear('');
		if (waitMs < Infinity && !signal.aborted) {
			cancelTimer = clock.after(Math.min(longestNapMs, waitMs), loop.kick);
		}
	}, error => {
		seen.miss();
		if (signal.aborted) {
			return;
		}

		requireAppError(error);

		faults.tell('', `The standing queries could not be judged; reelcat tries again. ${error.message}`);
	});

	return {
		look: loop.kick,
		idle: loop.idle,
		async close() {
			closing.abort();
			cancelTimer?.();
			unsubscribe();
			await loop.stop();
			await book.close();
		},
	};
};
