import type {DemoFault} from '../source/demo/knobs/faults.js';

/**
Of the demo server, those that are watched.
*/
export const soakedLibraries = ['Films', 'Series', 'Classics'];

/**
What `restless-demo` is told to do; `pick` chooses the item that it happens to.
*/
export type Deed =
	| {deed: 'add' | 'edit' | 'remove' | 'rekey' | 'replace' | 'watch'; pick: number}
	| {deed: 'unplug' | 'replug' | 'drop' | 'requests'}
	| {deed: 'freeze'; isFrozen: boolean}
	| {deed: 'refuse'; status?: number}
	| {deed: 'faults'; faults: DemoFault[]}
	| {deed: 'compare'; folder: string};

