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
How many items each library has. One that is not counted yet is taken to be as large as those that are, on average, and one that is done without an item needed next to no work.
*/
const sizesOf = (libraries: ReadonlyArray<Pick<Counted, 'expected' | 'phase'>>): number[] => {
	const counted = libraries.filter(({expected}) => expected > 0);
	const usual = counted.length === 0 ? 1 : counted.reduce((sum, {expected}) => sum + expected, 0) / counted.length;
	return libraries.map(({expected, phase}) => expected > 0 ? expected : (phase === 'done' ? 1 : usual));
};

/**
How much of a run is done. A library weighs as much as it has items, so that a count may change the weights; the share then waits until what is done has caught up with it.
*/
export const shareOfRun = (libraries: ReadonlyArray<Pick<Counted, 'share' | 'expected' | 'phase'>>, {share, isRunning}: {share: number; isRunning: boolean}): number => {
	const sizes = sizesOf(libraries);
	const all = sizes.reduce((sum, size) => sum + size, 0);
	const done = libraries.reduce((sum, library, index) => sum + (library.share * sizes[index]!), 0);
	const mean = all === 0 ? (isRunning ? 0 : 1) : done / all;
	return Math.max(share, isRunning ? Math.min(mostBeforeEnd, mean) : mean);
};

/**
How many items a run will have seen at its end, and whether that is an estimate because libraries are still to be counted.
*/
export const expectedOfRun = (libraries: ReadonlyArray<Pick<Counted, 'expected' | 'phase'>>): {items: number; isEstimate: boolean} => {
	const isEstimate = libraries.some(({expected, phase}) => expected === 0 && (phase === 'waiting' || phase === 'counting'));
	const sizes = isEstimate ? sizesOf(libraries) : libraries.map(({expected}) => expected);
	return {items: Math.round(sizes.reduce((sum, size) => sum + size, 0)), isEstimate};
};

/**
Rounds down, so that 100 means that everything is done.
*/
export const percentOf = (share: number): number => Math.floor((share * 100) + 1e-9);
