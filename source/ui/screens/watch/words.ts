import type {
	Job,
	WatchedLibrary,
	WatchStatus,
} from '../../../watch/types.js';
import {changesLine} from '../../../history/changes-line.js';
import {paceWords} from '../../../sync/pace-words.js';
import {clean} from '../../../base/text/clean.js';
import {formatCount, plural} from '../../../base/text/format.js';
import type {Moments} from '../../../base/text/moments.js';
import type {Tone} from '../../line.js';
import type {Glyphs} from '../../theme.js';

export type PaneOptions = {
	glyphs: Glyphs;
	columns: number;
	moments: Moments;
	isSelected: boolean;
};

/**
What the banner of a viewer says.
*/
export const viewerHint = (who: string): string => `${sentence(who)} writes; what you sync is asked of it, w shows it.`;

/**
Text of the middle of a sentence at its start.
*/
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Mark = readonly [mark: string, tone: Tone];

/**
A mark for each state; the word stands beside it, since neither mark nor colour may carry the meaning alone.
*/
export const jobMark = (state: Job['state'], glyphs: Glyphs): Mark => {
	const marks: Readonly<Record<Job['state'], Mark>> = {
		running: [glyphs.running, 'accent'],
		queued: [glyphs.dot, 'plain'],
		paused: [glyphs.paused, 'plain'],
		waiting: [glyphs.warn, 'warn'],
		parked: [glyphs.bad, 'bad'],
		done: [glyphs.good, 'good'],
		cancelled: [glyphs.none, 'dim'],
	};
	return marks[state];
};

export const libraryMark = (state: WatchedLibrary['state'], glyphs: Glyphs): Mark => {
	const marks: Readonly<Record<WatchedLibrary['state'], Mark>> = {
		idle: [glyphs.good, 'good'],
		queued: [glyphs.dot, 'plain'],
		running: [glyphs.running, 'accent'],
		paused: [glyphs.paused, 'plain'],
		failing: [glyphs.warn, 'warn'],
		held: [glyphs.warn, 'warn'],
		parked: [glyphs.bad, 'bad'],
		off: [glyphs.none, 'dim'],
	};
	return marks[state];
};

export const healthMark = (health: WatchStatus['health'], glyphs: Glyphs): Mark => {
	const marks: Readonly<Record<WatchStatus['health'], Mark>> = {
		ok: [glyphs.good, 'good'],
		degraded: [glyphs.warn, 'warn'],
		failing: [glyphs.bad, 'bad'],
	};
	return marks[health];
};

/**
How many times it failed, how many items are held: with the state, since they say how bad it is.
*/
export const libraryWords = ({state, failures, held}: WatchedLibrary): string => {
	if (state === 'held') {
		return `held (${formatCount(held)})`;
	}

	return state === 'failing' || state === 'parked' ? `${state} (${formatCount(failures)})` : state;
};

/**
What has changed last, behind what needs a person.
*/
export const libraryNotes = ({state, failures, held, lastChanges}: WatchedLibrary): string => [
	...state !== 'held' && held > 0 ? [`${formatCount(held)} held`] : [],
	...state !== 'failing' && state !== 'parked' && failures > 0 ? [plural(failures, 'failure')] : [],
	...lastChanges === undefined ? [] : [changesLine(lastChanges)],
].join(', ');

/**
Why the server is asked for less than it could be; undefined when it is not.
*/
export const slowerWords = (load: WatchStatus['load']): string | undefined => {
	const reason = (['streaming', 'scanning', 'refused', 'slow'] as const).find(one => one === load?.reason);
	const words = paceWords(reason) ?? (load?.reason.includes(' ') === true ? load.reason : undefined);
	return words === undefined ? undefined : `slower: ${words} (${plural(load?.limit ?? 1, 'request')} at a time)`;
};

/**
A text of labels and values; facts without a value are left out.
*/
export const factLines = (facts: ReadonlyArray<readonly [label: string, value: string | undefined]>): string =>
	facts.filter(([, value]) => value !== undefined).map(([label, value]) => `${label.padEnd(12)}${clean(value!)}`).join('\n');
