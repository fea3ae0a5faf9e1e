import type {Job, WatchedLibrary, WatchStatus} from '../../../watch/types.js';
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
Why this app only reads: beside a daemon, that does what the app would do.
*/
export const readOnlyReasonOf = (daemon: {isOwn: boolean; who: string} | undefined, reason: string | undefined): string | undefined =>
	daemon?.isOwn === false ? `${sentence(daemon.who)} writes and runs your syncs; w shows it.` : reason;

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Mark = readonly [mark: string, tone: Tone];

/**
A mark for each state. Its word must stand beside it, because neither mark nor colour may carry the meaning alone.
*/
export const stateMark = (state: Job['state'] | WatchedLibrary['state'], glyphs: Glyphs): Mark => {
	const [glyph, tone] = marks[state];
	return [glyphs[glyph], tone];
};

const marks: Readonly<Record<Job['state'] | WatchedLibrary['state'], readonly [keyof Glyphs, Tone]>> = {
	idle: ['good', 'good'],
	queued: ['dot', 'plain'],
	running: ['running', 'accent'],
	paused: ['paused', 'plain'],
	waiting: ['warn', 'warn'],
	failing: ['warn', 'warn'],
	held: ['warn', 'warn'],
	parked: ['bad', 'bad'],
	done: ['good', 'good'],
	cancelled: ['none', 'dim'],
	off: ['none', 'dim'],
};

const healthTones = {ok: 'good', degraded: 'warn', failing: 'bad'} as const;

export const healthMark = (health: WatchStatus['health'], glyphs: Glyphs): Mark => [glyphs[healthTones[health]], healthTones[health]];

export const libraryWords = ({state, failures, held}: WatchedLibrary): string => {
	if (state === 'held') {
		return `held (${formatCount(held)})`;
	}

	return state === 'failing' || state === 'parked' ? `${state} (${formatCount(failures)})` : state;
};

export const libraryNotes = ({state, failures, held, lastChanges}: WatchedLibrary): string => [
	...state !== 'held' && held > 0 ? [`${formatCount(held)} held`] : [],
	...state !== 'failing' && state !== 'parked' && failures > 0 ? [plural(failures, 'failure')] : [],
	...lastChanges === undefined ? [] : [changesLine(lastChanges)],
].join(', ');

export const slowerWords = (load: WatchStatus['load']): string | undefined => {
	const reason = (['streaming', 'scanning', 'refused', 'slow'] as const).find(one => one === load?.reason);
	const words = paceWords(reason) ?? (load?.reason.includes(' ') === true ? load.reason : undefined);
	return words === undefined ? undefined : `slower: ${words} (${plural(load?.limit ?? 1, 'request')} at a time)`;
};

export const factLines = (facts: ReadonlyArray<readonly [label: string, value: string | undefined]>): string =>
	facts.filter(([, value]) => value !== undefined).map(([label, value]) => `${label.padEnd(12)}${clean(value!)}`).join('\n');
