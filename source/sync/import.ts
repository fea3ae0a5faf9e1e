import type {Section} from '../plex/types.js';
import type {ImportResult} from './events.js';
import {defaultPace, planImport} from './plan.js';
import {runLibraries, type RunOptions} from './run.js';

export type ImportTarget = {
	section: Section;
	/**
	Only these items of the section.
	*/
	ratingKeys?: readonly string[];
};

export type ImportOptions = Omit<RunOptions, 'command' | 'targets'> & {targets: readonly ImportTarget[]};

/**
Import libraries, whatever is stored of them, as `runLibraries` does.
*/
export const importLibraries = async ({targets, ...options}: ImportOptions): Promise<ImportResult> => {
	const {libraries} = options.store.header();
	return runLibraries({
		...options,
		command: 'import',
		targets: targets.map(({section, ratingKeys}) => ({
			section, plan: planImport(libraries.find(({id}) => id === section.id), options.pace ?? defaultPace, ratingKeys),
		})),
	});
};
