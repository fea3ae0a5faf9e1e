/**
What strangers, floods and slow clients may cost.
*/
export type ApiLimits = {
	bodyBytes: number;
	/**
	Of a webhook of Plex, which brings a picture.
	*/
	hookBytes: number;
	/**
	Calls of one client a minute.
	*/
	perMinute: number;
	/**
	Wrong tokens of one client a minute, before it is told nothing more.
	*/
	refusalsPerMinute: number;
	/**
	At once. More would take the file handles that the catalogue needs.
	*/
	connections: number;
	headersMs: number;
	requestMs: number;
	/**
	A connection on which nothing moves for so long is closed; longer than a heartbeat.
	*/
	idleMs: number;
	streams: number;
	streamBytes: number;
	heartbeatMs: number;
};

export const defaultLimits: ApiLimits = {
	bodyBytes: 65_536,
	hookBytes: 2 * 1_048_576,
	perMinute: 600,
	refusalsPerMinute: 20,
	connections: 2000,
	headersMs: 10_000,
	requestMs: 15_000,
	idleMs: 60_000,
	streams: 32,
	streamBytes: 1_048_576,
	heartbeatMs: 15_000,
};
