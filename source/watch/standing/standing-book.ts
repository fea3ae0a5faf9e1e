import {isAppError} from '../../base/errors.js';
import type {Faults} from '../faults.js';
import type {StandingFiles} from './standing-files.js';
import {toldAll, type StandingState} from './standing-state.js';

type StandingBookOptions = {
	files: StandingFiles;
	/**
	Whether the notice of a batch was told, or is about to be.
	*/
	isTold: (batch: string) => Promise<boolean>;
	newBatch: () => string;
	faults: Faults;
};

/**
The states of all standing queries, each in memory and in its file.
*/
export const createStandingBook = ({files, isTold, newBatch, faults}: StandingBookOptions) => {
	const states = new Map<string, StandingState>();
	const loaded = new Set<string>();
	const behind = new Set<string>();
	let names: ReadonlySet<string> | undefined;

	const load = async (name: string) => {
		const state = await files.load(name);
		loaded.add(name);
		behind.add(name);
		if (state !== undefined) {
			// The process may have ended after the notice was saved and before this was.
			states.set(name, await isTold(state.batch) ? toldAll(state, newBatch()) : state);
		}
	};

	const keep = async (name: string, state: StandingState) => {
		states.set(name, state);
		try {
			await files.save(name, state);
			faults.clear(`the file of ${name}`);
		} catch (error) {
			if (!isAppError(error)) {
				throw error;
			}

			faults.tell(`the file of ${name}`, `What @${name} finds could not be kept, so a restart may tell it again: ${error.message}`);
		}
	};

	return {
		/**
		Forgets all other queries.

		@throws AppError 'not-writable'
		*/
		async keepOnly(wanted: ReadonlySet<string>) {
			if (names !== undefined && isSameSet(names, wanted)) {
				return;
			}

			await files.keepOnly(wanted);
			names = wanted;
			const unwanted = loaded.values().filter(name => !wanted.has(name)).toArray();
			for (const name of unwanted) {
				loaded.delete(name);
				states.delete(name);
				behind.delete(name);
			}
		},
		/**
		The state from before; undefined if this query only notes where it stands.

		@throws AppError 'newer'
		*/
		async before({name, meaning}: {name: string; meaning: string}, revision: number): Promise<StandingState | undefined> {
			if (!loaded.has(name)) {
				await load(name);
			}

			const state = states.get(name);
			// A lower revision than before means that somebody restored a backup.
			return state?.meaning === meaning && state.revision <= revision ? state : undefined;
		},
		keep,
		/**
		Changes the state in memory only, for what may be lost.
		*/
		keepLightly(name: string, state: StandingState) {
			states.set(name, state);
		},
		states: () => [...states],
		/**
		Whether a query has missed changes, so that only a look at everything helps.
		*/
		isBehind: (name: string) => behind.has(name),
		fallBehind(name: string) {
			behind.add(name);
		},
		catchUp(name: string) {
			behind.delete(name);
		},
		/**
		Saves the light changes, too. So a backup that is restored afterwards is recognised by its revision.
		*/
		async close() {
			for (const [name, state] of states) {
				await keep(name, state);
			}
		},
	};
};

export type StandingBook = ReturnType<typeof createStandingBook>;

export const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => one.size === other.size && one.values().every(id => other.has(id));
