import {clean} from '../base/text/clean.js';
import {formatInstant} from '../base/text/format.js';
import type {LockHolder} from './catalog-store.js';

/**
Who a writer is, to a person.
*/
export const holderWords = ({pid, host, startedAt, servers = [], mayHaveEnded}: LockHolder): string => {
	const names = servers.map(({name}) => `"${clean(name).trim()}"`);
	return `process ${pid} on ${host}, since ${formatInstant(startedAt)}${names.length === 0 ? '' : `, for ${names.join(', ')}`}${mayHaveEnded ? ', unless it has ended, which a standby server cannot tell' : ''}`;
};

/**
How a sentence about other writers begins, with its verb.
*/
export const writesWords = (holder: LockHolder): string => {
	const {others = []} = holder;
	return others.length === 0
		? `Another reelcat (${holderWords(holder)}) writes`
		: `${others.length + 1} other reelcats (${[holder, ...others].map(one => holderWords(one)).join('; ')}) write`;
};
