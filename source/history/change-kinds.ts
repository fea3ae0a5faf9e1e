import type {ChangeKind} from '../catalog/history.js';

/**
The order in which kinds of change are shown everywhere.
*/
export const kindOrder = [
	'added', 'restored', 'upgraded', 'replaced', 'moved', 'rematched', 'edited', 'removed', 'watched', 'viewer', 'refreshed',
] as const satisfies readonly ChangeKind[];

/**
Kinds that are kept, so that the past can be rebuilt, but shown only on request.
*/
export const quietKinds: ReadonlySet<ChangeKind> = new Set(['refreshed', 'viewer']);

/**
If several kinds of change touched a field, the first of them in this list is shown.
*/
const strength = ['rematched', 'upgraded', 'replaced', 'moved', 'edited', 'watched', 'viewer', 'refreshed'] as const satisfies readonly ChangeKind[];

export const strongestKind = (kinds: ReadonlySet<ChangeKind>): ChangeKind => strength.find(kind => kinds.has(kind)) ?? 'refreshed';

const quiet: ReadonlySet<string> = new Set([
	'ratingKey', 'updatedAt', 'addedAt', 'images', 'lockedFields', 'fingerprints', 'firstSeenAt', 'missingSince', 'placeholder',
]);

/**
Whether a field is a timestamp or mark that moves along with every change. Such fields are shown only if a change consists of nothing else.
*/
export const isQuietField = (name: string): boolean => quiet.has(name);
