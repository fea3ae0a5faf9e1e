import type {ItemType} from '../catalog/types.js';
import type {Phase} from './events.js';
import {importedTypes} from './library-record.js';

/**
What the share of one library is made of.
*/
type Counted = {
	type: string;
	phase: Phase;
	expected: number;
	done: number;
	/**
	The share that was shown last, from 0 to 1.
	*/
	share: number;
	/**
	Whether all types were counted before the first was listed.
	*/
	isCountedFirst: boolean;
	/**
	The type that is listed now.
	*/
	listedType: ItemType | undefined;
};

/**
1 is shown only at the end.
*/
const mostBeforeEnd = 0.99;

/**
How much of a library is done. It never falls, although the number of expected items may grow while a library is listed, and it stands still while types that will be listed later are not counted yet.
*/
export const shareOfLibrary = ({type, phase, expected, done, share, isCountedFirst, listedType}: Counted): number => {
	if (phase === 'done') {
		return 1;
	}

	const isCounted = isCountedFirst || listedType === undefined || listedType === importedTypes(type).at(-1);
	return isCounted && expected > 0 ? Math.max(share, Math.min(mostBeforeEnd, done / expected)) : share;
};

/**
How much of a run is done. All libraries weigh the same: those that follow are not counted yet, and a weight that changes would let the share fall.
*/
export const shareOfRun = (libraries: ReadonlyArray<{share: number}>, {share, isRunning}: {share: number; isRunning: boolean}): number => {
	const sum = libraries.reduce((total, library) => total + library.share, 0);
	const mean = libraries.length === 0 ? (isRunning ? 0 : 1) : sum / libraries.length;
	return Math.max(share, isRunning ? Math.min(mostBeforeEnd, mean) : mean);
};

/**
Rounds down, so that 100 means that everything is done.
*/
export const percentOf = (share: number): number => Math.floor((share * 100) + 1e-9);
