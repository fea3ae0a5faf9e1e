import type {PlexTvFault} from '../knobs/faults.js';

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

export type DemoPlexTvOptions = {
	/**
	0 takes any free port.
	*/
	port?: number;
	/**
	@default '127.0.0.1'
	*/
	host?: string;
	servers: readonly DemoResource[];
	/**
	The account that approves when no other is named.
	*/
	account?: Partial<DemoAccount>;
	/**
	Approves every code of this age by itself, in place of a person.
	*/
	approveAfterMs?: number;
	/**
	For short codes. Long ones live twice as long.
	@default 900
	*/
	expiresInSeconds?: number;
	/**
	The codes of sign-ins; random ones when absent.
	*/
	code?: (isStrong: boolean) => string;
	faults?: readonly PlexTvFault[];
	/**
	The clock by which codes expire, in milliseconds.
	*/
	now?: () => number;
	/**
	Difference between the calendar of plex.tv and that of this machine.
	@default 0
	*/
	calendarOffsetMs?: number;
};
