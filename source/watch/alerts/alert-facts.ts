/**
What alerts are judged by. A part that is absent is not known at the moment: whatever was said of it stays.
*/
export type AlertFacts = {
	/**
	Of this process; an instant.
	*/
	startedAt: string;
	/**
	All that are watched.
	*/
	libraries?: readonly LibraryFacts[] | undefined;
	server?: ServerFacts | undefined;
	/**
	`refused`: by 401, and confirmed, since a server that starts up may refuse a good one.
	*/
	token?: 'works' | 'refused' | undefined;
	disk?: DiskFacts | undefined;
	/**
	All that there are.
	*/
	channels?: readonly ChannelFacts[] | undefined;
};

export type LibraryFacts = {
	id: string;
	title: string;
	/**
	One after the other, in this process.
	*/
	failures: number;
	/**
	Why it failed last, a sentence.
	*/
	fault?: string | undefined;
	/**
	When a look at all of it last ended well, in this process or one before. A process that has just begun counts no failures; only a new instant here shows that the library is well.
	*/
	lastRunAt?: string | undefined;
	/**
	Items whose removal waits for a person.
	*/
	held: number;
	/**
	Found by the last audit.
	*/
	differences?: number | undefined;
};

type ServerFacts = {
	name?: string | undefined;
	isReachable: boolean;
	/**
	Since the start of this process.
	*/
	hasBeenReached: boolean;
	/**
	Why it cannot be reached, a sentence.
	*/
	fault?: string | undefined;
};

export type DiskFacts = {
	folder: string;
	freeBytes: number;
	catalogueBytes: number;
};

export type ChannelFacts = {
	name: string;
	failures: number;
	fault?: string | undefined;
};

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
