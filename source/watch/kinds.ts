/**
Names of modes, states and so on. They are apart from the schemas, because screens and the queue need them without zod.
*/

/**
What a job does with a library, from the quickest to the most thorough: `touch` reads single items again that the server named, `incremental` is what `reelcat sync` does, `full` compares everything, `audit` compares every stored field with the server and changes nothing.
*/
export const jobModes = ['touch', 'incremental', 'full', 'audit'] as const;
export type JobMode = typeof jobModes[number];

/**
`waiting`: between a failure and the next attempt. `parked`: given up until somebody wants it again.
*/
export const jobStates = ['queued', 'running', 'paused', 'waiting', 'parked', 'done', 'cancelled'] as const;
export type JobState = typeof jobStates[number];

export const jobTriggers = ['start', 'schedule', 'notification', 'catch-up', 'request', 'hook'] as const;
export type JobTrigger = typeof jobTriggers[number];

export const jobActions = ['pause', 'resume', 'cancel', 'retry', 'run-now', 'move-up', 'move-down'] as const;
export type JobAction = typeof jobActions[number];

export const libraryStates = ['idle', 'queued', 'running', 'paused', 'failing', 'parked', 'held', 'off'] as const;

export const alertKinds = ['sync-failing', 'unreachable', 'token-dead', 'removals-held', 'folder-unavailable', 'disk-low', 'saving-stopped', 'channel-broken', 'audit-differs', 'backup-bad'] as const;
export type AlertKind = typeof alertKinds[number];
