import {requireAppError} from '../../base/errors.js';
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

type Known = {
	/**
	Whether its file was read, or need not be.
	*/
	isLoaded: boolean;
	/**
	Absent if a query only notes where it stands.
	*/
	state: StandingState | undefined;
	/**
	The query has missed changes, so that only a look at everything helps.
	*/
	isBehind: boolean;
	/**
	What the query meant when it found too much. It is not asked again until it means something else, or everything is judged.
	*/
	refused: string | undefined;
};

/**
The states of all standing queries, each in memory and in its file.
*/
export const createStandingBook = ({files, isTold, newBatch, faults}: StandingBookOptions) => {
	const known = new Map<string, Known>();
	let names: ReadonlySet<string> | undefined;

	const load = async (name: string): Promise<Known> => {
		const state = await files.load(name);
		// The process may have ended after the notice was saved and before this was.
		const loaded: Known = {
			refused: known.get(name)?.refused, isLoaded: true, isBehind: true, state: state !== undefined && await isTold(state.batch) ? toldAll(state, newBatch()) : state,
		};
		known.set(name, loaded);
		return loaded;
	};

	const change = (name: string, changes: Partial<Known>) => {
		known.set(name, {
			isLoaded: false, isBehind: false, state: undefined, refused: undefined, ...known.get(name), ...changes,
		});
	};

	const states = () => known.entries().flatMap(([name, {state}]) => state === undefined ? [] : [[name, state] as const]).toArray();

	const keep = async (name: string, state: StandingState) => {
		change(name, {isLoaded: true, state});
		try {
			await files.save(name, state);
			faults.clear(`the file of ${name}`);
		} catch (error) {
			requireAppError(error);

			faults.tell(`the file of ${name}`, `What @${name} finds could not be saved, so a restart may tell it again: ${error.message}`);
		}
	};

	return {
		/**
		Forgets all other queries, and what was wrong with them.

		@throws AppError 'not-writable'
		*/
		async keepOnly(wanted: ReadonlySet<string>) {
			if (names !== undefined && isSameSet(names, wanted)) {
				return;
			}

			await files.keepOnly(wanted);
			names = wanted;
			const unwanted = known.keys().filter(name => !wanted.has(name)).toArray();
			for (const name of unwanted) {
				known.delete(name);
				faults.clear(name);
			}
		},
		/**
		The state from before; undefined if this query only notes where it stands.

		@throws AppError 'newer'
		*/
		async before({name, meaning}: {name: string; meaning: string}, revision: number): Promise<StandingState | undefined> {
			const kept = known.get(name);
			const {state} = kept?.isLoaded === true ? kept : await load(name);
			// A lower revision than before means that somebody restored a backup.
			return state?.meaning === meaning && state.revision <= revision ? state : undefined;
		},
		keep,
		/**
		Changes the state in memory only, for what may be lost.
		*/
		keepLightly(name: string, state: StandingState) {
			change(name, {isLoaded: true, state});
		},
		states,
		/**
		Whether a query has missed changes, so that only a look at everything helps.
		*/
		isBehind: (name: string) => known.get(name)?.isBehind === true,
		fallBehind(name: string) {
			change(name, {isBehind: true});
		},
		isRefused: ({name, meaning}: {name: string; meaning: string}) => known.get(name)?.refused === meaning,
		setRefused(name: string, refused: string | undefined) {
			change(name, {refused});
		},
		catchUp(name: string) {
			change(name, {isBehind: false});
		},
		/**
		Saves the light changes, too. So a backup that is restored afterwards is recognised by its revision.
		*/
		async close() {
			for (const [name, state] of states()) {
				await keep(name, state);
			}
		},
	};
};

export type StandingBook = ReturnType<typeof createStandingBook>;

export const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => one.size === other.size && one.values().every(id => other.has(id));
