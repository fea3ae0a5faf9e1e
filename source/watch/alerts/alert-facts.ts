import type {HeldReason} from '../../catalog/types.js';

/**
What alerts are judged by. A part that is absent is unknown at the moment, and its alerts stay as they are.
*/
export type AlertFacts = {
	/**
	The start of this process, as an ISO instant.
	*/
	startedAt: string;
	libraries?: readonly LibraryFacts[] | undefined;
	server?: ServerFacts | undefined;
	/**
	`refused` needs a second 401, because a server that is starting may refuse a good token.
	*/
	token?: 'works' | 'refused' | undefined;
	disk?: DiskFacts | undefined;
	storage?: StorageFacts | undefined;
	channels?: readonly ChannelFacts[] | undefined;
	backups?: readonly BackupFacts[] | undefined;
};

export type LibraryFacts = {
	id: string;
	title: string;
	/**
	Failures in a row, in this process.
	*/
	failures: number;
	fault?: string | undefined;
	/**
	The end of the last successful run over the whole library, in this process or an earlier one. A new process starts with no failures, so only a newer instant shows that the library is well.
	*/
	lastRunAt?: string | undefined;
	held: number;
	heldReason?: HeldReason | undefined;
	differences?: number | undefined;
	folders?: ReadonlyArray<{path: string; isUnavailable: boolean | undefined}>;
};

type ServerFacts = {
	name?: string | undefined;
	isReachable: boolean;
	/**
	Since the start of this process.
	*/
	hasBeenReached: boolean;
	fault?: string | undefined;
};

export type DiskFacts = {
	folder: string;
	freeBytes: number;
	catalogueBytes: number;
};

export type BackupFacts = {
	file: string;
	/**
	Undefined until this process has checked it.
	*/
	problems: readonly string[] | undefined;
};

/**
Why nothing can be saved, if that is so.
*/
export type StorageFacts = {
	fault?: {message: string; hint?: string | undefined} | undefined;
};

export type ChannelFacts = {
	name: string;
	failures: number;
	fault?: string | undefined;
};

export const defaultAlertLimits = {
	failures: 3,
	unreachableMs: 10 * 60_000,
	/**
	Replaces `unreachableMs` until the server has been reached once, because after a power cut this machine may be up first.
	*/
	startGraceMs: 15 * 60_000,
	/**
	Free space on the disk, whatever the size of the catalogue.
	*/
	freeBytes: 2 ** 30,
	/**
	Free space in sizes of the catalogue: a rewrite needs one, and a backup may need another.
	*/
	freeCatalogues: 2,
	/**
	The disk is well again when it has this many times the required free space.
	*/
	freeAgainFactor: 1.25,
	channelFailures: 5,
};

export type AlertLimits = Readonly<typeof defaultAlertLimits>;
