import {isLogName} from './log-name.js';

export type LogSize = {name: string; sizeBytes: number};

export type LogLimits = {
	count: number;
	totalBytes: number;
};

export const defaultLogLimits: LogLimits = {count: 50, totalBytes: 50_000_000};

/**
Which logs must go, so that the newest ones fit the limits. The newest stays however large it is; what is not named as a log is not ours to drop.
*/
export const logsToDrop = (files: readonly LogSize[], {count, totalBytes}: LogLimits = defaultLogLimits): string[] => {
	const newestFirst = files.filter(({name}) => isLogName(name)).toSorted((left, right) => right.name.localeCompare(left.name, 'en'));
	let kept = 0;
	let bytes = 0;
	let isFull = false;
	const dropped: string[] = [];
	for (const {name, sizeBytes} of newestFirst) {
		bytes += sizeBytes;
		// From the first one that does not fit on, so that what is kept has no holes.
		isFull ||= kept >= count || (bytes > totalBytes && kept > 0);
		if (isFull) {
			dropped.push(name);
		} else {
			kept++;
		}
	}

	return dropped;
};
