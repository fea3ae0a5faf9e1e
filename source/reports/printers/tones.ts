import type {TextTone} from '../../base/text/style.js';
import type {ChangeKind} from '../../catalog/history.js';
import {resolutionRank} from '../../catalog/quality.js';
import type {RunStatus} from '../../history/runs.js';
import type {Job, WatchStatus} from '../../watch/types.js';

/**
Picks the colour of a picture: HDR before 4K, and what is below HD is dim.
*/
export const pictureTone = ({resolution, hdr}: {resolution?: string | undefined; hdr?: string | undefined}): TextTone | undefined => {
	const rank = resolutionRank(resolution) ?? 720;
	const bySharpness = rank >= 2160 ? 'accent' : (rank < 720 ? 'dim' : undefined);
	return hdr === undefined ? bySharpness : 'fine';
};

export const changeTones: Readonly<Record<ChangeKind, TextTone | undefined>> = {
	added: 'good',
	restored: 'good',
	split: 'good',
	upgraded: 'accent',
	replaced: 'warn',
	'version-added': 'good',
	'version-removed': 'bad',
	moved: undefined,
	rematched: undefined,
	edited: undefined,
	readded: 'good',
	merged: undefined,
	removed: 'bad',
	watched: 'dim',
	viewer: 'dim',
	refreshed: 'dim',
	'collection-added': 'good',
	'collection-removed': 'bad',
	'collection-changed': undefined,
	'playlist-added': 'good',
	'playlist-removed': 'bad',
	'playlist-changed': undefined,
};

export const runTones: Readonly<Record<RunStatus, TextTone>> = {
	running: 'accent',
	done: 'good',
	partly: 'warn',
	failed: 'bad',
	cancelled: 'dim',
	interrupted: 'warn',
};

export const jobTones: Readonly<Record<Job['state'], TextTone | undefined>> = {
	queued: undefined,
	running: 'accent',
	waiting: 'warn',
	paused: 'dim',
	parked: 'bad',
	done: 'good',
	cancelled: 'dim',
};

export const healthTones: Readonly<Record<WatchStatus['health'], TextTone>> = {ok: 'good', degraded: 'warn', failing: 'bad'};
