import type {LogLevel} from './log-entry.js';

const priorities: Readonly<Record<LogLevel, string>> = {
	debug: '<7>', info: '<6>', warn: '<4>', error: '<3>',
};

/**
Makes what stands before a line of this level, as sd-daemon(3) describes it: the journal of systemd takes it away, and keeps it as the priority of the line. Without it every line counts as information, and `journalctl --priority err` shows none.

It is empty where `stdout` is no stream of the journal. The variable alone does not tell, because programs that a service starts have it, too.
*/
export const createJournalLevel = ({JOURNAL_STREAM: stream}: NodeJS.ProcessEnv, stdout: {dev: bigint; ino: bigint}): (level: LogLevel) => string =>
	stream === `${stdout.dev}:${stdout.ino}` ? level => priorities[level] : () => '';
