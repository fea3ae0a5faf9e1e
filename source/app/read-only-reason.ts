import type {LockHolder} from '../catalog/catalog-store.js';

/**
Who writes while this process only reads, as a sentence.
*/
export const readOnlyReason = (holder: LockHolder | undefined): string => holder === undefined
	? 'Another reelcat writes to this catalogue; this one only reads.'
	: `Another reelcat (process ${holder.pid} on ${holder.host}, since ${holder.startedAt}) writes to this catalogue; this one only reads.`;
