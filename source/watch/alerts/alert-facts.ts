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

export type ServerFacts = {
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
