import type {DemoFault} from '../knobs/faults.js';

export type DemoAccount = {
	id: number;
	uuid: string;
	username: string;
	title: string;
	email: string;
};

/**
A server that the accounts may use.
*/
export type DemoResource = {
	name: string;
	machineIdentifier: string;
	/**
	@default a made-up one
	*/
	accessToken?: string;
	/**
	@default true
	*/
	isOwned?: boolean;
	/**
	Who shares it, when it is not owned.
	*/
	ownerName?: string;
	version?: string;
	/**
	@default true
	*/
	isPresent?: boolean;
	/**
	@default now
	*/
	lastSeenAt?: string;
	isHttpsRequired?: boolean;
	/**
	@default true
	*/
	publicAddressMatches?: boolean;
	connections: readonly DemoConnection[];
};

export type DemoConnection = {
	uri: string;
	/**
	@default the host of `uri`
	*/
	address?: string;
	isLocal?: boolean;
	isRelay?: boolean;
	isIPv6?: boolean;
};

/**
What the demo server for libraries can be told, and some of plex.tv alone.
*/
export type PlexTvFault =
	| DemoFault
	/**
	Entries without their fields, or of the wrong types, beside the right ones.
	*/
	| {kind: 'malformedResources'}
	| {kind: 'emptyResources'}
	| {kind: 'onlyRelay'}
	| {kind: 'onlyIPv6'}
	/**
	A code has expired by the time that it is first asked for.
	*/
	| {kind: 'expiredPins'}
	/**
	Codes of one kind cannot be made.
	*/
	| {kind: 'noPins'; isStrong: boolean};

export type DemoPlexTvOptions = {
	/**
	0 takes a free one.
	*/
	port?: number;
	/**
	@default '127.0.0.1'
	*/
	host?: string;
	servers: readonly DemoResource[];
	/**
	The one that approves when nobody else is named.
	*/
	account?: Partial<DemoAccount>;
	/**
	Approves every code that old by itself, for want of a person.
	*/
	approveAfterMs?: number;
	/**
	Of short codes; long ones live twice as long.
	@default 900
	*/
	expiresInSeconds?: number;
	faults?: readonly PlexTvFault[];
	/**
	The clock by which codes expire, in milliseconds.
	*/
	now?: () => number;
	/**
	How far the calendar of plex.tv is from the one of this machine.
	@default 0
	*/
	calendarOffsetMs?: number;
};
