import type {DemoFault} from './faults.js';

/**
The faults that only the demo plex.tv has.
*/
export type OwnFault =
	/**
	Adds entries without their fields, or with wrong types, to the right ones.
	*/
	| {kind: 'malformedResources'}
	| {kind: 'emptyResources'}
	| {kind: 'onlyRelay'}
	| {kind: 'onlyIPv6'}
	/**
	A code has expired by the time of the first request for it.
	*/
	| {kind: 'expiredPins'}
	/**
	Codes of one kind cannot be created.
	*/
	| {kind: 'noPins'; isStrong: boolean};

export type PlexTvFault = DemoFault | OwnFault;

export type OwnFaults = <Kind extends OwnFault['kind']>(kind: Kind) => Extract<OwnFault, {kind: Kind}> | undefined;

const kinds: ReadonlySet<string> = new Set<OwnFault['kind']>(['malformedResources', 'emptyResources', 'onlyRelay', 'onlyIPv6', 'expiredPins', 'noPins']);

export const isOwnFault = (fault: PlexTvFault): fault is OwnFault => kinds.has(fault.kind);
