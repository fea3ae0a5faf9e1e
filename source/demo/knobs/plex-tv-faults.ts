import type {PlexTvFault} from '../plex-tv/options.js';
import type {DemoFault} from './faults.js';

/**
The faults that only plex.tv has.
*/
export type OwnFault = Exclude<PlexTvFault, DemoFault>;

export type OwnFaults = <Kind extends OwnFault['kind']>(kind: Kind) => Extract<OwnFault, {kind: Kind}> | undefined;

const kinds: ReadonlySet<string> = new Set<OwnFault['kind']>(['malformedResources', 'emptyResources', 'onlyRelay', 'onlyIPv6', 'expiredPins', 'noPins']);

export const isOwnFault = (fault: PlexTvFault): fault is OwnFault => kinds.has(fault.kind);
