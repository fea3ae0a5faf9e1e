/**
When something is bad enough to tell a person.
*/
export type AlertLimits = {
	/**
	Failures of a library one after the other.
	*/
	failures: number;
	/**
	How long the server must be away.
	*/
	unreachableMs: number;
	/**
	The same for a server that has not been reached since the start: after a power cut this machine may be up before it.
	*/
	startGraceMs: number;
	/**
	Free room on the disk, whatever the size of the catalogue.
	*/
	freeBytes: number;
	/**
	Free room in catalogues: a rewrite needs one of them, and a backup may come on top.
	*/
	freeCatalogues: number;
	/**
	How much more than the limit must be free for the disk to be well again.
	*/
	freeAgainFactor: number;
	/**
	Failures of a notification channel one after the other.
	*/
	channelFailures: number;
};

export const defaultAlertLimits: AlertLimits = {
	failures: 3,
	unreachableMs: 10 * 60_000,
	startGraceMs: 15 * 60_000,
	freeBytes: 2 ** 30,
	freeCatalogues: 2,
	freeAgainFactor: 1.25,
	channelFailures: 5,
};
