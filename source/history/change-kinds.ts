import type {ChangeKind} from '../catalog/history.js';

/**
The order in which kinds of change are told everywhere.
*/
export const kindOrder = [
	'added', 'restored', 'upgraded', 'replaced', 'moved', 'rematched', 'edited', 'removed', 'watched', 'viewer', 'refreshed',
] as const satisfies readonly ChangeKind[];

/**
Kept, so that the past can be rebuilt, but told only when asked for.
*/
export const quietKinds: ReadonlySet<ChangeKind> = new Set(['refreshed', 'viewer']);

/**
Which kind a field is told under that several kinds have changed.
*/
const strength = ['rematched', 'upgraded', 'replaced', 'moved', 'edited', 'watched', 'viewer', 'refreshed'] as const satisfies readonly ChangeKind[];

export const strongestKind = (kinds: ReadonlySet<ChangeKind>): ChangeKind => strength.find(kind => kinds.has(kind)) ?? 'refreshed';
