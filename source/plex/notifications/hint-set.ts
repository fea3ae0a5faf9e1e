import type {Hint} from './hints.js';

const defaultLimits = {
	// Hints become due this long after the last hint …
	quietMs: 250,
	// … or this long after the first one.
	longestMs: 750,
	// Per section. Beyond that, we keep only that the section has changed.
	maxKeys: 500,
	// No server has more. Hints of further sections count as hints without a section.
	maxSections: 200,
};

export type Dirty = {
	sectionKey: string | undefined;
	/**
	The whole section must be checked, besides the items that are listed.
	*/
	isWhole: boolean;
	ratingKeys: string[];
	/**
	Disjoint from `ratingKeys`.
	*/
	goneKeys: string[];
};

export type HintSet = ReturnType<typeof createHintSet>;

type Section = {
	isWhole: boolean;
	isFull: boolean;
	touched: Set<string>;
	gone: Set<string>;
};

type Items = Hint & {kind: 'items'};

/**
Collects hints and merges them. All times are milliseconds of one monotonic clock.
*/
export const createHintSet = (limits: Partial<typeof defaultLimits> = {}) => {
	const {quietMs, longestMs, maxKeys, maxSections} = {...defaultLimits, ...limits};
	let sections = new Map<string | undefined, Section>();
	let window: {firstMs: number; lastMs: number} | undefined;
	const delayed = new Map<string, {hint: Items; dueMs: number}>();

	const sectionOf = (sectionKey: string | undefined): Section => {
		const name = sections.has(sectionKey) || sections.size < maxSections ? sectionKey : undefined;
		const section = sections.get(name) ?? {
			isWhole: false, isFull: false, touched: new Set(), gone: new Set(),
		};
		sections.set(name, section);
		return section;
	};

	const addItems = ({sectionKey, ratingKeys, isGone}: Items) => {
		const section = sectionOf(sectionKey);
		const {touched, gone} = section;
		for (const ratingKey of section.isFull ? [] : ratingKeys) {
			if (isGone) {
				touched.delete(ratingKey);
				gone.add(ratingKey);
			} else if (!gone.has(ratingKey)) {
				touched.add(ratingKey);
			}

			if (touched.size + gone.size > maxKeys) {
				touched.clear();
				gone.clear();
				section.isWhole = true;
				section.isFull = true;
				return;
			}
		}
	};

	/**
	@returns The hints for which there is no room. They are taken without their delay.
	*/
	const addDelayed = (hint: Items, dueMs: number): Items => {
		const rest = hint.ratingKeys.filter(ratingKey => {
			const name = `${hint.isGone} ${hint.sectionKey} ${ratingKey}`;
			const hasRoom = delayed.has(name) || delayed.size < maxKeys;
			if (hasRoom) {
				delayed.set(name, {hint: {...hint, ratingKeys: [ratingKey]}, dueMs});
			}

			return !hasRoom;
		});
		return {...hint, ratingKeys: rest};
	};

	const addNow = (hint: Hint, nowMs: number) => {
		if (hint.kind === 'section') {
			sectionOf(hint.sectionKey).isWhole = true;
		} else if (hint.ratingKeys.length > 0) {
			addItems(hint);
		} else {
			return;
		}

		window = {firstMs: window?.firstMs ?? nowMs, lastMs: nowMs};
	};

	const dueAtMs = () => {
		const atMs = Math.min(
			window === undefined ? Infinity : Math.min(window.lastMs + quietMs, window.firstMs + longestMs),
			...delayed.values().map(({dueMs}) => dueMs),
		);
		return atMs === Infinity ? undefined : atMs;
	};

	return {
		add(hints: readonly Hint[], nowMs: number) {
			for (const hint of hints) {
				const isDelayed = hint.kind === 'items' && hint.delayMs !== undefined;
				addNow(isDelayed ? addDelayed(hint, nowMs + hint.delayMs!) : hint, nowMs);
			}
		},
		dueAtMs,
		isDue: (nowMs: number) => (dueAtMs() ?? Infinity) <= nowMs,
		/**
		Takes everything that is due or not delayed, without duplicates.
		*/
		take(nowMs: number): Dirty[] {
			for (const [name, {hint, dueMs}] of delayed) {
				if (!(dueMs <= nowMs)) {
					continue;
				}

				delayed.delete(name);
				addItems(hint);
			}

			const taken = [...sections].map(([sectionKey, {isWhole, touched, gone}]): Dirty => ({
				sectionKey, isWhole, ratingKeys: [...touched], goneKeys: [...gone],
			}));
			sections = new Map();
			window = undefined;
			return taken;
		},
	};
};
