import type {DemoFault} from '../source/demo/knobs/faults.js';

/**
The watched libraries of the demo server.
*/
export const soakedLibraries = ['Films', 'Series', 'Classics'];

/**
An order for `restless-demo`; `pick` chooses the item.
*/
export type Deed =
	| {deed: 'add' | 'edit' | 'remove' | 'rekey' | 'replace' | 'watch'; pick: number}
	| {deed: 'unplug' | 'replug' | 'drop' | 'requests'}
	| {deed: 'freeze'; isFrozen: boolean}
	| {deed: 'refuse'; status?: number}
	| {deed: 'faults'; faults: DemoFault[]}
	| {deed: 'compare'; folder: string};

