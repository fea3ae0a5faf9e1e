import {heldWords} from '../../catalog/library.js';
import {formatBytes, formatDurationMs, plural} from '../../base/text/format.js';
import type {AlertKind} from '../kinds.js';
import type {
	AlertFacts,
	AlertLimits,
	BackupFacts,
	ChannelFacts,
	DiskFacts,
	LibraryFacts,
	StorageFacts,
} from './alert-facts.js';

/**
What the facts say about one thing that may be wrong. `unclear` is neither bad enough to raise an alert nor good enough to end one.
*/
export type Finding = {
	kind: AlertKind;
	subject: string;
	verdict: 'wrong' | 'right' | 'unclear';
	message: string;
	hint: string;
	/**
	The beginning of a sentence about the recovery; the duration follows it.
	*/
	over: string;
	/**
	An alert that was raised with a mark ends only when the mark is another one.
	*/
	mark?: string | undefined;
};

type Away = {
	isAway: boolean;
	awayMs: number;
};

/**
The kinds that the facts cover. An open alert of such a kind without a finding is about something that no longer exists.
*/
export const knownKinds = ({libraries, server, token, disk, storage, channels, backups}: AlertFacts): ReadonlySet<AlertKind> => new Set<AlertKind>([
	...libraries === undefined ? [] : ['sync-failing', 'removals-held', 'folder-unavailable', 'audit-differs'] as const,
	...server === undefined ? [] : ['unreachable'] as const,
	...token === undefined ? [] : ['token-dead'] as const,
	...disk === undefined ? [] : ['disk-low'] as const,
	...storage === undefined ? [] : ['saving-stopped'] as const,
	...channels === undefined ? [] : ['channel-broken'] as const,
	...backups === undefined ? [] : ['backup-bad'] as const,
]);

/**
Findings in the order in which people are told.
*/
export const findings = (facts: AlertFacts, away: Away, limits: AlertLimits): Finding[] => {
	const {libraries = [], disk, storage, channels = [], backups = []} = facts;
	return [
		...storage === undefined ? [] : [savingStopped(storage)],
		...facts.server === undefined ? [] : [unreachable(facts.server, away, limits)],
		...facts.token === undefined ? [] : [tokenDead(facts.token, facts.server?.name)],
		...disk === undefined ? [] : [diskLow(disk, limits)],
		...libraries.flatMap(library => [syncFailing(library, limits), removalsHeld(library), ...foldersUnavailable(library), auditDiffers(library)]),
		...channels.map(channel => channelBroken(channel, limits)),
		...backups.map(backup => backupBad(backup)),
	];
};

/**
The subject of alerts about the server. A daemon has one server, whose id may be unknown while it cannot be reached.
*/
const theServer = 'server';

const unreachable = ({name = 'The server', hasBeenReached, fault}: NonNullable<AlertFacts['server']>, {isAway, awayMs}: Away, {unreachableMs, startGraceMs}: AlertLimits): Finding => {
	const limitMs = hasBeenReached ? unreachableMs : Math.max(unreachableMs, startGraceMs);
	return {
		kind: 'unreachable',
		subject: theServer,
		verdict: isAway ? (awayMs >= limitMs ? 'wrong' : 'unclear') : 'right',
		message: sentences(`${name} has not been reached for ${formatDurationMs(awayMs)}.`, fault),
		hint: 'Check that the server is on and in the network. reelcat keeps trying, and catches up afterwards.',
		over: `${name} can be reached again`,
	};
};

const tokenDead = (token: 'works' | 'refused', name = 'The server'): Finding => ({
	kind: 'token-dead',
	subject: theServer,
	verdict: token === 'refused' ? 'wrong' : 'right',
	message: `${name} no longer accepts the Plex token, so nothing can be synced.`,
	hint: 'Sign in again with "reelcat login", or give a new token with --token-file or PLEX_TOKEN.',
	over: `${name} accepts the Plex token again`,
});

const diskLow = ({folder, freeBytes, catalogueBytes}: DiskFacts, limits: AlertLimits): Finding => {
	const neededBytes = Math.max(limits.freeBytes, limits.freeCatalogues * catalogueBytes);
	const isEnough = freeBytes >= neededBytes * limits.freeAgainFactor;
	return {
		kind: 'disk-low',
		subject: folder,
		verdict: freeBytes < neededBytes ? 'wrong' : (isEnough ? 'right' : 'unclear'),
		message: `The disk of ${folder} is nearly full: ${formatBytes(freeBytes)} are free, ${formatBytes(neededBytes)} are needed.`,
		hint: 'Make room on it. What was saved is safe; a full disk only keeps new changes from being saved.',
		over: `The disk of ${folder} has room again (${formatBytes(freeBytes)} free)`,
	};
};

const savingStopped = ({fault}: StorageFacts): Finding => ({
	kind: 'saving-stopped',
	subject: 'catalogue',
	verdict: fault === undefined ? 'right' : 'wrong',
	message: sentences('Nothing can be saved.', fault?.message),
	hint: fault?.hint ?? 'Check the data folder and its disk.',
	over: 'Changes are saved again',
});

const syncFailing = ({id, title, failures, fault, lastRunAt}: LibraryFacts, limits: AlertLimits): Finding => ({
	kind: 'sync-failing',
	subject: id,
	verdict: failures >= limits.failures ? 'wrong' : (failures === 0 && lastRunAt !== undefined ? 'right' : 'unclear'),
	message: sentences(`${title} failed to sync ${plural(failures, 'time')} in a row.`, fault),
	hint: '"reelcat jobs" shows what is tried next, "reelcat runs" what happened.',
	over: `${title} syncs again`,
	mark: lastRunAt ?? '',
});

const removalsHeld = ({id, title, held, heldReason}: LibraryFacts): Finding => ({
	kind: 'removals-held',
	subject: id,
	verdict: held > 0 ? 'wrong' : 'right',
	message: [
		`${plural(held, `item of ${title} is`, `items of ${title} are`)} gone from the server at once.`,
		...heldReason === undefined ? [] : [heldWords[heldReason]],
		'They are kept until you accept the removal.',
	].join(' '),
	hint: 'If a disk is missing there, mount it, and they come back by themselves. "reelcat lost --held" lists them, "reelcat accept" removes them.',
	over: `Nothing of ${title} is held any more`,
});

const foldersUnavailable = ({id, title, folders = []}: LibraryFacts): Finding[] => folders.map(({path, isUnavailable}) => ({
	kind: 'folder-unavailable',
	subject: `${id} ${path}`,
	verdict: isUnavailable === undefined ? 'unclear' : (isUnavailable ? 'wrong' : 'right'),
	message: `Everything that ${title} has in ${path} is unavailable: it is in the trash of the server, or its files cannot be found.`,
	hint: 'If a disk is missing there, mount it and scan the library. "reelcat lost --trash" lists what is unavailable.',
	over: `${path} of ${title} is available again`,
}));

const auditDiffers = ({id, title, differences}: LibraryFacts): Finding => ({
	kind: 'audit-differs',
	subject: id,
	verdict: differences === undefined ? 'unclear' : (differences > 0 ? 'wrong' : 'right'),
	message: `The audit of ${title} found ${plural(differences ?? 0, 'item that differs', 'items that differ')} from the server.`,
	hint: '"reelcat verify --server" lists them, "reelcat sync --full" corrects them.',
	over: `The catalogue matches the server for ${title}`,
});

const channelBroken = ({name, failures, fault}: ChannelFacts, limits: AlertLimits): Finding => ({
	kind: 'channel-broken',
	subject: name,
	verdict: failures >= limits.channelFailures ? 'wrong' : (failures === 0 ? 'right' : 'unclear'),
	message: sentences(`The notification channel ${name} failed ${plural(failures, 'time')} in a row.`, fault),
	hint: `"reelcat notify test ${name}" tries it. Notices that it did not accept are tried again for a day.`,
	over: `The notification channel ${name} works again`,
});

const backupBad = ({file, problems}: BackupFacts): Finding => ({
	kind: 'backup-bad',
	subject: file,
	verdict: problems === undefined ? 'unclear' : (problems.length === 0 ? 'right' : 'wrong'),
	message: sentences(`The backup ${file} cannot be restored.`, problems?.[0]),
	hint: '"reelcat backup" makes a new one, "reelcat backup --check --read-data" checks all. Look at the disk, too: a backup was in order when it was made.',
	over: `The backup ${file} is in order`,
});

const sentences = (first: string, second: string | undefined) => second === undefined ? first : `${first} ${second}`;
